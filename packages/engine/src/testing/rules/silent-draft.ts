/** An answer that is being prepared while the caller may go on: nobody hears it until a reply takes it over. */

import type { Conversation } from "../../conversation/conversation.ts";
import type { Effect } from "../../conversation/effect.ts";
import type { Fact } from "../../conversation/event.ts";
import { judgeWords } from "../../conversation/turn-taking.ts";
import { plainWords } from "../../conversation/words.ts";
import { BrokenRule } from "./promises.ts";

type Call = {
  readonly now: () => Conversation;
  readonly post: (fact: Fact) => void;
};

export class SilentDraft {
  readonly #call: Call;
  #draft: { readonly id: string; readonly words: string; readonly generated: string[] } | undefined;
  /** Drafts that came to nothing. */
  readonly dropped: string[] = [];

  constructor(call: Call) {
    this.#call = call;
  }

  begin({ replyId: id, words }: Effect & { type: "draft-reply" }, isFloorTaken: boolean): void {
    if (this.#draft) throw new BrokenRule(4, `${id} is a second draft`);
    if (this.#call.now().realtime) throw new BrokenRule(4, `${id} was drafted beside a model that answers by itself`);
    if (isFloorTaken) throw new BrokenRule(4, `${id} was drafted while a reply had the floor`);
    if (judgeWords(this.#call.now(), words).finished < 0.5)
      throw new BrokenRule(4, `${id} was drafted for words that sound unfinished`);
    this.#draft = { id, words, generated: [] };
  }

  drop({ replyId }: Effect & { type: "drop-draft" }): void {
    if (this.#draft?.id !== replyId) throw new BrokenRule(4, `${replyId} is dropped and was no draft`);
    this.#forget();
  }

  addSentence(words: string): void {
    if (!this.#draft) return;
    const { id: replyId, generated } = this.#draft;
    if (generated.length === 0) this.#call.post({ type: "reply-text-started", replyId });
    generated.push(...words.split(" "));
    this.#call.post({ type: "reply-sentence", replyId, text: words });
  }

  fail(isRetryable: boolean): void {
    if (!this.#draft) return;
    const { id: replyId } = this.#draft;
    this.#forget();
    this.#call.post({
      type: "reply-failed",
      replyId,
      provider: "p",
      stage: "language-model",
      kind: "timeout",
      message: "m",
      isRetryable,
    });
  }

  /** What the reply that takes it over has to say already. Rule 6: it answers what was said, and nothing else. */
  takeOver(replyId: string): string[] {
    const draft = this.#draft;
    if (draft?.id !== replyId) throw new BrokenRule(4, `${replyId} takes over a draft that is none`);
    const answered = this.#call.now().history.findLast(({ role }) => role === "caller");
    const text = answered?.role === "caller" ? answered.text : "";
    if (plainWords(text).join(" ") !== plainWords(draft.words).join(" "))
      throw new BrokenRule(6, `${replyId} was drafted for "${draft.words}" and answers "${text}"`);
    this.#draft = undefined;
    return draft.generated;
  }

  /** A draft is for an agent that may speak. */
  check(): void {
    if (!this.#draft) return;
    const { phase, isMuted, leg } = this.#call.now();
    if (phase.name !== "open" || isMuted || leg === "lost")
      throw new BrokenRule(4, `${this.#draft.id} is still drafted, and nobody could hear it`);
  }

  get isOpen(): boolean {
    return this.#draft !== undefined;
  }

  #forget(): void {
    if (this.#draft) this.dropped.push(this.#draft.id);
    this.#draft = undefined;
  }
}
