import type { Message } from "@earshot/engine";
import type { ModelMessage } from "ai";
import { type ChatCall, type ChatTurn, toChatTurns } from "./chat-turns.ts";

/** A call's messages as the `ai` package wants them. */
export function toModelMessages(messages: readonly Message[]): ModelMessage[] {
  return toChatTurns(messages).flatMap(toMessages);
}

function toMessages(turn: ChatTurn): ModelMessage[] {
  if (turn.role === "user") return [{ role: "user", content: turn.text }];
  const text = turn.text === "" ? [] : [{ type: "text" as const, text: turn.text }];
  const toolCalls = turn.calls.map((call) => ({
    type: "tool-call" as const,
    toolCallId: call.id,
    toolName: call.name,
    input: call.arguments,
  }));
  const spoken: ModelMessage = { role: "assistant", content: [...text, ...toolCalls] };
  return turn.calls.length === 0 ? [spoken] : [spoken, { role: "tool", content: turn.calls.map(toResult) }];
}

function toResult(call: ChatCall) {
  return {
    type: "tool-result" as const,
    toolCallId: call.id,
    toolName: call.name,
    output: { type: call.outcome === "failed" ? ("error-text" as const) : ("text" as const), value: call.result },
  };
}
