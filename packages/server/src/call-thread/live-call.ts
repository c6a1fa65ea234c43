/** One call on the call thread: its leg, its session and what it writes down. */

import {
  AmbientLeg,
  BatchingJournal,
  type CallLeg,
  type CallPlan,
  type Clock,
  type EndReason,
  FastClock,
  getScene,
  type JournalEntry,
  MAIN_SCENE,
  openAmbience,
  type Recorder,
  type Samples,
  type Scene,
  type SceneModels,
  Session,
  type SessionOptions,
} from "@earshot/engine";
import type { SpeechConnection } from "@earshot/providers";
import type { CallReservation } from "../calls/call-control.ts";
import type { CallOrder } from "../calls/call-order.ts";
import { BrowserLeg, type BrowserLegOptions, type LegWire } from "../legs/browser-leg.ts";
import { LockstepLeg } from "../legs/lockstep-leg.ts";
import type { OpenPeer } from "../legs/peer-sound.ts";
import { Relay } from "../legs/relay.ts";
import { type CarryTransfer, FarEnd, TransferableLeg } from "../legs/transferable-leg.ts";
import type { CallMcpTools } from "../mcp-servers/call-mcp-tools.ts";
import { DENOISING_SETTLE_MS, DenoisingRecorder } from "../recordings/denoising-recorder.ts";
import { FileRecorder } from "../recordings/file-recorder.ts";
import { outOfOrderPhrase } from "../tools/out-of-order-phrase.ts";
import { toCallPlan } from "./to-call-plan.ts";

/** Audio that never connects frees its place after this long. */
const CONNECT_LIMIT_MS = 60_000;
/** Somebody waits while another is briefed. */
const BRIEFING_LIMIT_MS = 40_000;
/** Whoever was to be connected is gone, or else it is done at once. */
const JOIN_LIMIT_MS = 10_000;

/** For a far end that nobody talks to yet. */
const DEAF = {
  onAudio: () => {},
  onDigit: () => {},
  onPlayed: () => {},
  onLost: () => {},
  onResumed: () => {},
} as const;

export type LiveCallOptions = {
  readonly reservation: CallReservation;
  readonly clock: Clock;
  readonly models: Omit<SessionOptions["models"], keyof SceneModels>;
  readonly sceneModels: (scene: Scene) => SceneModels;
  readonly fallback: NonNullable<SessionOptions["fallback"]>;
  readonly denoisers: SpeechConnection["denoisers"];
  readonly tools: SessionOptions["tools"];
  readonly mcp: CallMcpTools;
  readonly carryTransfer: CarryTransfer;
  /** The voice that speaks for the one wanted. */
  readonly voiceIdOf: (wanted: string | undefined) => string;
  readonly recordingPath: string;
  readonly store: (entries: readonly JournalEntry[]) => Promise<void>;
  /** Absent: no WebRTC. */
  readonly openPeer?: OpenPeer | undefined;
  /** How the sound over WebRTC was, at the end. */
  readonly onQuality: NonNullable<BrowserLegOptions["onQuality"]>;
  readonly onStarted: () => void;
  readonly onEnded: (end: { readonly reason: EndReason; readonly durationMs: number }) => void;
  readonly onTrouble: (message: string, error: unknown) => void;
};

/** A far end between two calls. */
export type ReleasedLine = {
  readonly farEnd: FarEnd;
  readonly wireLeg: BrowserLeg | LockstepLeg;
  readonly wires: Map<number, LegWire>;
  readonly clock: Clock;
};

export class LiveCall {
  readonly #options: LiveCallOptions;
  /** Call time: the node's, or one that runs ahead. */
  #clock: Clock;
  /** For a client; a call that is bridged has none. */
  #wireLeg: BrowserLeg | LockstepLeg;
  #leg: TransferableLeg;
  #wires = new Map<number, LegWire>();
  readonly #cancelConnectLimit: () => void;
  readonly #joinable = Promise.withResolvers<boolean>();
  #session: Session | undefined;
  #relay: Relay | undefined;
  #startedAtMs: number | undefined;
  #isSessionOver = false;
  #wasEnded = false;
  #isOver = false;

