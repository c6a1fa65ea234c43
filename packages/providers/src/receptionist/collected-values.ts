import type { ReplyRequest } from "@earshot/engine";
import { readState } from "./read-state.ts";
import type { SlotValue } from "./understand/parse-answer.ts";

/** The variables that the caller has told so far, by name. */
export function collectedValues(
  request: Pick<ReplyRequest, "messages" | "variables">,
): Readonly<Record<string, SlotValue>> {
  const state = readState({ system: "", tools: [], ...request });
  const names = new Set((request.variables ?? []).map((variable) => variable.name));
  return Object.fromEntries(
    [...state.values].filter(([key]) => names.has(key)).map(([key, { value }]) => [key, value]),
  );
}
