/** One call on the call thread: its leg, its session and what it writes down. */

import {
  BatchingJournal,
  type Clock,
  type EndReason,
  FastClock,
  type JournalEntry,
  type Recorder,
  type Samples,
  Session,
  type SessionOptions,
} from "@earshot/engine";
import type { SpeechConnection } from "@earshot/providers";
import type { CallReservation } from "../calls/call-control.ts";
import { BrowserLeg, type LegWire } from "../legs/browser-leg.ts";
import { LockstepLeg } from "../legs/lockstep-leg.ts";
import { DenoisingRecorder } from "../recordings/denoising-recorder.ts";
import { FileRecorder } from "../recordings/file-recorder.ts";
import { toCallPlan } from "./to-call-plan.ts";

/** Audio that never connects frees its place after this long. */
const CONNECT_LIMIT_MS = 60_000;

export type LiveCallOptions = {
  readonly reservation: CallReservation;
  readonly clock: Clock;
  readonly models: SessionOptions["models"];
  readonly denoisers: SpeechConnection["denoisers"];
  readonly tools: SessionOptions["tools"];
  readonly voiceId: string;
  readonly recordingPath: string;
  readonly store: (entries: readonly JournalEntry[]) => Promise<void>;
  readonly onStarted: () => void;
  readonly onEnded: (end: { readonly reason: EndReason; readonly durationMs: number }) => void;
  readonly onTrouble: (message: string, error: unknown) => void;
};

export class LiveCall {
  readonly #options: LiveCallOptions;
  /** Call time: the node's, or one that runs ahead. */
  readonly #clock: Clock;
  readonly #leg: BrowserLeg | LockstepLeg;
  readonly #wires = new Map<number, LegWire>();
  readonly #cancelConnectLimit: () => void;
  #session: Session | undefined;
  #isOver = false;

  constructor(options: LiveCallOptions) {
    this.#options = options;
    const { call } = options.reservation;
    if (call.pace === "fast") {
      const clock = new FastClock(options.clock);
      this.#clock = clock;
      this.#leg = new LockstepLeg({ callId: call.id, clock });
    } else {
      this.#clock = options.clock;
      this.#leg = new BrowserLeg({ callId: call.id, clock: options.clock });
    }
    this.#cancelConnectLimit = options.clock.after(CONNECT_LIMIT_MS, () => this.end("connection-lost"));
  }

  attach(wireId: number, wire: LegWire): void {
    this.#wires.set(wireId, wire);
    this.#leg.attach(wire);
    if (!this.#isOver && !this.#session) this.#start();
  }

  detach(wireId: number): void {
    const wire = this.#wires.get(wireId);
    if (!wire) return;
    this.#wires.delete(wireId);
    this.#leg.detach(wire);
  }

  receiveAudio(samples: Samples): void {
    this.#leg.receiveAudio(samples);
  }

  receiveText(text: string): void {
    this.#leg.receiveText(text);
  }

  end(reason: EndReason): void {
    if (this.#session) this.#session.requestEnd(reason);
    else this.#close(reason, 0);
  }

  #start(): void {
    const { reservation, models, tools, voiceId, store, onStarted, onTrouble } = this.#options;
    this.#cancelConnectLimit();
    // The journal keeps real time whatever the call does: its delay is a promise to the outside.
    const journal = new BatchingJournal(store, this.#options.clock);
    const recorder = this.#makeRecorder();
    const session = new Session({
      plan: toCallPlan(reservation.agent, reservation.call, voiceId),
      models,
      leg: this.#leg,
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
  }

  #makeRecorder(): Recorder | undefined {
    const { agent } = this.#options.reservation;
    if (!agent.isRecorded) return undefined;
    const file = new FileRecorder({
      path: this.#options.recordingPath,
      onFailure: (error) => {
        this.#options.onTrouble("A recording can't be written", error);
        this.#session?.reportRecordingFailure(error instanceof Error ? error.message : String(error));
      },
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
