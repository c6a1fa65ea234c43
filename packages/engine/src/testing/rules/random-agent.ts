/** What the agent generates, plays and fails at, as the session would: the world behind the agent's floor. */

import type { Conversation } from "../../conversation/conversation.ts";
import type { Effect } from "../../conversation/effect.ts";
import type { ConversationEvent, Fact } from "../../conversation/event.ts";
import { Ducking } from "./ducking.ts";
import type { Duty } from "./duty.ts";
import { BrokenRule, checkCancel, type SpokenReply, wasAnswered } from "./promises.ts";
import { checkToldFirst } from "./recording-watch.ts";
import { SilentDraft } from "./silent-draft.ts";
import type { Stimulus } from "./stimulus.ts";

type AgentStimulus = Extract<Stimulus, { readonly do: "sentence" | "play" | "go-quiet" | "fail-reply" }>;

type Call = {
  readonly now: () => Conversation;
  readonly isReachable: () => boolean;
  readonly post: (fact: Fact) => void;
  readonly duty: Duty;
};

const MOST_FILLS = 2;

export class RandomAgent {
  readonly replies: SpokenReply[] = [];
  readonly draft: SilentDraft;
  readonly #call: Call;
  readonly #ducking = new Ducking();
  #failures = 0;
  /** Of the newest reply. */
  #fills = 0;

  constructor(call: Call) {
    this.#call = call;
    this.draft = new SilentDraft(call);
  }

  get openReply(): SpokenReply | undefined {
    const last = this.replies.at(-1);
    return last && last.state !== "over" ? last : undefined;
  }

  /** Ids of all that is over and can say nothing any more. */
  get finishedIds(): string[] {
    return [...this.replies.filter(({ state }) => state === "over").map(({ id }) => id), ...this.draft.dropped];
  }

