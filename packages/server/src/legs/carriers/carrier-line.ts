/** One call at a carrier on the main thread: which call of ours it is, and who is told that it is over. */

import type { CallControl } from "../../calls/call-control.ts";
import type { CarrierCalls, CarrierTransfer } from "../../carriers/carrier-calls.ts";
import { pause, type WallClock } from "../../wall-clock.ts";
import type { StreamMessage } from "../stream/stream-codec.ts";
import type { FromStream, StreamCarrier, StreamWire } from "../stream/stream-messages.ts";

/** What the carrier has still to play when the last message has left. */
const GOODBYE_MS = 300;
/** A call that isn't hung up is billed: the carrier is asked again. */
const HANG_UP_AGAIN_MS = [1_000, 5_000, 20_000];

/** The carrier's connection. */
export interface StreamSocket {
  send(message: StreamMessage): void;
  close(): void;
}

export type CarrierLineOptions = {
  readonly carrier: StreamCarrier;
  readonly callId: string;
  /** Absent: closing the connection is all that there is. */
  readonly calls?: CarrierCalls | undefined;
  readonly thread: StreamThread;
  readonly control: Pick<CallControl, "end">;
  readonly clock: WallClock;
  /** For the log. */
  readonly onProblem: (problem: string) => void;
  /** Somebody is there, and has sound. */
  readonly onBegun?: () => void;
  /** Nothing more comes of it. */
  readonly onDone: () => void;
};

export interface StreamThread {
  /** A stream that is not connected yet. */
  openStream(onReport: (report: FromStream) => void): StreamWire;
  /** Resolves once the call with this id is over. */
  whenOver(callId: string): Promise<void>;
}

export class CarrierLine {
  readonly #options: CarrierLineOptions;
  #callId: string;
  #carrierCallId: string | undefined;
  #wire: StreamWire | undefined;
  #socket: StreamSocket | undefined;
  #hasBegun = false;
  #isOver = false;
  #hungUp: Promise<void> = Promise.resolve();

  constructor(options: CarrierLineOptions) {
    this.#options = options;
    this.#callId = options.callId;
    void options.thread.whenOver(options.callId).then(() => {
      // Handed on to another call it lives on; and one that has begun hangs up by itself, after its last word.
      if (this.#callId === options.callId && !this.#hasBegun) this.#hangUp();
    });
  }

  /** The call of ours; another one after it was handed on. */
  get callId(): string {
    return this.#callId;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  get hasBegun(): boolean {
    return this.#hasBegun;
  }

  /** What the carrier calls it; later ids of the same call replace earlier ones. */
  get carrierCallId(): string | undefined {
    return this.#carrierCallId;
  }

  /** A call that is over by then is hung up at once. */
  name(carrierCallId: string): void {
    this.#carrierCallId = carrierCallId;
    if (this.#isOver) this.#hungUp = this.#hangUpAtCarrier(carrierCallId);
  }

  moveTo(callId: string): void {
    this.#callId = callId;
  }

  /** The carrier has connected. False when there is nothing to connect to any more. */
  connect(socket: StreamSocket): boolean {
    if (this.#isOver || this.#socket) return false;
    this.#socket = socket;
    const wire = this.#options.thread.openStream((report) => this.#receive(report));
    this.#wire = wire;
    wire.send({ kind: "open", callId: this.#callId, carrier: this.#options.carrier });
    return true;
  }

  hear(message: StreamMessage): void {
    this.#wire?.send({ kind: "message", message });
  }

  /** The connection is gone. */
  lose(isInOrder: boolean): void {
    if (!this.#wire) return;
    this.#wire.send({ kind: "closed", isInOrder });
    this.#wire.close();
    this.#wire = undefined;
    // Else it would wait for its far end.
    if (!this.#hasBegun) void this.#options.control.end(this.#callId, "connection-lost");
    this.#hangUp();
  }

  /** The carrier says that the call is over. */
  end(): void {
    this.#wire?.send({ kind: "over" });
    this.#carrierCallId = undefined;
    this.#hangUp();
  }

  /**
   * The carrier connects the far end with somebody else: nobody is to hang up on them from then on. False where there is
   * nobody to be connected. @throws CarrierError
   */
  async transfer(transfer: CarrierTransfer): Promise<boolean> {
    const { calls } = this.#options;
    const id = this.#carrierCallId;
    if (!calls || id === undefined || this.#isOver) return false;
    this.#wire?.send({ kind: "transferring", isTransferring: true });
    this.#carrierCallId = undefined;
    try {
      await calls.transfer(id, transfer);
      return true;
    } catch (error) {
      this.#wire?.send({ kind: "transferring", isTransferring: false });
      this.name(id);
      throw error;
    }
  }

  /** Hangs up on both sides; resolves once the carrier has done so, or can't. Idempotent. */
  close(): Promise<void> {
    this.#hangUp();
    return this.#hungUp;
  }

  #receive(report: FromStream): void {
    switch (report.kind) {
      case "begun":
        this.#hasBegun = true;
        return this.#options.onBegun?.();
      case "message":
        return this.#socket?.send(report.message);
      case "digits":
        void this.#sendDigits(report.digits);
        return;
      case "hang-up":
        this.#options.clock.after(GOODBYE_MS, () => this.#hangUp());
        return;
      case "problem":
        return this.#options.onProblem(report.problem);
    }
  }

  async #sendDigits(digits: string): Promise<void> {
    try {
      if (this.#carrierCallId !== undefined) await this.#options.calls?.sendDigits?.(this.#carrierCallId, digits);
    } catch (error) {
      this.#options.onProblem(`digits could not be sent: ${describe(error)}`);
    }
  }

  #hangUp(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#socket?.close();
    const id = this.#carrierCallId;
    if (id !== undefined) this.#hungUp = this.#hangUpAtCarrier(id);
    this.#options.onDone();
  }

  async #hangUpAtCarrier(id: string): Promise<void> {
    const { calls, clock, onProblem } = this.#options;
    if (!calls) return;
    for (const againMs of [...HANG_UP_AGAIN_MS, undefined])
      try {
        return await calls.hangUp(id);
      } catch (error) {
        onProblem(`the call could not be hung up: ${describe(error)}`);
        if (againMs === undefined) return;
        await pause(clock, againMs);
      }
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
