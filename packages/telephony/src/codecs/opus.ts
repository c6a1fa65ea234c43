/** Opus (RFC 6716, RFC 7587) by libopus, at 16 kHz mono: that is all that the telephone side of a call can use. */
import { Decoder, Encoder } from "@evan/opus";
import { readParameters } from "../sdp/rtp-format.ts";
import { type AudioCodec, FRAME_RATE_HZ, MAX_PACKET_SAMPLES } from "./audio-codec.ts";

const CLOCK_RATE_HZ = 48_000;
const MAX_DURATION = (CLOCK_RATE_HZ * 120) / 1000;
const MAX_BYTES = 1500;
const COMPLEXITY = 5;
const BITS_PER_SECOND = 24_000;
/** With in-band correction: what it is prepared for, in percent. */
const EXPECTED_LOSS = 10;

/** `parameters`: the peer's `a=fmtp`; `useinbandfec`, `maxaveragebitrate` and `usedtx` are honoured. */
export function makeOpus(parameters?: string): AudioCodec {
  let decoder: Decoder | undefined;
  let encoder: Encoder | undefined;
  return {
    name: "opus",
    clockRateHz: CLOCK_RATE_HZ,
    sampleRateHz: FRAME_RATE_HZ,
    durationOf: opusDuration,
    decode(payload, into) {
      if (opusDuration(payload) === 0) return 0;
      decoder ??= new Decoder({ channels: 1, sample_rate: FRAME_RATE_HZ });
      try {
        const bytes = decoder.decode(payload);
        const count = Math.min(bytes.length >> 1, MAX_PACKET_SAMPLES, into.length);
        into.set(new Int16Array(bytes.buffer, bytes.byteOffset, count));
        return count;
      } catch {
        // The library throws for a payload that is damaged.
        return 0;
      }
    },
    encode(samples, into, at) {
      encoder ??= makeEncoder(parameters);
      const bytes = encoder.encode(samples);
      into.set(bytes, at);
      return bytes.length;
    },
    close() {
      decoder = undefined;
      encoder = undefined;
    },
  };
}

/** From the table of contents, RFC 6716 section 3.1, without decoding. In units of 1/48000 s. */
export function opusDuration(payload: Uint8Array): number {
  const [toc, count = 0] = payload;
  if (toc === undefined || payload.length > MAX_BYTES) return 0;
  const frames = [1, 2, 2, count & 63][toc & 3] as number;
  const duration = frames * frameDuration(toc >> 3);
  return duration <= MAX_DURATION ? duration : 0;
}

function frameDuration(configuration: number): number {
  const step = configuration & 3;
  if (configuration < 12) return [480, 960, 1920, 2880][step] as number;
  if (configuration < 16) return [480, 960][step & 1] as number;
  return [120, 240, 480, 960][step] as number;
}

function makeEncoder(parameters: string | undefined): Encoder {
  const wanted = readParameters(parameters);
  const encoder = new Encoder({ channels: 1, sample_rate: FRAME_RATE_HZ, application: "voip" });
  const most = Number(wanted.get("maxaveragebitrate"));
  encoder.complexity = COMPLEXITY;
  encoder.bitrate = most >= 6000 ? Math.min(BITS_PER_SECOND, most) : BITS_PER_SECOND;
  encoder.dtx = wanted.get("usedtx") === "1";
  if (wanted.get("useinbandfec") === "1") {
    encoder.inband_fec = true;
    encoder.packet_loss = EXPECTED_LOSS;
  }
  return encoder;
}
