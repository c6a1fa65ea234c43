/** A call whose sound a carrier streams: a real WebSocket, and a carrier's end of it, 50 times a second. */

import { FRAME_SAMPLES, type Samples } from "@earshot/engine";
import { toFrames } from "@earshot/engine/testing";
import { WebSocket } from "ws";
import type { CarrierEnd } from "./carrier-end.ts";

export class StreamedCall {
  readonly end: CarrierEnd;
  /** Messages of ours that the carrier's documentation doesn't know. */
  readonly problems: string[] = [];
  /** It was hung up by the carrier's API. */
  isHungUp = false;
  /** Resolves with the code with which the connection was closed. */
  readonly closed: Promise<number>;
  readonly #socket: WebSocket;
  readonly #toSay: Samples[] = [];

  private constructor(socket: WebSocket, end: CarrierEnd) {
    this.#socket = socket;
    this.end = end;
    socket.on("message", (data: Buffer, isBinary) => {
      try {
        end.hear(isBinary ? new Uint8Array(data) : String(data));
      } catch (error) {
        this.problems.push(String(error));
      }
    });
    for (const message of end.greet()) socket.send(message);
    const timer = setInterval(() => {
      this.#send(end.say(this.#toSay.shift() ?? new Int16Array(FRAME_SAMPLES)));
      for (const message of end.tick()) this.#send(message);
    }, 20);
    this.closed = new Promise((resolve) => {
      socket.on("close", (code) => {
        clearInterval(timer);
        resolve(code);
      });
    });
  }

  /** @throws Error with the status when the stream is refused */
  static async open(url: string, end: CarrierEnd, protocol?: string): Promise<StreamedCall> {
    const socket = new WebSocket(url, protocol === undefined ? [] : [protocol]);
    await new Promise<void>((resolve, reject) => {
      socket.on("open", () => resolve());
      socket.on("error", reject);
    });
    return new StreamedCall(socket, end);
  }

  say(samples: Samples): void {
    this.#toSay.push(...toFrames(samples));
  }

  press(digit: string): void {
    const message = this.end.press(digit);
    if (message !== undefined) this.#send(message);
  }

  /** The caller hangs up. */
  hangUp(): void {
    const message = this.end.hangUp();
    if (message !== undefined) this.#send(message);
    this.#socket.close(1000);
  }

  /** What the caller has heard that was no silence, ms. */
  get heardMs(): number {
    return this.end.played.filter((frame) => frame.some((sample) => Math.abs(sample) > 500)).length * 20;
  }

  #send(message: string | Uint8Array): void {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(message);
  }
}
