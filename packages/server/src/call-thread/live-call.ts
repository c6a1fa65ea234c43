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
import { type CarryTransfer, FarEnd, TransferableLeg } from "../legs/transferable-leg.ts";
import type { CallMcpTools } from "../mcp-servers/call-mcp-tools.ts";
import { DENOISING_SETTLE_MS, DenoisingRecorder } from "../recordings/denoising-recorder.ts";
import { FileRecorder } from "../recordings/file-recorder.ts";
import { outOfOrderPhrase } from "../tools/out-of-order-phrase.ts";
import { toCallPlan } from "./to-call-plan.ts";

/** Audio that never connects frees its place after this long. */
const CONNECT_LIMIT_MS = 60_000;

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
  #session: Session | undefined;
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
    this.#start();
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
    if (this.#session) this.#session.requestEnd(reason);
    else this.#close(reason, 0);
  }

  /** False when the call has not begun or is over. */
  obey(order: CallOrder): boolean {
    const session = this.#session;
    if (!session || session.conversation.phase.name === "ended") return false;
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
        session.requestTransfer(order.order);
        return true;
    }
  }

  #start(): void {
    const { reservation, models, sceneModels, fallback, tools, voiceIdOf, store, onStarted, onTrouble } = this.#options;
    this.#cancelConnectLimit();
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
    onStarted();
    const startedAtMs = this.#clock.nowMs();
    void session.done.then((reason) => this.#close(reason, Math.round(this.#clock.nowMs() - startedAtMs)));
    session.start();
    void this.#options.mcp.ready.then((failures) => {
      for (const failure of failures)
        session.reportToolServer({ ...failure, say: outOfOrderPhrase(reservation.agent.language) });
    });
  }

  #toLeg(farEnd: FarEnd): TransferableLeg {
    return new TransferableLeg(farEnd, (order, onProgress) => this.#options.carryTransfer(order, onProgress));
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

  #close(reason: EndReason, durationMs: number): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#cancelConnectLimit();
    this.#leg.close(reason);
    this.#options.onEnded({ reason, durationMs });
  }
}
