/** What a journal says about the agent's replies. Pure. */
import type { JournalEntry, ReplyPurpose } from "@earshot/engine";

/** A reply, from the order to its end; drafts that nobody heard are none. */
export type ReplySpan = {
  readonly id: string;
  readonly purpose: ReplyPurpose;
  readonly orderedAtMs: number;
  readonly audibleAtMs: number | undefined;
  /** When it became silent, however. */
  readonly endedAtMs: number | undefined;
  readonly wasStopped: boolean;
};

export function toReplySpans(journal: readonly JournalEntry[]): readonly ReplySpan[] {
  const spans = new Map<string, ReplySpan>();
  const update = (id: string, changes: Partial<ReplySpan>) => {
    const span = spans.get(id);
    if (span !== undefined) spans.set(id, { ...span, ...changes });
  };
  for (const { atMs, event, effects } of journal) {
    if (event.type === "reply-audio-started") update(event.replyId, { audibleAtMs: atMs });
    if (event.type === "reply-ended" || event.type === "reply-failed") update(event.replyId, { endedAtMs: atMs });
    if (event.type === "reply-cancelled") update(event.replyId, { endedAtMs: atMs, wasStopped: true });
    for (const effect of effects) {
      if (effect.type !== "start-reply") continue;
      const { replyId: id, purpose } = effect;
      const unheard = { audibleAtMs: undefined, endedAtMs: undefined, wasStopped: false };
      spans.set(id, { id, purpose, orderedAtMs: atMs, ...unheard });
    }
  }
  return [...spans.values()];
}

/** Replies to the caller that were heard, in order. */
export function heardAnswers(journal: readonly JournalEntry[]): readonly (ReplySpan & { audibleAtMs: number })[] {
  return toReplySpans(journal).flatMap((span) =>
    span.purpose !== "greeting" && span.purpose !== "resume" && span.audibleAtMs !== undefined
      ? [{ ...span, audibleAtMs: span.audibleAtMs }]
      : [],
  );
}

/** What was recognised from the caller, in order. */
export function wordsHeard(journal: readonly JournalEntry[]): string {
  return journal
    .flatMap(({ event }) => (event.type === "transcript-final" && event.text !== "" ? [event.text] : []))
    .join(" | ");
}
