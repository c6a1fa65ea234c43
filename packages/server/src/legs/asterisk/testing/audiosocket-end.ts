/** Asterisk's end of an AudioSocket. Packets as in https://docs.asterisk.org/Configuration/Channel-Drivers/AudioSocket/ */

import type { Samples } from "@earshot/engine";
import type { StreamMessage } from "../../stream/stream-codec.ts";
import type { CarrierEnd } from "../../stream/testing/carrier-end.ts";
import { toPacket } from "../audiosocket-stream.ts";

const SLIN_8 = 0x10;
const SLIN_16 = 0x12;

export class AudioSocketEnd implements CarrierEnd {
  readonly digits = "";
  readonly played: Samples[] = [];
  hasHungUp = false;
  readonly #uuid: Uint8Array;

  constructor(uuid: Uint8Array = new Uint8Array(16)) {
    this.#uuid = uuid;
  }

  greet(): StreamMessage[] {
    return [toPacket(0x01, this.#uuid)];
  }

  say(frame: Samples): StreamMessage {
    return toPacket(SLIN_16, new Uint8Array(frame.slice().buffer));
  }

  press(digit: string): StreamMessage {
    return toPacket(0x03, Buffer.from(digit, "ascii"));
  }

  hangUp(): StreamMessage {
    return toPacket(0x00, new Uint8Array(0));
  }

  /** What comes is played as it comes. */
  hear(message: StreamMessage): void {
    if (typeof message === "string") throw new Error("AudioSocket has no text");
    const [kind] = message;
    if (kind === 0x00) this.hasHungUp = true;
    else if (kind === SLIN_16 || kind === SLIN_8) this.played.push(new Int16Array(message.slice(3).buffer));
    else throw new Error(`unknown packet of kind ${kind}`);
  }

  tick(): StreamMessage[] {
    return [];
  }
}
