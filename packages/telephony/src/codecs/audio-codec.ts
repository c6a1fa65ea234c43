import type { AudioCodecName } from "../sdp/media-capabilities.ts";

/** The rate of the frames that a session gives and takes. */
export const FRAME_RATE_HZ = 16_000;
export const FRAME_MS = 20;
/** Samples in a frame. */
export const FRAME_SAMPLES = (FRAME_RATE_HZ * FRAME_MS) / 1000;
/** The longest packet: 120 ms. */
export const MAX_PACKET_SAMPLES = 6 * FRAME_SAMPLES;

/** One direction-pair of one call: encoder and decoder keep state from packet to packet. */
export interface AudioCodec {
  readonly name: AudioCodecName;
  /** The RTP clock's rate, which isn't always that of the samples. */
  readonly clockRateHz: number;
  /** The rate of what `decode` gives and `encode` takes: 8000 or 16000. */
  readonly sampleRateHz: 8000 | 16_000;
  /** Length of a payload in units of the RTP clock; 0 for one that is empty, longer than 120 ms or damaged. */
  durationOf(payload: Uint8Array): number;
  /** Writes samples to the front of `into`, which has room for 120 ms. Returns how many; 0 for a damaged payload. */
  decode(payload: Uint8Array, into: Int16Array): number;
  /** Writes the bytes of whole frames of 20 ms to `into` from `at` on. Returns how many. */
  encode(samples: Int16Array, into: Uint8Array, at: number): number;
  /** Gives back what the garbage collector doesn't see. Idempotent. */
  close(): void;
}
