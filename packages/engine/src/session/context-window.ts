/** Which part of a long call the language model gets word by word. */

import type { Conversation, Utterance } from "../conversation/conversation.ts";
import type { Message } from "../conversation/message.ts";
import type { Scene } from "./scene.ts";

/** A common rule of thumb; no two models count alike. */
const CHARS_PER_TOKEN = 4;

export type WindowLimits = Pick<Scene, "contextTurns" | "contextTokens">;

/** The conversation with the newest part of its history, and every note. */
export function inWindow(now: Conversation, limits: WindowLimits): Conversation {
  const from = windowStart(now.history, limits);
  return from === 0 ? now : { ...now, history: now.history.filter((said, index) => index >= from || isNote(said)) };
}

/** What was summed up of the part that is left out, as a message to stand before the rest. */
export function toldBefore(now: Conversation, limits: WindowLimits): Message[] {
  const { summary } = now;
  if (summary === undefined || windowStart(now.history, limits) === 0) return [];
  return [{ role: "instruction", text: `What was said earlier in this call, in short: ${summary.text}` }];
}

/**
 * Where the window begins: the newest words of the caller with all behind them, and as much before them as the limits
 * allow. What one side says until the other speaks is one turn.
 */
export function windowStart(history: readonly Utterance[], limits: WindowLimits): number {
  const { contextTurns = Number.POSITIVE_INFINITY, contextTokens = Number.POSITIVE_INFINITY } = limits;
  let from = Math.max(
    0,
    history.findLastIndex(({ role }) => role === "caller"),
  );
  while (history[from - 1]?.role === "caller") from--;
  let chars = history.slice(from).reduce((sum, said) => sum + charsOf(said), 0);
  let speaker = "";
  let turns = 0;
  for (let index = from - 1; index >= 0; index--) {
    const said = history[index];
    if (said === undefined || isNote(said)) continue;
    const side = said.role === "caller" ? "caller" : "agent";
    if (side !== speaker) turns++;
    speaker = side;
    chars += charsOf(said);
    if (turns > contextTurns || chars > contextTokens * CHARS_PER_TOKEN) return from;
    from = index;
  }
  return 0;
}

/** Notes go whatever the limit. */
export function isNote(said: Utterance): boolean {
  return said.role === "instruction" || (said.role === "tool" && said.isLate === true);
}

function charsOf(said: Utterance): number {
  if (said.role === "tool") return said.result.length;
  const calls = said.role === "agent" ? (said.toolCalls ?? []) : [];
  return calls.reduce((sum, call) => sum + call.arguments.length, said.text.length);
}
