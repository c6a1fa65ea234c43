/** A call that an Asterisk brings by AudioSocket: a real TCP connection, and a packet every 20 ms. */

import { connect, type Socket } from "node:net";
import { FRAME_SAMPLES, type Samples } from "@earshot/engine";
import { toFrames } from "@earshot/engine/testing";
import { PacketReader } from "../packet-reader.ts";
import { AudioSocketEnd } from "./audiosocket-end.ts";

export class AudioSocketCall {
  readonly end: AudioSocketEnd;
  readonly closed: Promise<void>;
  readonly #socket: Socket;
  readonly #toSay: Samples[] = [];
  #isMute: boolean;

  /** Between two packets that came, ms. */
  longestGapMs = 0;

  private constructor(socket: Socket, end: AudioSocketEnd, isMute: boolean) {
    this.#isMute = isMute;
    this.#socket = socket;
    this.end = end;
    const reader = new PacketReader();
    let heardAtMs = performance.now();
    socket.on("data", (bytes: Buffer) => {
      this.longestGapMs = Math.max(this.longestGapMs, performance.now() - heardAtMs);
      heardAtMs = performance.now();
      for (const packet of reader.push(bytes)) end.hear(packet);
    });
    for (const message of end.greet()) socket.write(message);
    const timer = setInterval(() => {
      if (socket.writable && !this.#isMute) socket.write(end.say(this.#toSay.shift() ?? new Int16Array(FRAME_SAMPLES)));
    }, 20);
    this.closed = new Promise((resolve) => {
      socket.on("close", () => {
        clearInterval(timer);
        resolve();
      });
    });
  }

  /** @param uuid hyphens are left out; `isMute`: the caller's telephone sends nothing */
  static async open(port: number, uuid: string, { isMute = false } = {}): Promise<AudioSocketCall> {
    const socket = connect(port, "127.0.0.1");
    socket.on("error", () => {});
    await new Promise((resolve) => socket.on("connect", resolve));
    return new AudioSocketCall(socket, new AudioSocketEnd(Buffer.from(uuid.replaceAll("-", ""), "hex")), isMute);
  }

  say(samples: Samples): void {
    this.#toSay.push(...toFrames(samples));
  }

  unmute(): void {
    this.#isMute = false;
  }

  hangUp(): void {
    this.#socket.end(this.end.hangUp());
  }

  get heardMs(): number {
    return this.end.played.filter((frame) => frame.some((sample) => Math.abs(sample) > 500)).length * 20;
  }
}
