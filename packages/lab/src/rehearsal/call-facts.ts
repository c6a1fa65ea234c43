/** What a call's journal says about what scenarios ask for. Pure. */
import type { JournalEntry } from "@earshot/sdk";

type Event = JournalEntry["event"];

export type ToolRun = {
  readonly name: string;
  readonly arguments: unknown;
  readonly outcome: "succeeded" | "failed" | undefined;
  readonly atMs: number;
};

/** A reply, from its first sound to its end. */
export type ReplySpan = {
  readonly id: string;
  readonly purpose: string;
  readonly orderedAtMs: number;
  readonly audibleAtMs: number | undefined;
  readonly endedAtMs: number | undefined;
  readonly wasCancelled: boolean;
};

/** Every tool that the agent asked for, in order. */
export function toToolRuns(journal: readonly JournalEntry[]): readonly ToolRun[] {
  const outcomes = new Map(
    eventsOf(journal, "tool-finished").map((event) => [textOf(event, "toolCallId"), textOf(event, "outcome")]),
  );
  return eventsOf(journal, "tool-requested").map((event) => ({
    name: textOf(event, "name"),
    arguments: parseJson(textOf(event, "arguments")),
    outcome: outcomes.get(textOf(event, "toolCallId")) as ToolRun["outcome"],
    atMs: event.atMs,
  }));
}

/** What the agent has learnt by name, the newest value of each. */
export function toLearntValues(journal: readonly JournalEntry[]): Readonly<Record<string, unknown>> {
  return Object.assign({}, ...eventsOf(journal, "values-learnt").map((event) => event["values"]));
}

export function toReplySpans(journal: readonly JournalEntry[]): readonly ReplySpan[] {
  const spans = new Map<string, ReplySpan>();
  for (const { atMs, event, effects } of journal) {
    const id = textOf(event, "replyId");
    const span = spans.get(id);
    if (span !== undefined && event.type === "reply-audio-started") spans.set(id, { ...span, audibleAtMs: atMs });
    if (span !== undefined && ["reply-ended", "reply-cancelled", "reply-failed"].includes(event.type))
      spans.set(id, { ...span, endedAtMs: atMs, wasCancelled: event.type === "reply-cancelled" });
    for (const effect of effects) {
      if (effect.type !== "start-reply") continue;
      const replyId = String(effect["replyId"]);
      spans.set(replyId, {
        id: replyId,
        purpose: String(effect["purpose"]),
        orderedAtMs: atMs,
        audibleAtMs: undefined,
        endedAtMs: undefined,
        wasCancelled: false,
      });
    }
  }
  return [...spans.values()];
}

/** The reply that was heard at a moment of the call. */
export function replyAt(spans: readonly ReplySpan[], atMs: number): ReplySpan | undefined {
  return spans.find(
    ({ audibleAtMs, endedAtMs }) => audibleAtMs !== undefined && audibleAtMs <= atMs && atMs <= (endedAtMs ?? Infinity),
  );
}

/** Words heard of the agent from a moment on. */
export function heardSince(journal: readonly JournalEntry[], fromMs: number): string {
  return eventsOf(journal, "reply-heard")
    .filter(({ atMs }) => atMs >= fromMs)
    .map((event) => textOf(event, "text"))
    .join(" ");
}

function eventsOf(journal: readonly JournalEntry[], type: string): readonly Event[] {
  return journal.map(({ event }) => event).filter((event) => event.type === type);
}

function textOf(event: Event, field: string): string {
  const value = event[field];
  return typeof value === "string" ? value : "";
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
