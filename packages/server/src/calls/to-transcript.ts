import {
  type ConversationEvent,
  countUnits,
  EXTRACT_TOOL,
  FLOW_TASK_PREFIX,
  type JournalEntry,
  joinWords,
  REMEMBER_TOOL,
} from "@earshot/engine";
import type { TranscriptLine } from "./call.ts";

type Line = { role: TranscriptLine["role"]; text: string; atMs: number; wasCutOff?: true };
/** Counts of words. `ordered`: as the order to start it gave them; `generated`: without markup. */
type Reply = { readonly ordered: number; generated: number; line: Line | undefined };
type Fold = {
  readonly lines: Line[];
  readonly utteranceStarts: Map<number, number>;
  readonly replies: Map<string, Reply>;
  readonly tools: Map<string, Line>;
};

/** What either side heard of the other, in the order in which it began. */
export function toTranscript(entries: readonly JournalEntry[]): TranscriptLine[] {
  const fold: Fold = { lines: [], utteranceStarts: new Map(), replies: new Map(), tools: new Map() };
  for (const { event, effects } of entries) {
    addTasks(fold, effects, event.atMs);
    for (const effect of effects)
      if (effect.type === "start-reply")
        fold.replies.set(effect.replyId, {
          ordered: countUnits(effect.say ?? ""),
          generated: 0,
          line: undefined,
        });
    apply(fold, event);
  }
  for (const { ordered, generated, line } of fold.replies.values()) {
    const meant = generated === 0 ? ordered : generated;
    if (line !== undefined && countUnits(line.text) < meant) line.wasCutOff = true;
  }
  return fold.lines.filter(({ text }) => text !== "").toSorted((a, b) => a.atMs - b.atMs);
}

function apply(fold: Fold, event: ConversationEvent): void {
  switch (event.type) {
    case "caller-speech-started":
      fold.utteranceStarts.set(event.utteranceId, event.firstSampleAtMs);
      return;
    case "transcript-final":
      add(fold, { role: "caller", text: event.text, atMs: fold.utteranceStarts.get(event.utteranceId) ?? event.atMs });
      return;
    case "digit-pressed":
      addDigit(fold, event.digit, event.atMs);
      return;
    case "reply-sentence":
      addSentence(fold, event.replyId, event.text);
      return;
    case "reply-audio-started":
      replyOf(fold, event.replyId).line ??= add(fold, { role: "agent", text: "", atMs: event.atMs });
      return;
    case "reply-heard":
      addHeard(fold, event);
      return;
    case "tool-requested":
      // Nobody said or heard it: the call's values show what was kept.
      if (event.name === REMEMBER_TOOL) return;
      fold.tools.set(event.toolCallId, add(fold, { role: "tool", text: event.name, atMs: event.atMs }));
      return;
    case "tool-finished":
      addToolResult(fold, event);
      return;
    default:
      return;
  }
}

/** Tools that a flow had run by itself: no model asked for them. */
function addTasks(fold: Fold, effects: JournalEntry["effects"], atMs: number): void {
  for (const effect of effects) {
    if (effect.type !== "run-tool" && effect.type !== "extract-values") continue;
    if (!effect.toolCallId.startsWith(FLOW_TASK_PREFIX)) continue;
    const text = effect.type === "run-tool" ? effect.name : EXTRACT_TOOL;
    fold.tools.set(effect.toolCallId, add(fold, { role: "tool", text, atMs }));
  }
}

function add(fold: Fold, line: Line): Line {
  fold.lines.push(line);
  return line;
}

function addDigit(fold: Fold, digit: string, atMs: number): void {
  const last = fold.lines.at(-1);
  if (last?.role === "caller" && last.text.startsWith("pressed ")) last.text += ` ${digit}`;
  else add(fold, { role: "caller", text: `pressed ${digit}`, atMs });
}

function addSentence(fold: Fold, replyId: string, text: string): void {
  replyOf(fold, replyId).generated += countUnits(text);
}

function addHeard(fold: Fold, event: ConversationEvent & { type: "reply-heard" }): void {
  const reply = replyOf(fold, event.replyId);
  reply.line ??= add(fold, { role: "agent", text: "", atMs: event.atMs });
  reply.line.text = joinWords(reply.line.text, event.text.replace(/\s+/g, " "));
}

function addToolResult(fold: Fold, event: ConversationEvent & { type: "tool-finished" }): void {
  const line = fold.tools.get(event.toolCallId);
  if (line !== undefined) line.text += event.outcome === "failed" ? ` failed: ${event.result}` : `: ${event.result}`;
}

function replyOf(fold: Fold, replyId: string): Reply {
  const reply = fold.replies.get(replyId) ?? { ordered: 0, generated: 0, line: undefined };
  fold.replies.set(replyId, reply);
  return reply;
}
