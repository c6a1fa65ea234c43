/** What a language model is asked so that a long call can be told in short. */

import type { Conversation, Utterance } from "../conversation/conversation.ts";
import type { ReplyRequest } from "../models/language-model.ts";
import { isNote, type WindowLimits, windowStart } from "./context-window.ts";

const MAX_OUTPUT_TOKENS = 400;
/** Of what is summed up at once; the newest of it is kept. */
const MAX_TRANSCRIPT_CHARS = 24_000;
const MAX_RESULT_CHARS = 500;

const SYSTEM = [
  "You keep the notes of a phone call for the agent who is having it.",
  "Write what the agent must still know later on, in at most 150 words of plain text and in the caller's language:",
  "who the caller is and wants, every name, number, date and amount as it was said, what was found out, done and",
  "promised, what is still open. Leave out greetings. Write the notes alone.",
].join("\n");

/**
 * Up to when the call should be summed up now; undefined while everything fits, or is summed up already. It reaches into
 * the window, so that not every turn needs another summary.
 */
export function summaryDue(now: Conversation, limits: WindowLimits): number | undefined {
  // As the window stands at the caller's next turn.
  const history: Utterance[] = [...now.history, { role: "caller", text: "", atMs: Number.POSITIVE_INFINITY }];
  const doneMs = now.summary?.upToMs ?? -1;
  const left = windowStart(history, limits);
  if (!history.slice(0, left).some((said) => said.atMs > doneMs && !isNote(said))) return undefined;
  let end = windowStart(history, half(limits));
  // What was said at one and the same time is summed up together.
  while (end > 0 && history[end - 1]?.atMs === history[end]?.atMs) end--;
  const upToMs = history[end - 1]?.atMs;
  return upToMs === undefined || upToMs <= doneMs ? undefined : upToMs;
}

/** Asks for a summary of all up to `upToMs`, from the one before and what was said since. */
export function toSummaryRequest({ history, summary }: Conversation, upToMs: number): ReplyRequest {
  const said = history.filter(({ atMs }) => atMs > (summary?.upToMs ?? -1) && atMs <= upToMs);
  const lines = said.filter((line) => !isNote(line)).map(toLine);
  const before = summary === undefined ? "" : `# Your notes so far\n${summary.text}\n\n`;
  const text = `${before}# What was said since\n${lines.join("\n").slice(-MAX_TRANSCRIPT_CHARS)}`;
  return {
    system: SYSTEM,
    messages: [{ role: "caller", text }],
    tools: [],
    temperature: 0,
    maxOutputTokens: MAX_OUTPUT_TOKENS,
  };
}

function half({ contextTurns, contextTokens }: WindowLimits): WindowLimits {
  return {
    ...(contextTurns === undefined ? {} : { contextTurns: Math.floor(contextTurns / 2) }),
    ...(contextTokens === undefined ? {} : { contextTokens: Math.floor(contextTokens / 2) }),
  };
}

function toLine(said: Utterance): string {
  if (said.role === "tool") return `Tool ${said.name} ${said.outcome}: ${said.result.slice(0, MAX_RESULT_CHARS)}`;
  return `${said.role === "caller" ? "Caller" : "Agent"}: ${said.text}`;
}
