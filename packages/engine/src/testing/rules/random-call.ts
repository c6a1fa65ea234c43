/** Stands in for the session under virtual time: obeys the rules' orders, reports facts, and checks each step. */

import { isDeepStrictEqual } from "node:util";
import type { Conversation } from "../../conversation/conversation.ts";
import type { Effect } from "../../conversation/effect.ts";
import type { ConversationEvent, Fact } from "../../conversation/event.ts";
import { isAnswered } from "../../conversation/realtime.ts";
import type { Rules } from "../../conversation/rules.ts";
import type { Step } from "../../conversation/step.ts";
import type { PlayLine } from "../play-script.ts";
import { DeadAirWatch } from "./dead-air-watch.ts";
import { Duty } from "./duty.ts";
import { FarEndWatch } from "./far-end-watch.ts";
import { FlowWatch } from "./flow-watch.ts";
import { OutsideOrders } from "./outside-orders.ts";
import { PendingTimers } from "./pending-timers.ts";
import {
  BrokenRule,
  checkAtEnd,
  checkBackchannel,
  checkHeard,
  checkOpenSound,
  checkPhase,
  checkTurn,
} from "./promises.ts";
import { RandomAgent } from "./random-agent.ts";
import { RandomCaller } from "./random-caller.ts";
import { RandomMemory } from "./random-memory.ts";
import { RandomModel } from "./random-model.ts";
import { RandomTools } from "./random-tools.ts";
import { RecordingWatch } from "./recording-watch.ts";
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
    openReply: () => this.#agent.openReply,
    post: (fact) => this.#post(fact),
    duty: this.#duty,
  });
  readonly #agent = new RandomAgent({
    now: () => this.#now,
    isReachable: () => !this.#isLegLost,
    post: (fact) => this.#post(fact),
    duty: this.#duty,
  });
  readonly #tools = new RandomTools({
    now: () => this.#now,
    nowMs: () => this.#nowMs,
    openReply: () => this.#agent.openReply,
    post: (fact) => this.#post(fact),
    duty: this.#duty,
    timers: this.#timers,
  });
  readonly #model = new RandomModel({
    now: () => this.#now,
    post: (fact) => this.#post(fact),
    caller: this.#caller,
    isReachable: () => !this.#isLegLost && !this.#isLegClosed,
    duty: this.#duty,
  });
  readonly #flow = new FlowWatch();
  readonly #farEnd = new FarEndWatch();
  readonly #recording = new RecordingWatch();
  readonly #deadAir = new DeadAirWatch({
    timers: this.#timers,
    caller: this.#caller,
    agent: this.#agent,
    tools: this.#tools,
    orders: this.#orders,
    isReachable: () => !this.#isLegLost,
  });
  #afterwards: (() => void) | undefined;
  readonly #memory = new RandomMemory({ now: () => this.#now, post: (fact) => this.#post(fact) });

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
      case "far-end-says":
        return this.#farEndSays(stimulus);
      case "tone":
        this.#farEnd.tone(stimulus.kind);
        return this.#post({ type: "tone-heard", kind: stimulus.kind, frequencyHz: 1_000 });
      case "interject":
      case "recognise-partly":
      case "seem-finished":
      case "predict":
        return this.#caller.apply(stimulus);
      case "offer-reply":
        return this.#model.offer();
      case "ask-model":
        this.#caller.startSpeaking();
        this.#caller.stopSpeaking();
        return this.#model.offer();
      case "lose-model":
        return this.#model.fail();
      case "fail-to-recognise":
        return this.#caller.failToRecognise();
      case "press":
        return this.#caller.press(stimulus.digit);
      case "sentence":
      case "play":
      case "go-quiet":
      case "fail-reply":
        return this.#agent.apply(stimulus, this.#nowMs);
      case "ask-tool":
      case "ask-step":
      case "finish-tool":
      case "order-by-tool":
      case "lose-tool-server":
      case "request-transfer":
      case "finish-transfer":
        return this.#tools.apply(stimulus);
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
      case "inject":
      case "mute":
      case "unmute":
      case "pause-recording":
      case "resume-recording":
      case "end-by-api":
        return this.#orders.apply(stimulus);
      case "learn":
        return this.#post({ type: "values-learnt", values: { mood: stimulus.value } });
      case "summarise":
        return this.#memory.sumUp(this.#nowMs - stimulus.agoMs);
    }
  }

  /** Lets everything under way come to its end; the caller stays silent until the agent gives up. */
  settle(): void {
    for (const what of ["resume-leg", "unmute"] as const) this.apply({ do: what });
    this.#caller.stopSpeaking();
    for (let round = 0; round < 200 && !this.#isSettled(); round++) {
      while (this.#caller.awaited.length > 0) this.#caller.recognise("");
      while (this.#tools.runningCount > 0) this.#tools.finish(false);
      this.#tools.finishTransfer("no-answer");
      if (this.#agent.openReply) this.#agent.finish();
      else this.#wait(this.#timers.untilNextMs(this.#nowMs));
      if (this.#tools.isTransferring && this.#isIdleForGood()) this.#break(6, "a transfer never began");
      if (this.#duty.owed !== undefined && this.#isIdleForGood()) this.#break(6, `nobody answered ${this.#duty.owed}`);
    }
    if (this.#now.phase.name !== "ended") this.#break(6, "a silent call never ended");
    checkAtEnd(this.#now.history, this.#tools.runs);
    this.#flow.checkAtEnd(this.#tools.runs);
    this.#checkAfterEnd();
  }

  #farEndSays({ words, ms }: Stimulus & { do: "far-end-says" }): void {
    this.#caller.startSpeaking();
    this.#wait(ms);
    this.#caller.stopSpeaking();
    this.#farEnd.heard(words);
    this.#caller.recognise(words);
  }

  #wait(ms: number): void {
    const endMs = this.#nowMs + ms;
    for (let due = this.#timers.takeDue(endMs); due; due = this.#timers.takeDue(endMs)) {
      this.#nowMs = Math.max(this.#nowMs, due.dueMs);
      this.#post({ type: "timer-fired", timer: due.timer, timerId: due.id });
    }
    this.#nowMs = Math.max(this.#nowMs, endMs);
  }

  #postStale(what: StaleFact, number: number): void {
    const open = this.#agent.openReply;
    const fact = staleFact(what, number, {
      nowMs: this.#nowMs,
      rules: this.#now.rules,
      finishedReplies: this.#agent.finishedIds,
      stoppingReply: open?.state === "stopping" ? open.id : undefined,
      finishedTools: this.#tools.finished,
      orderedTool: this.#tools.orderedTool,
      staleTransfer: this.#tools.staleTransfer,
      awaited: this.#caller.awaited,
      utteranceId: this.#caller.utteranceId,
      isSpeaking: this.#caller.isSpeaking,
      hasModel: this.#now.realtime !== undefined,
    });
    if (fact) this.#mustIgnore(fact);
  }

  #post(fact: Fact): void {
    const before = this.#now;
    const event = { ...fact, atMs: this.#nowMs };
    this.#farEnd.fact(fact);
    const { effects } = this.#step(fact);
    if (before.phase.name === "ended" && effects.length > 0)
      this.#break(6, `after the end: ${JSON.stringify(effects)}`);
    checkPhase(before.phase, this.#now.phase, event);
    const orders = effects.map(({ type }) => type);
    if (orders.includes("duck-reply") && orders.includes("unduck-reply"))
      this.#break(4, "the agent was lowered and raised at once");
    for (const effect of effects) this.#obey(effect, event, before);
    if (this.#now.phase.name === "ended" && before.phase.name !== "ended") this.#checkEnding(event);
    if (this.#now.phase.name === "ended") this.#tools.onEnd();
    if (this.#isLegClosed) this.#caller.stopSpeaking();
    this.#model.check();
    this.#flow.check(this.#now, before);
    this.#farEnd.check(this.#now, this.#duty);
    checkHeard(this.#now.history, this.#agent.replies);
    this.#checkFloors();
    this.#deadAir.check(this.#now, this.#nowMs);
    const isHeard = this.#caller.isSpeaking || this.#caller.awaited.length > 0;
    this.#agent.check(isHeard || this.#timers.has("false-interruption"));
    const afterwards = this.#afterwards;
    this.#afterwards = undefined;
    afterwards?.();
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
        return this.#startReply(effect, event, before);
      case "cancel-reply":
        return this.#agent.cancel(effect.replyId, event, before);
      case "draft-reply":
        return this.#agent.draft.begin(effect, this.#agent.openReply !== undefined);
      case "drop-draft":
        return this.#agent.draft.drop(effect);
      case "decline-offer":
        return this.#model.decline(effect, before);
      case "duck-reply":
      case "unduck-reply":
        return this.#agent.duck(effect);
      case "fill-pause":
      case "play-sound":
        this.#deadAir.bridged(this.#nowMs);
        this.#afterwards = () => this.#agent.bridge(effect);
        return;
      case "say-backchannel":
        checkBackchannel(effect.text, {
          before,
          now: this.#now,
          nowMs: this.#nowMs,
          isSomebodyTalking: this.#caller.isSpeaking || this.#agent.openReply !== undefined,
        });
        return;
      case "run-tool":
        return this.#tools.run(effect);
      case "send-digits":
        return this.#tools.onDigits(effect);
      case "transfer-call":
        return this.#tools.onTransfer(effect, !this.#isLegLost && !this.#isLegClosed);
      case "extract-values":
        return this.#obey({ ...effect, type: "run-tool", name: "", arguments: effect.toolCallId }, event, before);
      case "enter-node":
        return this.#flow.entered(effect, event, before);
      case "note-far-end":
        return this.#farEnd.noted(effect, before);
      case "record":
        return this.#recording.record(effect, { now: this.#now, duty: this.#duty, replies: this.#agent.replies });
      case "set-timer":
        if (effect.timer === "false-interruption") checkOpenSound(this.#now);
        if (effect.timer === "end-of-turn" && event.type === "transcript-final" && this.#caller.isSpeaking)
          this.#break(6, "counts the silence of a caller who speaks");
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

  #startReply(effect: Effect & { type: "start-reply" }, event: ConversationEvent, before: Conversation): void {
    if (this.#agent.openReply)
      this.#break(4, `${effect.replyId} began while ${this.#agent.openReply?.id} had the floor`);
    if (this.#caller.isSpeaking) this.#break(4, `${effect.replyId} began over the caller`);
    if (this.#isLegLost) this.#break(4, `${effect.replyId} began while nobody could hear it`);
    if (this.#orders.isMuted && effect.purpose !== "announcement")
      this.#break(4, `${effect.replyId} began while muted`);
    const reply = this.#agent.start(effect);
    this.#farEnd.excuse(this.#now, this.#duty);
    this.#duty.onReply(reply);
    if (effect.offerId !== undefined) this.#model.take(effect.offerId, before);
    else if (effect.purpose === "answer") checkTurn(this.#now, event, this.#caller.awaited);
    this.#farEnd.onReply(reply, this.#now, this.#nowMs);
    const isHeard = effect.offerId !== undefined && this.#caller.awaited.some((id) => !isAnswered(before, id));
    this.#tools.onReply(reply, { isCallerHeard: isHeard });
    this.#agent.replies.push(reply);
  }

  #isIdleForGood(): boolean {
    const isAtWork = this.#tools.isFlowAtWork || this.#tools.isHandingOver;
    const isWaiting =
      isAtWork ||
      (["end-of-turn", "closing", "greeting", "voicemail", "consent"] as const).some((t) => this.#timers.has(t));
    return !this.#agent.openReply && !isWaiting && !this.#orders.isMuted && this.#now.phase.name === "open";
  }

  #isSettled(): boolean {
    return (
      this.#now.phase.name === "ended" &&
      !this.#agent.openReply &&
      this.#caller.awaited.length + this.#tools.runningCount === 0
    );
  }

  /** Rule 4, from the state's side: the floor in the state is the floor in the world. */
  #checkFloors(): void {
    const reply = this.#agent.openReply;
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
    if (now !== before && !isDeepStrictEqual(now, before)) this.#break(3, `${fact.type} changed the state`);
  }

  #break(rule: number, message: string): never {
    throw new BrokenRule(rule, message);
  }
}
