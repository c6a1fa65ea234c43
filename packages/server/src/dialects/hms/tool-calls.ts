/** The webhook tool-calls: the model asks the customer's server for something, and hears what it answers. */
import type { ToolOutcome } from "@earshot/engine";
import type { OpenToolPayload } from "../../tools/tool-payload.ts";
import { hmsHeaders, toMessage } from "./webhook-message.ts";

const EVENT = "tool-calls";

/** How HMS customers' servers are asked: see its documentation of tool-calls. */
export const hmsToolPayload: OpenToolPayload = ({ call, agent }) => ({
  encode: ({ toolCallId, name, arguments: given, at }) => ({
    message: {
      ...toMessage(EVENT, call, { timestamp: at, status: "in-progress", agent }),
      tool_call_list: [{ id: toolCallId, type: "function", function: { name, arguments: given } }],
    },
  }),
  headers: (signing) => hmsHeaders(EVENT, signing),
  decode: toToolOutcome,
});

/** An answer in any of the forms: a list of results, one result, an object that is the result, or an error. */
export function toToolOutcome(text: string, toolCallId: string): ToolOutcome {
  const answer = parse(text);
  if (!isObject(answer)) return { outcome: "succeeded", result: text };
  if (Array.isArray(answer["results"])) {
    const results = answer["results"].filter(isObject);
    const own = results.find((each) => each["tool_call_id"] === toolCallId) ?? results[0];
    if (own === undefined) return { outcome: "failed", result: "The tool's server gave no result." };
    return toOutcome(own);
  }
  return toOutcome(answer);
}

function toOutcome(answer: Readonly<Record<string, unknown>>): ToolOutcome {
  const { error, result } = answer;
  if (error !== undefined && error !== null && error !== false) return { outcome: "failed", result: toText(error) };
  return { outcome: "succeeded", result: toText(result === undefined ? answer : result) };
}

function toText(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
