/** Runs one call: one fact at a time through the rules, stored, then the orders. Decides nothing itself. */

import { EchoGate } from "../audio/echo/echo-gate.ts";
import { type Samples, toSamples } from "../audio/frame.ts";
import { isContested } from "../conversation/barge-in.ts";
import { type Conversation, newConversation } from "../conversation/conversation.ts";
import type { Effect } from "../conversation/effect.ts";
import type { EndReason } from "../conversation/end-reason.ts";
import type { Fact } from "../conversation/event.ts";
import { mayBeMachine } from "../conversation/far-end/voicemail.ts";
import { nextFiller } from "../conversation/filling.ts";
import { reduce } from "../conversation/reduce.ts";
import type { TransferOrder } from "../conversation/transfer-order.ts";
import { flushStubbornly } from "../journal/flush-stubbornly.ts";
import type { Journal, JournalEntry } from "../journal/journal.ts";
import type { CallLeg } from "../leg/call-leg.ts";
import type { SpeechToText } from "../models/speech-to-text.ts";
import type { VoiceActivity } from "../models/voice-activity.ts";
import { Asides } from "./asides.ts";
import { type CallPlan, getScene } from "./call-plan.ts";
import { CallTimers } from "./call-timers.ts";
import { CallerTimeline } from "./caller-timeline.ts";
import { CallingTools, type ToolOutcome, type ToolRunner, toConduct } from "./calling-tools.ts";
import { type Cast, Casting } from "./casting.ts";
import type { Clock } from "./clock.ts";
import { DigitLimit } from "./digit-limit.ts";
import type { Ears, Voice } from "./ears-and-voice.ts";
import { extractValues } from "./extracting.ts";
import { sendDigits, transferCall } from "./leg-orders.ts";
import { Listening } from "./listening.ts";
import { Playout } from "./playout.ts";
import { reportPlayout } from "./playout-reports.ts";
import { Realtime, type RealtimeModel } from "./realtime.ts";
import type { Recorder } from "./recorder.ts";
import { Replying } from "./replying.ts";
import { toDraftRequest, toMessages, toReplyRequest } from "./request.ts";
import type { Scene, SceneModels } from "./scene.ts";
import { Summarising } from "./summarising.ts";

const FRAME_TICK_MS = 20;
/** How long words, a tool or a far end may still complete the history after the end. */
const AFTERWORD_LIMIT_MS = 5_000;

export type SessionOptions = {
  readonly plan: CallPlan;
  readonly models: {
    readonly voiceActivity: VoiceActivity;
    readonly speechToText: SpeechToText;
    /** Hears and speaks by itself where the rules say so; the others take over when it fails. */
    readonly realtime?: RealtimeModel;
  } & SceneModels;
  /** What takes over in a scene for models that fail. Default: the same models, once more. */
  readonly fallback?: (scene: Scene) => Partial<SceneModels>;
  /** What thinks and speaks in a scene. Default: `models`, in every scene. */
  readonly sceneModels?: (scene: Scene) => SceneModels;
  readonly leg: CallLeg;
  readonly clock: Clock;
  readonly journal: Journal;
  readonly tools: ToolRunner;
  readonly recorder?: Recorder;
  /** Told of a broken invariant; the call ends with reason `internal`. */
  readonly onBug?: (error: unknown) => void;
};

export class Session {
  readonly #options: SessionOptions;
  readonly #clock: Clock;
  readonly #leg: CallLeg;
  readonly #startMs: number;
  readonly #mailbox: Fact[] = [];
  readonly #timers: CallTimers;
  readonly #casting: Casting;
  readonly #line: Parameters<typeof sendDigits>[0];
  /** Opens the ears of the pipeline. */
  readonly #listen: () => Listening;
  readonly #realtime: Realtime | undefined;
  readonly #playout: Playout;
  readonly #replying: Replying;
  readonly #asides: Asides;
  readonly #tools: CallingTools;
  readonly #summarising: Summarising;
  readonly #callerTimeline = new CallerTimeline();
  readonly #done = Promise.withResolvers<EndReason>();
  #ears: Ears;
  #conversation = newConversation();
  #seq = 0;
  #isDraining = false;
  #isOver = false;
  #stopTicking: () => void = () => {};
  #cancelAfterword: (() => void) | undefined;

