import type { ReplyRequest } from "@earshot/engine";
import type { ChatHistoryItem } from "node-llama-cpp";
import { type ChatTurn, toChatTurns } from "../chat-turns.ts";

/** A call in the shape that node-llama-cpp wants; the last item is the answer that the model is to write. */
export function toChatHistory(request: ReplyRequest): ChatHistoryItem[] {
  const turns = toChatTurns(request.messages).map(toItem);
  const system: ChatHistoryItem[] = request.system.trim() === "" ? [] : [{ type: "system", text: request.system }];
  const isOpen = turns.at(-1)?.type === "model";
  return [...system, ...turns, ...(isOpen ? [] : [{ type: "model" as const, response: [] }])];
}

function toItem(turn: ChatTurn): ChatHistoryItem {
  if (turn.role === "user") return { type: "user", text: turn.text };
  const calls = turn.calls.map((call) => ({
    type: "functionCall" as const,
    name: call.name,
    params: call.arguments,
    result: call.outcome === "failed" ? { error: call.result } : call.result,
  }));
  return { type: "model", response: [...(turn.text === "" ? [] : [turn.text]), ...calls] };
}
