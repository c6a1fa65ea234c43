/** Stands in for the session under virtual time: obeys the rules' orders, reports facts, and checks each step. */

import { isDeepStrictEqual } from "node:util";
import type { Conversation } from "../../conversation/conversation.ts";
import type { Effect } from "../../conversation/effect.ts";
import type { ConversationEvent, Fact } from "../../conversation/event.ts";
import type { Rules } from "../../conversation/rules.ts";
import type { Step } from "../../conversation/step.ts";
import type { PlayLine } from "../play-script.ts";
import { Duty } from "./duty.ts";
import { OutsideOrders } from "./outside-orders.ts";
import { PendingTimers } from "./pending-timers.ts";
import {
  BrokenRule,
  checkAtEnd,
  checkCancel,
  checkHeard,
  checkPhase,
  checkTurn,
  type SpokenReply,
} from "./promises.ts";
import { RandomCaller } from "./random-caller.ts";
import { RandomTools } from "./random-tools.ts";
import { factsAfterEnd, staleFact } from "./stale-fact.ts";
import { STALE_FACTS, type StaleFact, type Stimulus } from "./stimulus.ts";

/** The rules under test, or a copy of them with something taken out. */
export type RulesUnderTest = {
  readonly newConversation: () => Conversation;
  readonly reduce: (now: Conversation, event: ConversationEvent) => Step;
};