  start(effect: Effect & { type: "start-reply" }): SpokenReply {
    this.#fills = 0;
    const { replyId: id, purpose, say } = effect;
    checkToldFirst(purpose, this.#call.now());
    const generated = effect.isDrafted ? this.draft.takeOver(id) : (say?.split(" ") ?? []);
    if (this.draft.isOpen && purpose === "answer") throw new BrokenRule(4, `${id} began beside a draft`);
    const isScripted = say !== undefined;
    const mark = { fillers: new Set<number>(), isQuiet: false, isOverruled: false };
    return { id, purpose, isScripted, state: "preparing", generated, heard: [], ...mark };
  }

  apply(stimulus: AgentStimulus, nowMs: number): void {
    switch (stimulus.do) {
      case "sentence":
        return this.addSentence(stimulus.words);
      case "play":
        return this.play(stimulus.words);
      case "go-quiet":
        return this.goQuiet(Math.max(0, nowMs - stimulus.agoMs));
      case "fail-reply":
        return this.fail(stimulus.isRetryable);
    }
  }

  cancel(replyId: string, event: ConversationEvent, before: Conversation): void {
    const reply = this.openReply;
    if (reply?.id !== replyId) throw new BrokenRule(4, `${replyId} is cancelled and was not open`);
    if (reply.state === "stopping") throw new BrokenRule(4, `${replyId} is cancelled twice`);
    checkCancel(reply, before, this.#call.now(), event);
    reply.state = "stopping";
  }

  duck(effect: Effect & { type: "duck-reply" | "unduck-reply" }): void {
    this.#ducking.obey(effect, this.openReply);
  }

  #fillPause({ replyId, text }: Effect & { type: "fill-pause" }): void {
    const reply = this.openReply;
    if (reply?.id !== replyId || reply.isScripted) throw new BrokenRule(4, `${text} fills no pause of ${replyId}`);
    if (++this.#fills > MOST_FILLS) throw new BrokenRule(4, `${replyId} says "one moment" without end`);
    const words = text.split(" ");
    reply.generated.splice(reply.heard.length, 0, ...words);
    for (const offset of words.keys()) reply.fillers.add(reply.heard.length + offset);
    this.#call.post({ type: "reply-sentence", replyId, text, isFiller: true });
  }

  /** A sound, or words, where nothing was to be heard. */
  bridge(effect: Effect & { type: "fill-pause" | "play-sound" }): void {
    if (effect.type === "fill-pause") this.#fillPause(effect);
    const reply = this.openReply;
    if (reply) this.#becomeAudible(reply);
  }

  /** What there is has been played, `agoMs` before now. */
  goQuiet(sinceMs: number): void {
    const reply = this.openReply;
    if (reply?.state !== "talking" || reply.isQuiet || !this.#call.isReachable()) return;
    while (reply.fillers.has(reply.heard.length)) this.#hear(reply, 1);
    reply.isQuiet = true;
    this.#call.post({ type: "reply-went-quiet", replyId: reply.id, sinceMs });
  }

  /** A reply holds the floor, is neither stopped nor held back, and nothing of it is heard. */
  get isSilent(): boolean {
    const reply = this.openReply;
    if (!reply || reply.state === "stopping" || this.#ducking.isDucked(reply)) return false;
    return reply.state === "preparing" || reply.isQuiet;
  }

  addSentence(words: string): void {
    const reply = this.openReply;
    if (!reply) return this.draft.addSentence(words);
    if (reply.state === "stopping" || reply.isScripted) return;
    reply.generated.push(...words.split(" "));
    this.#call.post({ type: "reply-text-started", replyId: reply.id });
    this.#call.post({ type: "reply-sentence", replyId: reply.id, text: words });
  }

  play(count: number): void {
    const reply = this.openReply;
    if (!reply) return;
    if (reply.state === "stopping") return this.#confirmCancel(reply);
    if (!this.#call.isReachable() || reply.generated.length === 0) return;
    if (reply.state === "preparing" && this.#ducking.isDucked(reply)) return;
    this.#becomeAudible(reply);
    this.#hear(reply, count);
    if (reply.state === "talking" && reply.heard.length === reply.generated.length) this.#end(reply);
  }

  finish(): void {
    const reply = this.openReply;
    if (!reply) return;
    if (reply.state === "stopping") return this.#confirmCancel(reply);
    if (reply.generated.length === 0) this.addSentence("Fine then.");
    this.play(100);
  }

  fail(isRetryable: boolean): void {
    const reply = this.openReply;
    if (!reply) return this.draft.fail(isRetryable);
    const isApologyOwed = this.#call.now().owed.apology;
    const isFresh = ++this.#failures === 1 && !wasAnswered(reply);
    const isRetried = reply.state === "stopping" || (isRetryable && isFresh);
    reply.state = "over";
    if (this.#call.now().phase.name === "open") this.#call.duty.afterFailure(reply, isRetried);
    const { id: replyId } = reply;
    const failure = { provider: "p", stage: "language-model", kind: "timeout", message: "m" } as const;
    this.#call.post({ type: "reply-failed", replyId, ...failure, isRetryable });
    if (reply.purpose === "filler" && this.#call.now().owed.apology && !isApologyOwed)
      throw new BrokenRule(6, "an apology for words that only filled a wait");
  }

  check(isUndecided: boolean): void {
    this.draft.check();
    this.#ducking.check(this.#call.now(), this.openReply, isUndecided);
  }

  #becomeAudible(reply: SpokenReply): void {
    const { id: replyId } = reply;
    if (reply.isQuiet) {
      reply.isQuiet = false;
      this.#call.post({ type: "reply-went-on", replyId });
    }
    if (reply.state !== "preparing") return;
    reply.state = "talking";
    this.#call.post({ type: "reply-audio-started", replyId });
  }

  #hear(reply: SpokenReply, count: number): void {
    const words = reply.generated.slice(reply.heard.length, reply.heard.length + count);
    if (words.length === 0) return;
    reply.heard.push(...words);
    this.#call.post({ type: "reply-heard", replyId: reply.id, text: words.join(" ") });
  }

  #end(reply: SpokenReply): void {
    reply.state = "over";
    if (reply.purpose === "apology") this.#call.duty.done();
    if (!reply.isScripted) this.#failures = 0;
    this.#call.post({ type: "reply-ended", replyId: reply.id });
  }

  #confirmCancel(reply: SpokenReply): void {
    reply.state = "over";
    if (this.#call.now().phase.name !== "ended") this.#call.duty.afterCut(reply);
    this.#call.post({ type: "reply-cancelled", replyId: reply.id });
  }
}
