/** How a carrier's media stream reads and writes: no socket, no clock, no call. */

/** One text or binary message. */
export type StreamMessage = string | Uint8Array<ArrayBuffer>;

/** Mono; `linear` is signed 16-bit, little-endian. */
export type StreamFormat = {
  readonly encoding: "mu-law" | "a-law" | "linear";
  readonly sampleRateHz: 8000 | 12_000 | 16_000 | 24_000 | 32_000 | 48_000;
};

export type StreamEvent =
  /** Sound goes both ways from now on: what the carrier sends, and what it takes. `payload` is the first of it. */
  | {
      readonly kind: "started";
      readonly heard: StreamFormat;
      readonly played: StreamFormat;
      readonly payload?: Uint8Array;
    }
  /** `chunk` counts up by one, where messages may overtake each other. */
  | { readonly kind: "audio"; readonly payload: Uint8Array; readonly chunk?: number }
  | { readonly kind: "digit"; readonly digit: string }
  /** All that was sent before this mark has been played, or was cleared. */
  | { readonly kind: "mark"; readonly name: string }
  /** The call is over. */
  | { readonly kind: "stopped" }
  /** The stream can't be used, or broke. */
  | { readonly kind: "failed"; readonly problem: string }
  /** Not understood. */
  | { readonly kind: "garbage"; readonly problem: string };

/** What waits to be played waits at the carrier, which can drop it and tell how far it came. */
export interface FarQueue {
  clear(): StreamMessage;
  mark(name: string): StreamMessage;
}

/** One stream of one call: it remembers what the carrier calls it. `decode` never throws. */
export interface StreamCodec {
  /** Absent: the carrier plays what it gets as it gets it, so that it has to wait here. */
  readonly queue?: FarQueue;
  /** A connection that is closed in order means that the caller has hung up. */
  readonly endsByClosing: boolean;
  /** How digits are sent: as a message, by the carrier's API, or as tones among the sound. */
  readonly digits: "message" | "api" | "tones";
  /** Undefined for what doesn't matter here. */
  decode(message: StreamMessage): StreamEvent | undefined;
  /** 20 ms, in the format that is played. */
  audio(payload: Uint8Array<ArrayBuffer>): StreamMessage;
  /** Only where `digits` is `message`. */
  sendDigits?(digits: string): StreamMessage;
  /** Where hanging up is a message. */
  hangUp?(): StreamMessage;
}

export const G711: StreamFormat = { encoding: "mu-law", sampleRateHz: 8000 };