  constructor(options: LiveCallOptions) {
    this.#options = options;
    const { call } = options.reservation;
    if (call.pace === "fast") {
      const clock = new FastClock(options.clock);
      this.#clock = clock;
      this.#wireLeg = new LockstepLeg({ callId: call.id, clock });
    } else {
      this.#clock = options.clock;
      this.#wireLeg = new BrowserLeg({
        callId: call.id,
        clock: options.clock,
        openPeer: options.openPeer,
        onQuality: options.onQuality,
      });
    }
    this.#leg = this.#toLeg(new FarEnd(this.#wireLeg));
    this.#cancelConnectLimit = options.clock.after(CONNECT_LIMIT_MS, () => this.end("connection-lost"));
  }

  /** It waits for its far end, and keeps real time as every far end does. */
  get canBeBridged(): boolean {
    return !this.#session && !this.#isOver && this.#clock === this.#options.clock;
  }

  /** Begins with this as its far end; see `canBeBridged`. */
  startWith(leg: CallLeg): void {
    // A client that comes later is told that the call is over for it.
    this.#wireLeg.close("bridged");
    this.#leg = this.#toLeg(new FarEnd(leg));
    const { relay } = this.#options.reservation;
    if (relay?.briefing !== undefined || relay === undefined) return this.#start();
    this.#begin();
    this.#isSessionOver = true;
    this.#leg.open({ ...DEAF, onClosed: () => this.#close("caller-hung-up") });
    this.#waitToBeJoined();
  }

  /**
   * Goes on with another far end, which has taken the present one's place. False when it isn't under way.
   * @param isHandedOver the far end that leaves came with another call; of two who are connected it is the caller
   */
  replaceFarEnd(leg: CallLeg, isHandedOver: boolean): boolean {
    if (this.#relay) return this.#relay.replace(isHandedOver ? "first" : "second", new FarEnd(leg));
    return this.#session !== undefined && !this.#isSessionOver && this.#leg.replace(new FarEnd(leg));
  }

  /** The call whose far end this one's is to be connected with; undefined once it is, and where there is none. */
  get waitsFor(): string | undefined {
    return this.#relay || this.#isOver ? undefined : this.#options.reservation.relay?.callId;
  }

  /** For a call that is to be connected with another's far end: true once it may be, false when it is over before. */
  get joinable(): Promise<boolean> {
    return this.#joinable.promise;
  }

  /** Connects its far end with another call's. False when it has none any more. */
  join({ farEnd, wireLeg, wires }: ReleasedLine): boolean {
    const own = this.#isOver ? undefined : this.#leg.release();
    if (own === undefined) return false;
    this.#wireLeg = wireLeg;
    this.#wires = wires;
    this.#relay = new Relay([farEnd, own], () => this.#close("caller-hung-up"));
    return true;
  }

  /** Gives the far end away, with all that leads to it. Undefined when there is none any more. */
  release(): ReleasedLine | undefined {
    const farEnd = this.#isOver ? undefined : this.#leg.release();
    return farEnd && { farEnd, wireLeg: this.#wireLeg, wires: this.#wires, clock: this.#clock };
  }

  /** Whether it waits for a far end. */
  get canTakeOver(): boolean {
    return !this.#session && !this.#isOver;
  }

  /** Begins with the far end of another call. */
  takeOver({ farEnd, wireLeg, wires, clock }: ReleasedLine): void {
    this.#wireLeg.close("transferred");
    this.#wireLeg = wireLeg;
    this.#wires = wires;
    this.#clock = clock;
    this.#leg = this.#toLeg(farEnd);
    this.#start();
  }

  attach(wireId: number, wire: LegWire): void {
    this.#wires.set(wireId, wire);
    this.#wireLeg.attach(wire);
    if (!this.#isOver && !this.#session) this.#start();
  }

  detach(wireId: number): void {
    const wire = this.#wires.get(wireId);
    if (!wire) return;
    this.#wires.delete(wireId);
    this.#wireLeg.detach(wire);
  }

  receiveAudio(samples: Samples): void {
    this.#wireLeg.receiveAudio(samples);
  }

  receiveText(text: string): void {
    this.#wireLeg.receiveText(text);
  }

  end(reason: EndReason): void {
    this.#wasEnded = true;
    if (this.#session && !this.#isSessionOver) this.#session.requestEnd(reason);
    else this.#close(reason);
  }

  /** False when the call has not begun or is over; and for a transfer when it is ending, or being transferred. */
  obey(order: CallOrder): boolean {
    const session = this.#session;
    if (!session || this.#isSessionOver || session.conversation.phase.name === "ended") return false;
    switch (order.type) {
      case "say":
        session.say(order.text, order);
        return true;
      case "inject-context":
        session.injectContext(order.content, order);
        return true;
      case "mute":
        session.setMuted(order.isMuted);
        return true;
      case "record":
        session.post({ type: order.isPaused ? "recording-paused" : "recording-resumed" });
        return true;
      case "transfer":
        // The rules would leave it at that, and nobody outside would know.
        if (session.conversation.phase.name === "closing" || session.conversation.transfer) return false;
        session.requestTransfer(order.order);
        return true;
    }
  }

  #start(): void {
    const { reservation, models, sceneModels, fallback, tools, voiceIdOf, store, onTrouble } = this.#options;
    // The journal keeps real time whatever the call does: its delay is a promise to the outside.
    const journal = new BatchingJournal(store, this.#options.clock);
    const plan = toCallPlan(reservation.agent, reservation.call, voiceIdOf, reservation);
    const recorder = this.#makeRecorder(plan);
    const session = new Session({
      plan,
      models: { ...models, ...sceneModels(getScene(plan, MAIN_SCENE)) },
      sceneModels,
      fallback,
      leg: this.#withAmbience(this.#leg),
      clock: this.#clock,
      journal,
      tools,
      ...(recorder ? { recorder } : {}),
      onBug: (error) => onTrouble("A call broke off", error),
    });
    this.#session = session;
    this.#begin();
    void session.done.then((reason) => this.#onSessionOver(reason));
    session.start();
    const { relay } = reservation;
    if (relay?.briefing !== undefined) this.#brief(session, relay.briefing);
    void this.#options.mcp.ready.then((failures) => {
      for (const failure of failures)
        session.reportToolServer({ ...failure, say: outOfOrderPhrase(reservation.agent.language) });
    });
  }

  #begin(): void {
    this.#cancelConnectLimit();
    this.#options.onStarted();
    this.#startedAtMs = this.#clock.nowMs();
  }

  /** Says this and nothing else; then the far end is connected with somebody. */
  #brief(session: Session, text: string): void {
    session.setMuted(true);
    session.say(text, { endAfter: true });
    this.#options.clock.after(BRIEFING_LIMIT_MS, () => session.requestEnd("api-request"));
  }

  #onSessionOver(reason: EndReason): void {
    this.#isSessionOver = true;
    const isBriefed = this.#options.reservation.relay !== undefined && reason === "api-request" && !this.#wasEnded;
    if (isBriefed) this.#waitToBeJoined();
    else this.#close(reason);
  }

  #waitToBeJoined(): void {
    this.#joinable.resolve(true);
    this.#options.clock.after(JOIN_LIMIT_MS, () => {
      if (!this.#relay) this.#close("connection-lost");
    });
  }

  #toLeg(farEnd: FarEnd): TransferableLeg {
    return new TransferableLeg(farEnd, (order, onProgress) => this.#options.carryTransfer(order, onProgress), {
      isKept: this.#options.reservation.relay !== undefined,
    });
  }

  #withAmbience(inner: CallLeg): CallLeg {
    const { clip, volume } = this.#options.reservation.agent.ambientSound;
    if (clip === "none" || volume === 0) return inner;
    return new AmbientLeg({ inner, ambience: openAmbience(clip, volume), clock: this.#clock });
  }

  #makeRecorder({ rules }: CallPlan): Recorder | undefined {
    const { agent, recordingFormat } = this.#options.reservation;
    const isDenoised = agent.denoising !== "off";
    if (!agent.isRecorded) return undefined;
    const file = new FileRecorder({
      path: this.#options.recordingPath,
      ...(recordingFormat ? { format: recordingFormat } : {}),
      isOn: rules.recordingConsent === undefined,
      ...(isDenoised ? { settleMs: DENOISING_SETTLE_MS } : {}),
      onFailure: (error) => {
        this.#options.onTrouble("A recording can't be written", error);
        const message = error instanceof Error ? error.message : String(error);
        this.#session?.post({ type: "recording-failed", message });
      },
      onRecovered: () => this.#session?.post({ type: "recording-recovered" }),
    });
    return agent.denoising === "off" ? file : new DenoisingRecorder(file, this.#options.denoisers[agent.denoising]);
  }

  #close(reason: EndReason): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#joinable.resolve(false);
    this.#cancelConnectLimit();
    this.#relay?.close(reason);
    this.#leg.close(reason);
    this.#leg.release()?.leg.close(reason);
    const durationMs = this.#startedAtMs === undefined ? 0 : Math.round(this.#clock.nowMs() - this.#startedAtMs);
    this.#options.onEnded({ reason, durationMs });
  }
}
