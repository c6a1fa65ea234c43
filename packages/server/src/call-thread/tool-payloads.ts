import { hmsToolPayload } from "../dialects/hms/tool-calls.ts";
import { wordcabToolPayload } from "../dialects/wordcab/tool-call.ts";
import type { ToolPayloads } from "../tools/tool-payload.ts";

/** How the tools of each vendor's agents are asked. */
export const toolPayloads: ToolPayloads = new Map([
  ["hms", hmsToolPayload],
  ["wordcab", wordcabToolPayload],
]);