export class RandomCall {
  readonly #lines: PlayLine[];
  readonly #rules: RulesUnderTest;
  #now: Conversation;
  #nowMs = 0;
  readonly #timers = new PendingTimers();
  readonly #replies: SpokenReply[] = [];
  #isLegClosed = false;
  #isLegLost = false;
  readonly #duty = new Duty();
  readonly #caller = new RandomCaller({
    now: () => this.#now,
    nowMs: () => this.#nowMs,
    isReachable: () => !this.#isLegLost && !this.#isLegClosed,
    post: (fact) => this.#post(fact),
    duty: this.#duty,
  });
  readonly #orders = new OutsideOrders({
    now: () => this.#now,
    openReply: () => this.#openReply(),
    post: (fact) => this.#post(fact),
    duty: this.#duty,
  });
  readonly #tools = new RandomTools({
    now: () => this.#now,
    nowMs: () => this.#nowMs,
    openReply: () => this.#openReply(),
    post: (fact) => this.#post(fact),
    duty: this.#duty,
    timers: this.#timers,
  });
  #failures = 0;

  /** `lines` is filled with what happens. */
  constructor(rules: RulesUnderTest, settings: Rules, lines: PlayLine[]) {
    this.#rules = rules;
    this.#lines = lines;
    this.#now = rules.newConversation();
    for (const what of STALE_FACTS) if (what !== "call-started") this.#postStale(what, 0);
    for (const fact of factsAfterEnd(0, 0))
      if (fact.type !== "end-requested" && fact.type !== "call-ended") this.#mustIgnore(fact);
    this.#lines.length = 0;
    this.#post({ type: "call-started", rules: settings });
  }

  apply(stimulus: Stimulus): void {
    switch (stimulus.do) {
      case "wait":
        return this.#wait(stimulus.ms);
      case "start-speaking":
        return this.#caller.startSpeaking();
      case "stop-speaking":
        return this.#caller.stopSpeaking();
      case "recognise":
        return this.#caller.recognise(stimulus.words);
      case "interject":
        this.#caller.startSpeaking();
        this.#caller.stopSpeaking();
        return this.#caller.recognise(stimulus.words);
      case "recognise-partly":
        return this.#caller.recognisePartly(stimulus.words);
      case "fail-to-recognise":
        return this.#caller.failToRecognise();
      case "press":
        return this.#caller.press(stimulus.digit);
      case "sentence":
        return this.#addSentence(stimulus.words);
      case "play":
        return this.#play(stimulus.words);
      case "fail-reply":
        return this.#failReply(stimulus.isRetryable);
      case "ask-tool":
        return this.#tools.ask(`tool-${stimulus.id}`, stimulus);
      case "finish-tool":
        return this.#tools.finish(stimulus.isQuiet);
      case "order-by-tool":
        return this.#tools.order(stimulus.order);
      case "lose-tool-server": {
        const failure = { server: "s", isRequired: stimulus.isRequired, message: "m", say: "We are out of order." };
        return this.#post({ type: "tool-server-failed", ...failure });
      }
      case "request-transfer":
        return this.#tools.requestTransfer(stimulus.say);
      case "finish-transfer":
        return this.#tools.finishTransfer(stimulus.outcome);
      case "stale":
        return this.#postStale(stimulus.what, stimulus.number);
      case "lose-leg":
        if (this.#isLegLost || this.#isLegClosed) return;
        this.#caller.stopSpeaking();
        this.#isLegLost = true;
        return this.#post({ type: "leg-lost" });
      case "resume-leg":
        if (!this.#isLegLost || this.#isLegClosed) return;
        this.#isLegLost = false;
        return this.#post({ type: "leg-resumed" });
      case "hang-up":
        if (this.#isLegClosed) return;
        this.#isLegClosed = true;
        return this.#post({ type: "leg-closed", reason: "caller-hung-up" });
      case "request-say":
        return this.#orders.say(stimulus.words, stimulus.endAfter);
      case "inject":
        return this.#orders.inject(stimulus.words, stimulus.shouldReply);
      case "mute":
        return this.#orders.mute();
      case "unmute":
        return this.#orders.unmute();
      case "end-by-api":
        return this.#post({ type: "end-requested", reason: "api-request" });
    }
  }

  /** Lets everything under way come to its end; the caller stays silent until the agent gives up. */
  settle(): void {
    this.apply({ do: "resume-leg" });
    this.apply({ do: "unmute" });
    this.#caller.stopSpeaking();
    for (let round = 0; round < 200 && !this.#isSettled(); round++) {
      while (this.#caller.awaited.length > 0) this.#caller.recognise("");
      while (this.#tools.runningCount > 0) this.#tools.finish(false);
      this.#tools.finishTransfer("no-answer");
      if (this.#openReply()) this.#finishReply();
      else this.#wait(this.#timers.untilNextMs(this.#nowMs));
      if (this.#tools.isTransferring && this.#isIdleForGood()) this.#break(6, "a transfer never began");
      if (this.#duty.owed !== undefined && this.#isIdleForGood()) this.#break(6, `nobody answered ${this.#duty.owed}`);
    }
    if (this.#now.phase.name !== "ended") this.#break(6, "a silent call never ended");
    checkAtEnd(this.#now.history, this.#tools.runs);
    this.#checkAfterEnd();
  }

  #wait(ms: number): void {
    const endMs = this.#nowMs + ms;
    for (let due = this.#timers.takeDue(endMs); due; due = this.#timers.takeDue(endMs)) {
      this.#nowMs = Math.max(this.#nowMs, due.dueMs);
      this.#post({ type: "timer-fired", timer: due.timer, timerId: due.id });
    }
    this.#nowMs = Math.max(this.#nowMs, endMs);
  }

  #addSentence(words: string): void {
    const reply = this.#openReply();
    if (!reply || reply.state === "stopping" || reply.isScripted) return;
    reply.generated.push(...words.split(" "));
    this.#post({ type: "reply-sentence", replyId: reply.id, text: words });
  }

  #play(count: number): void {
    const reply = this.#openReply();
    if (!reply) return;
    if (reply.state === "stopping") return this.#confirmCancel(reply);
    if (this.#isLegLost || reply.generated.length === 0) return;
    if (reply.state === "preparing") {
      reply.state = "talking";
      this.#post({ type: "reply-audio-started", replyId: reply.id });
    }
    this.#hear(reply, count);
    if (reply.state === "talking" && reply.heard.length === reply.generated.length) this.#endReply(reply);
  }

  #hear(reply: SpokenReply, count: number): void {
    const words = reply.generated.slice(reply.heard.length, reply.heard.length + count);
    if (words.length === 0) return;
    reply.heard.push(...words);
    this.#post({ type: "reply-heard", replyId: reply.id, text: words.join(" ") });
  }

  #endReply(reply: SpokenReply): void {
    reply.state = "over";
    if (reply.purpose === "apology") this.#duty.done();
    this.#failures = 0;
    this.#post({ type: "reply-ended", replyId: reply.id });
  }

  #finishReply(): void {
    const reply = this.#openReply();
    if (!reply) return;
    if (reply.state === "stopping") return this.#confirmCancel(reply);
    if (reply.generated.length === 0) this.#addSentence("Fine then.");
    this.#play(100);
  }

  #confirmCancel(reply: SpokenReply): void {
    reply.state = "over";
    if (this.#now.phase.name !== "ended") this.#duty.afterCut(reply);
    this.#post({ type: "reply-cancelled", replyId: reply.id });
  }

  #failReply(isRetryable: boolean): void {
    const reply = this.#openReply();
    if (!reply) return;
    const isApologyOwed = this.#now.owed.apology;
    const isFresh = ++this.#failures === 1 && reply.heard.length === 0;
    const isRetried = reply.state === "stopping" || (isRetryable && isFresh);
    reply.state = "over";
    if (this.#now.phase.name === "open") this.#duty.afterFailure(reply, isRetried);
    const { id: replyId } = reply;
    this.#post({
      type: "reply-failed",
      replyId,
      provider: "p",
      stage: "language-model",
      kind: "timeout",
      message: "m",
      isRetryable,
    });
    if (reply.purpose === "filler" && this.#now.owed.apology && !isApologyOwed)
      this.#break(6, "an apology for words that only filled a wait");
  }

  #postStale(what: StaleFact, number: number): void {
    const open = this.#openReply();
    const fact = staleFact(what, number, {
      nowMs: this.#nowMs,
      rules: this.#now.rules,
      finishedReplies: this.#replies.filter((reply) => reply.state === "over").map((reply) => reply.id),
      stoppingReply: open?.state === "stopping" ? open.id : undefined,
      finishedTools: this.#tools.finished,
      orderedTool: this.#tools.orderedTool,
      staleTransfer: this.#tools.staleTransfer,
      awaited: this.#caller.awaited,
      utteranceId: this.#caller.utteranceId,
      isSpeaking: this.#caller.isSpeaking,
    });
    if (fact) this.#mustIgnore(fact);
  }

  #post(fact: Fact): void {
    const before = this.#now;
    const event = { ...fact, atMs: this.#nowMs };
    const { effects } = this.#step(fact);
    if (before.phase.name === "ended" && effects.length > 0)
      this.#break(6, `after the end: ${JSON.stringify(effects)}`);
    checkPhase(before.phase, this.#now.phase, event);
    for (const effect of effects) this.#obey(effect, event, before);
    if (this.#now.phase.name === "ended" && before.phase.name !== "ended") this.#checkEnding(event);
    if (this.#now.phase.name === "ended") this.#tools.onEnd();
    if (this.#isLegClosed) this.#caller.stopSpeaking();
    checkHeard(this.#now.history, this.#replies);
    this.#checkFloors();
  }

  #step(fact: Fact): Step {
    const event = { ...fact, atMs: this.#nowMs };
    const step = this.#rules.reduce(this.#now, event);
    this.#now = step.now;
    this.#lines.push({ event, effects: step.effects });
    return step;
  }

  /** An announcement is not lost because the call was about to end. */
  #checkEnding({ type }: ConversationEvent): void {
    const isAtOnce = type === "end-requested" || type === "leg-closed" || type === "call-ended";
    if (isAtOnce || type === "transfer-finished" || type === "timer-fired" || type === "reply-failed") return;
    if (this.#duty.hasAnnouncement) this.#break(6, `ended before ${this.#duty.owed} was said`);
  }

  #obey(effect: Effect, event: ConversationEvent, before: Conversation): void {
    switch (effect.type) {
      case "start-reply":
        return this.#startReply(effect, event);
      case "cancel-reply": {
        const reply = this.#openReply();
        if (reply?.id !== effect.replyId) return this.#break(4, `${effect.replyId} is cancelled and was not open`);
        if (reply.state === "stopping") return this.#break(4, `${effect.replyId} is cancelled twice`);
        checkCancel(reply, before, this.#now, event);
        reply.state = "stopping";
        return;
      }
      case "run-tool":
        return this.#tools.run(effect);
      case "send-digits":
        return this.#tools.onDigits(effect);
      case "transfer-call":
        return this.#tools.onTransfer(effect, !this.#isLegLost && !this.#isLegClosed);
      case "set-timer":
        this.#timers.set(effect.timer, effect.timerId, this.#nowMs + effect.delayMs);
        return;
      case "clear-timer":
        this.#timers.clear(effect.timer);
        return;
      case "close-leg":
        this.#isLegClosed = true;
        return;
    }
  }

  #startReply(effect: Effect & { type: "start-reply" }, event: ConversationEvent): void {
    if (this.#openReply()) this.#break(4, `${effect.replyId} began while ${this.#openReply()?.id} had the floor`);
    if (this.#caller.isSpeaking) this.#break(4, `${effect.replyId} began over the caller`);
    if (this.#isLegLost) this.#break(4, `${effect.replyId} began while nobody could hear it`);
    if (this.#orders.isMuted && effect.purpose !== "announcement")
      this.#break(4, `${effect.replyId} began while muted`);
    const generated = effect.say?.split(" ") ?? [];
    const { replyId: id, purpose, say } = effect;
    const isScripted = say !== undefined;
    const reply: SpokenReply = {
      id,
      purpose,
      isScripted,
      state: "preparing",
      generated,
      heard: [],
      isOverruled: false,
    };
    this.#duty.onReply(reply);
    if (effect.purpose === "answer") checkTurn(this.#now, event, this.#caller.awaited.length);
    this.#tools.onReply(reply);
    this.#replies.push(reply);
  }

  #openReply(): SpokenReply | undefined {
    const last = this.#replies.at(-1);
    return last && last.state !== "over" ? last : undefined;
  }

  #isIdleForGood(): boolean {
    const isWaiting = this.#timers.has("end-of-turn") || this.#timers.has("closing");
    return (
      !this.#openReply() &&
      !isWaiting &&
      !this.#tools.isHandingOver &&
      !this.#orders.isMuted &&
      this.#now.phase.name === "open"
    );
  }

  #isSettled(): boolean {
    return (
      this.#now.phase.name === "ended" &&
      !this.#openReply() &&
      this.#caller.awaited.length + this.#tools.runningCount === 0
    );
  }

  /** Rule 4, from the state's side: the floor in the state is the floor in the world. */
  #checkFloors(): void {
    const reply = this.#openReply();
    const { agent } = this.#now;
    if (agent.state === "idle" ? reply !== undefined : reply?.id !== agent.reply.id)
      this.#break(4, `the state says ${agent.state}, the world ${reply?.id ?? "nobody"}`);
    if (this.#timers.has("barge-in") && agent.state !== "talking") this.#break(4, "waits to interrupt nobody");
    if (this.#timers.has("silence") && this.#orders.isMuted) this.#break(6, "counts the silence of a muted agent");
    this.#tools.checkWait();
    if (this.#now.phase.name !== "ended") return;
    if (this.#timers.count > 0) this.#break(6, "timers run after the end");
    if (!this.#isLegClosed) this.#break(6, "the call ended and the leg was not closed");
  }

  #checkAfterEnd(): void {
    for (const fact of factsAfterEnd(this.#caller.utteranceId, this.#nowMs)) this.#mustIgnore(fact);
  }

  #mustIgnore(fact: Fact): void {
    const before = this.#now;
    const { now, effects } = this.#step(fact);
    if (effects.length > 0) this.#break(3, `${fact.type} gave orders: ${JSON.stringify(effects)}`);
    if (!isDeepStrictEqual(now, before)) this.#break(3, `${fact.type} changed the state`);
  }

  #break(rule: number, message: string): never {
    throw new BrokenRule(rule, message);
  }
}
