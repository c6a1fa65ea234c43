/** What the caller says, keys and leaves unsaid, and that none of it gets lost. */

import type { Conversation } from "../../conversation/conversation.ts";
import type { Fact } from "../../conversation/event.ts";
import { isAnswered } from "../../conversation/realtime.ts";
import type { Duty } from "./duty.ts";
import { BrokenRule } from "./promises.ts";
import type { Stimulus } from "./stimulus.ts";

const FAILURE = { provider: "p", kind: "timeout", message: "m" } as const;

type CallerDeed = "interject" | "recognise-partly" | "seem-finished" | "predict";
type CallerStimulus = Extract<Stimulus, { readonly do: CallerDeed }>;

type Call = {
  readonly now: () => Conversation;
  readonly nowMs: () => number;
  readonly isReachable: () => boolean;
  readonly post: (fact: Fact) => void;
  readonly duty: Duty;
};

export class RandomCaller {
  /** Utterances whose words are still to come. */
  readonly awaited: number[] = [];
  readonly #call: Call;
  #utteranceId = 0;
  #isSpeaking = false;

  constructor(call: Call) {
    this.#call = call;
  }

  get utteranceId(): number {
    return this.#utteranceId;
  }

  get isSpeaking(): boolean {
    return this.#isSpeaking;
  }

  apply(stimulus: CallerStimulus): void {
    switch (stimulus.do) {
      case "interject":
        this.startSpeaking();
        this.stopSpeaking();
        return this.recognise(stimulus.words);
      case "recognise-partly":
        return this.recognisePartly(stimulus.words);
      case "seem-finished":
        return this.seemFinished(stimulus.words);
      case "predict":
        return this.predict(stimulus.probability);
    }
  }

  startSpeaking(): void {
    if (this.#isSpeaking || !this.#call.isReachable()) return;
    this.#isSpeaking = true;
    this.#utteranceId++;
    const firstSampleAtMs = Math.max(0, this.#call.nowMs() - 60);
    this.#call.post({ type: "caller-speech-started", utteranceId: this.#utteranceId, firstSampleAtMs });
  }

  stopSpeaking(): void {
    if (!this.#isSpeaking) return;
    this.#isSpeaking = false;
    this.awaited.push(this.#utteranceId);
    const lastSampleAtMs = Math.max(0, this.#call.nowMs() - 220);
    this.#call.post({ type: "caller-speech-ended", utteranceId: this.#utteranceId, lastSampleAtMs });
  }

  recognisePartly(words: string): void {
    if (this.#isSpeaking) this.#call.post({ type: "transcript-partial", utteranceId: this.#utteranceId, text: words });
  }

  /** A pause: these are all words if the caller has finished. */
  seemFinished(words: string): void {
    if (this.#isSpeaking) this.#call.post({ type: "transcript-probable", utteranceId: this.#utteranceId, text: words });
  }

  predict(probability: number): void {
    if (this.#utteranceId > 0) this.#call.post({ type: "turn-predicted", utteranceId: this.#utteranceId, probability });
  }

  /** The ears are gone. @returns whether something was lost with them that nobody has answered. */
  fallSilent(): boolean {
    const isLost = this.#isSpeaking || this.awaited.some((utteranceId) => !isAnswered(this.#call.now(), utteranceId));
    this.#isSpeaking = false;
    this.awaited.length = 0;
    return isLost;
  }

  recognise(words: string): void {
    const utteranceId = this.awaited.shift();
    if (utteranceId === undefined) return;
    if (isAnswered(this.#call.now(), utteranceId)) return this.#recogniseAnswered(utteranceId, words);
    const isNewest = utteranceId === this.#utteranceId;
    this.#say(words, () => this.#call.post({ type: "transcript-final", utteranceId, text: words }), isNewest);
  }

  failToRecognise(): void {
    const { now, post, duty } = this.#call;
    const utteranceId = this.awaited.shift();
    if (utteranceId === undefined) return;
    if (isAnswered(now(), utteranceId)) return this.#failAnswered(utteranceId);
    duty.apologyIsDue();
    if (now().phase.name !== "ended") duty.owe("an utterance that was not understood");
    post({ type: "transcript-failed", utteranceId, ...FAILURE });
  }

  press(digit: string): void {
    if (this.#call.isReachable()) this.#say("pressed", () => this.#call.post({ type: "digit-pressed", digit }));
  }

  /** Rule 5: what was said stands before what it was answered with. */
  #recogniseAnswered(utteranceId: number, words: string): void {
    const { now, post } = this.#call;
    const { answeredBy } = now().realtime ?? {};
    post({ type: "transcript-final", utteranceId, text: words });
    const { history } = now();
    const index = history.findIndex(({ replyId }) => replyId === answeredBy);
    // An answer that failed has left no line: the next one follows.
    const said = index < 0 ? history.findLast(({ role }) => role === "caller") : history[index - 1];
    if (words !== "" && (said?.role !== "caller" || said.text !== words))
      throw new BrokenRule(5, `"${words}" was answered and doesn't stand before its answer`);
  }

  #failAnswered(utteranceId: number): void {
    const { now, post } = this.#call;
    const hasApologised = now().owed.apology;
    post({ type: "transcript-failed", utteranceId, ...FAILURE });
    if (now().owed.apology && !hasApologised) throw new BrokenRule(6, "an apology for words that were answered");
  }

  /** Words that want an answer wait for one; "mm-hmm" may be let pass. */
  #say(words: string, post: () => void, isNewest = true): void {
    const { now, duty } = this.#call;
    const before = this.#words();
    if (words !== "" && words !== "mm-hmm" && now().phase.name !== "ended") duty.owe(`"${words}"`);
    const { overReplyId, state, words: pending } = now().caller;
    const { agent } = now();
    const isOverAgent = agent.state === "talking" && agent.reply.id === overReplyId;
    const mayPass = isNewest && isOverAgent && state === "quiet" && pending === "";
    post();
    if (words === "" || words === "pressed") return;
    if (words === "mm-hmm" && mayPass && now().caller.words !== "")
      throw new BrokenRule(6, `"mm-hmm" over the agent waits for an answer`);
    if (!this.#words().endsWith(words)) throw new BrokenRule(6, `"${words}" was said and got lost (after "${before}")`);
  }

  #words(): string {
    const { history, caller } = this.#call.now();
    const said = history.filter((line) => line.role === "caller").map((line) => line.text);
    return [...said, caller.words].join(" ").trim();
  }
}
