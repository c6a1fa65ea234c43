import { type ReplyRequest, SAVE_VALUES_TOOL } from "@earshot/engine";
import { collectedValues } from "./collected-values.ts";
import { call, type Reply } from "./reply.ts";

/** The one thing to do where nothing but values are wanted. */
export function noteValues(request: ReplyRequest): Reply | undefined {
  const isWanted = request.tools.length === 1 && request.tools[0]?.name === SAVE_VALUES_TOOL;
  return isWanted ? call(SAVE_VALUES_TOOL, collectedValues(request)) : undefined;
}
