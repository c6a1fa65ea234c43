/** A journal's turns as they become final, for those who read along. */
import { type JournalEntry, joinWords } from "@earshot/engine";

export type SaidTurn = {
  readonly role: "user" | "agent";
  readonly content: string;
  /** When it began, ms since the call began. */
  readonly atMs: number;
};

/** What was heard of replies that aren't over yet, by reply. */
type Open = Map<string, { text: string; readonly atMs: number }>;

export class TranscriptTurns {
  readonly #open: Open = new Map();
  readonly #utterances = new Map<number, number>();

  /** The turns that became final with this entry. Entries come in order, each once. */
  add({ event }: JournalEntry): readonly SaidTurn[] {
    switch (event.type) {
      case "caller-speech-started":
        this.#utterances.set(event.utteranceId, event.firstSampleAtMs);
        return [];
      case "transcript-final": {
        const atMs = this.#utterances.get(event.utteranceId) ?? event.atMs;
        this.#utterances.delete(event.utteranceId);
        return event.text === "" ? [] : [{ role: "user", content: event.text, atMs }];
      }
      case "digit-pressed":
        return [{ role: "user", content: `pressed ${event.digit}`, atMs: event.atMs }];
      case "reply-heard": {
        const open = this.#open.get(event.replyId) ?? { text: "", atMs: event.atMs };
        open.text = joinWords(open.text, event.text.replaceAll(/\s+/g, " "));
        this.#open.set(event.replyId, open);
        return [];
      }
      case "reply-ended":
      case "reply-cancelled":
      case "reply-failed":
        return this.#close([event.replyId]);
      case "call-ended":
        return this.#close([...this.#open.keys()]);
      default:
        return [];
    }
  }

  #close(replyIds: readonly string[]): SaidTurn[] {
    return replyIds.flatMap((replyId) => {
      const open = this.#open.get(replyId);
      this.#open.delete(replyId);
      return open === undefined || open.text === ""
        ? []
        : [{ role: "agent" as const, content: open.text, atMs: open.atMs }];
    });
  }
}
