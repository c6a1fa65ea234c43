/** Asterisk's AudioSocket: https://docs.asterisk.org/Configuration/Channel-Drivers/AudioSocket/ */

import type { StreamCodec, StreamEvent, StreamFormat } from "../stream/stream-codec.ts";

export const HEADER_BYTES = 3;
export const HANG_UP = 0x00;
export const UUID = 0x01;
const DIGIT = 0x03;
const ERROR = 0xff;
const RATES: Readonly<Record<number, StreamFormat["sampleRateHz"]>> = {
  16: 8000,
  17: 12_000,
  18: 16_000,
  19: 24_000,
  20: 32_000,
  22: 48_000,
};
const USUAL = 0x10;

/** Messages are whole packets: header and payload. */
export function makeAudioSocketStream(): StreamCodec {
  let kindOfSound = 0;
  return {
    endsByClosing: true,
    digits: "tones",
    decode(message) {
      if (typeof message === "string" || message.length < HEADER_BYTES) return garbage("no packet of AudioSocket");
      const [kind = ERROR] = message;
      // Also later: silence may have stood for a caller who had not been heard yet.
      if (kind !== kindOfSound && RATES[kind] !== undefined) {
        kindOfSound = kind;
        return toStarted(kind, message.subarray(HEADER_BYTES));
      }
      return decode(kind, kindOfSound, message.subarray(HEADER_BYTES));
    },
    audio: (payload) => toPacket(kindOfSound || USUAL, payload),
    hangUp: () => toPacket(HANG_UP, new Uint8Array(0)),
  };
}

/** @param payload at most 65,535 bytes */
export function toPacket(kind: number, payload: Uint8Array): Uint8Array<ArrayBuffer> {
  const packet = new Uint8Array(HEADER_BYTES + payload.length);
  packet.set([kind, payload.length >> 8, payload.length & 0xff]);
  packet.set(payload, HEADER_BYTES);
  return packet;
}

function decode(kind: number, kindOfSound: number, payload: Uint8Array): StreamEvent | undefined {
  switch (kind) {
    case kindOfSound:
      return { kind: "audio", payload };
    case HANG_UP:
      return { kind: "stopped" };
    case DIGIT:
      return { kind: "digit", digit: String.fromCharCode(payload[0] ?? 0) };
    case UUID:
      return undefined;
    case ERROR:
      return garbage(`Asterisk reports error ${payload[0] ?? "without a code"}`);
    default:
      return garbage(`packets of kind ${kind} aren't understood`);
  }
}

/** What sound it is, itself tells. */
function toStarted(kind: number, payload: Uint8Array): StreamEvent {
  const format: StreamFormat = { encoding: "linear", sampleRateHz: RATES[kind] ?? 8000 };
  return { kind: "started", heard: format, played: format, payload };
}

function garbage(problem: string): StreamEvent & { kind: "garbage" } {
  return { kind: "garbage", problem };
}