  constructor(options: SessionOptions) {
    this.#options = options;
    const { plan, models, clock, leg, recorder, journal } = options;
    this.#clock = clock;
    this.#leg = leg;
    this.#startMs = clock.nowMs();
    const post = (fact: Fact) => this.post(fact);
    const startMs = this.#startMs;
    const echoGate = plan.isEchoGuarded === false ? undefined : new EchoGate();
    this.#casting = new Casting(options);
    this.#line = { leg, clock, post };
    this.#timers = new CallTimers({ clock, post });
    this.#listen = () =>
      new Listening({
        ...{ ...models, plan, clock, startMs, post, echoGate },
        firstUtteranceId: this.#conversation.caller.utteranceId + 1,
        isContested: () => isContested(this.#conversation),
        isAgentTalking: () => this.#conversation.agent.state === "talking",
        isTelephone: () => mayBeMachine(this.#conversation),
      });
    this.#playout = new Playout({
      ...{ leg, clock, startMs, recorder, echoGate },
      reports: reportPlayout(post, () => this.#voice),
    });
    const conductOf = (tool: string) => toConduct(options.tools.conductOf?.(tool, this.#conversation.scene));
    const filler = () => nextFiller(this.#conversation);
    this.#replying = new Replying({ plan, playout: this.#playout, clock, post, conductOf, nextFiller: filler });
    if (plan.rules.isRealtime && models.realtime)
      this.#realtime = new Realtime({
        ...{ realtime: models.realtime, plan, clock, startMs, post, conductOf },
        playout: this.#playout,
        scene: getScene(plan, this.#conversation.scene),
      });
    this.#ears = this.#realtime ?? this.#listen();
    this.#asides = new Asides((samples) => this.#playout.playAside(samples));
    this.#tools = new CallingTools({ runner: options.tools, journal, clock, post });
    this.#summarising = new Summarising({ clock, post });
  }

  get conversation(): Conversation {
    return this.#conversation;
  }

  /** Resolves when the last fact is stored and everything of the call is closed. Never rejects. */
  get done(): Promise<EndReason> {
    return this.#done.promise;
  }

  /** Takes the call: from here on the leg may speak. */
  start(): void {
    const digits = new DigitLimit(this.#clock);
    this.#leg.open({
      onAudio: (frame) => this.#safely(() => this.#hear(frame)),
      onDigit: (digit) => {
        if (digits.take()) this.post({ type: "digit-pressed", digit });
      },
      onPlayed: (samples) => this.#safely(() => this.#playout.played(samples)),
      onLost: () => this.#safely(() => this.#loseLeg()),
      onResumed: () => this.#safely(() => this.#resumeLeg()),
      onClosed: (reason) => this.post({ type: "leg-closed", reason: reason === "failed" ? "connection-lost" : reason }),
    });
    this.#stopTicking = this.#clock.every(FRAME_TICK_MS, () => this.#safely(() => this.#tick()));
    const { isRealtime: _, ...rules } = this.#options.plan.rules;
    this.post({ type: "call-started", rules: this.#realtime ? this.#options.plan.rules : rules });
    // After the greeting's order, which it should not delay.
    this.#safely(() => this.#prepareScene());
  }

  /** Somebody else wants the call over. */
  requestEnd(reason: EndReason): void {
    this.post({ type: "end-requested", reason });
  }

  /** The agent says this now, whatever it was saying; with `endAfter` the call ends once it has been heard. */
  say(text: string, options: { readonly endAfter: boolean }): void {
    this.post({ type: "say-requested", text, endAfter: options.endAfter });
  }

  /** Tells the language model something; with `shouldReply` the agent takes a turn when the floor is free. */
  injectContext(content: string, options: { readonly shouldReply: boolean }): void {
    this.post({ type: "context-injected", content, shouldReply: options.shouldReply });
  }

  /** A muted agent listens and says nothing but what `say` tells it to. */
  setMuted(isMuted: boolean): void {
    this.post({ type: isMuted ? "agent-muted" : "agent-unmuted" });
  }

  /** Hands the far end on once what the agent says is said; a failure comes back to the agent. */
  requestTransfer(order: TransferOrder): void {
    this.post({ type: "transfer-requested", order });
  }

  /** Tools of a server can't be used; a call that can't go without them says `say` and ends. */
  reportToolServer(failure: Omit<Fact & { type: "tool-server-failed" }, "type">): void {
    this.post({ type: "tool-server-failed", ...failure });
  }

  /** Puts a fact into the mailbox, also for what stands around the call: its recorder, its API. Facts posted by effects wait until the present one is dealt with. */
  post(fact: Fact): void {
    if (this.#isOver) return;
    this.#mailbox.push(fact);
    if (this.#isDraining) return;
    this.#isDraining = true;
    this.#safely(() => {
      for (let next = this.#mailbox.shift(); next; next = this.#mailbox.shift()) this.#handle(next);
    });
    this.#isDraining = false;
    if (this.#conversation.phase.name === "ended") this.#safely(() => this.#windUp());
  }

  #handle(fact: Fact): void {
    const event = { ...fact, atMs: this.#nowMs() };
    const { scene } = this.#conversation;
    const { now, effects } = reduce(this.#conversation, event);
    this.#conversation = now;
    this.#append({ seq: ++this.#seq, atMs: event.atMs, event, effects });
    for (const effect of effects) this.#carryOut(effect);
    if (now.scene !== scene) this.#prepareScene();
    if (fact.type === "realtime-failed" && now.phase.name !== "ended") this.#ears = this.#listen();
    if (now.realtime) this.#realtime?.inform(now);
    this.#summarising.review(now, () => this.#presentCast());
  }

  /** Time in the call, whole milliseconds. */
  #nowMs(): number {
    return Math.round(this.#clock.nowMs() - this.#startMs);
  }

  #append(entry: JournalEntry): void {
    this.#options.journal.append(entry);
    this.#leg.show({ type: "event", atMs: entry.atMs, entry });
  }

  #carryOut(effect: Effect): void {
    switch (effect.type) {
      case "start-reply":
        this.#startReply(effect);
        return;
      case "cancel-reply":
        this.#voice.cancel(effect.replyId);
        return;
      case "decline-offer":
        this.#realtime?.declineOffer(effect.offerId);
        return;
      case "draft-reply":
        this.#draftReply(effect);
        return;
      case "drop-draft":
        this.#replying.dropDraft(effect.replyId);
        return;
      case "duck-reply":
        this.#playout.duck(effect.replyId);
        return;
      case "unduck-reply":
        this.#playout.unduck(effect.replyId);
        return;
      case "fill-pause":
      case "play-sound":
        this.#voice.bridge(effect, this.#presentCast());
        return;
      case "say-backchannel":
        void this.#asides.say(effect.text, this.#presentCast());
        return;
      case "run-tool":
        void this.#tools.run(effect, this.#conversation.scene);
        return;
      case "send-digits":
        sendDigits(this.#line, effect);
        return;
      case "transfer-call":
        transferCall(this.#line, effect);
        return;
      case "extract-values":
        void this.#tools.runWith(effect.toolCallId, (signal) => this.#extract(effect, signal));
        return;
      case "enter-node":
      case "note-far-end":
        return;
      case "set-timer":
        this.#timers.set(effect);
        return;
      case "clear-timer":
        this.#timers.clear(effect.timer);
        return;
      case "record":
        this.#options.recorder?.setOn(effect.isOn, toSamples(this.#nowMs()));
        return;
      case "close-leg":
        this.#ears.stop();
        this.#leg.close(effect.reason);
        return;
    }
  }

  /** A realtime model that has failed still says what it had begun. */
  get #voice(): Voice {
    return this.#realtime?.isActive ? this.#realtime : this.#replying;
  }

  #startReply(effect: Effect & { type: "start-reply" }): void {
    if (this.#realtime && this.#conversation.realtime) return this.#realtime.start(effect);
    const cast = this.#casting.of(this.#conversation.scene, { isSecondTry: effect.attempt !== undefined });
    const { context } = cast.models.languageModel;
    const request = () => toReplyRequest(cast.scene, this.#conversation, effect.purpose, context);
    this.#replying.start(effect, { ...cast, request });
  }

  #draftReply(effect: Effect & { type: "draft-reply" }): void {
    const cast = this.#presentCast();
    const { context } = cast.models.languageModel;
    const request = () => toDraftRequest(cast.scene, this.#conversation, effect.words, context);
    this.#replying.draft(effect, { ...cast, request });
  }

  async #extract(effect: Effect & { type: "extract-values" }, signal: AbortSignal): Promise<ToolOutcome> {
    const asked = { variables: effect.variables, messages: toMessages(this.#conversation) };
    const values = await extractValues(this.#presentCast().models, asked, signal);
    this.post({ type: "values-learnt", values });
    return { outcome: "succeeded", result: JSON.stringify(values) };
  }

  #presentCast(): Cast {
    return this.#casting.of(this.#conversation.scene);
  }

  #prepareScene(): void {
    const { scene, models } = this.#presentCast();
    if (this.#conversation.realtime) this.#realtime?.rebrief(scene);
    else models.languageModel.prepare?.(scene.system);
  }

  #hear(frame: Samples): void {
    if (this.#isOver) return;
    this.#options.recorder?.write("caller", this.#callerTimeline.place(this.#clock.nowMs() - this.#startMs), frame);
    this.#ears.push(frame);
  }

  #tick(): void {
    this.#playout.tick();
    this.#options.recorder?.advance(toSamples(this.#clock.nowMs() - this.#startMs));
  }

  #loseLeg(): void {
    this.#playout.pause();
    this.#ears.interrupt();
    this.post({ type: "leg-lost" });
  }

  #resumeLeg(): void {
    this.#playout.resume();
    this.post({ type: "leg-resumed" });
  }

  /** After the end: waits for what completes the history, then writes the last line. */
  #windUp(): void {
    const isComplete = !this.#voice.isActive && this.#ears.awaitedCount === 0 && this.#tools.runningCount === 0;
    if (isComplete) this.#finish();
    else this.#cancelAfterword ??= this.#clock.after(AFTERWORD_LIMIT_MS, () => this.#finish());
  }

  #finish(): void {
    if (this.#isOver) return;
    const { phase } = this.#conversation;
    const reason = phase.name === "ended" ? phase.reason : "internal";
    for (const fact of this.#tools.abandon()) this.#handle(fact);
    this.#handle({ type: "call-ended", reason });
    this.#close(reason);
  }

  #close(reason: EndReason): void {
    this.#isOver = true;
    this.#cancelAfterword?.();
    this.#stopTicking();
    this.#timers.close();
    this.#playout.close();
    this.#replying.close();
    this.#summarising.close();
    this.#tools.close();
    this.#realtime?.close();
    this.#ears.close();
    void this.#store().then(() => this.#done.resolve(reason));
  }

  async #store(): Promise<void> {
    await this.#options.recorder?.close().catch((error: unknown) => this.#options.onBug?.(error));
    await flushStubbornly(this.#options.journal);
  }

  /** A broken invariant ends this call, and no other. */
  #safely(run: () => void): void {
    try {
      run();
    } catch (error) {
      this.#breakOff(error);
    }
  }

  #breakOff(error: unknown): void {
    this.#options.onBug?.(error);
    if (this.#isOver) return;
    this.#mailbox.length = 0;
    const event = { type: "call-ended", reason: "internal", atMs: this.#nowMs() } as const;
    this.#conversation = { ...this.#conversation, phase: { name: "ended", reason: "internal" }, timers: {} };
    this.#options.journal.append({ seq: ++this.#seq, atMs: event.atMs, event, effects: [] });
    this.#leg.close("internal");
    this.#close("internal");
  }
}
