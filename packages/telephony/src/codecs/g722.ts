/** G.722 at 64 kbit/s as in ITU-T Recommendation G.722 (09/2012): two bands of adaptive differential coding. */
import { type AudioCodec, FRAME_RATE_HZ } from "./audio-codec.ts";
import { G722Band } from "./g722-band.ts";
import * as tables from "./g722-tables.ts";

const MAX_BYTES = 960;
/** Taps of the quadrature mirror filter that splits the bands and joins them. */
const FILTER_TAPS = 24;
const PAST = FILTER_TAPS - 2;
const FILTER = tables.QUADRATURE_MIRROR_FILTER;

export function makeG722(): AudioCodec {
  const encoder = new G722Encoder();
  const decoder = new G722Decoder();
  return {
    name: "G722",
    // RFC 3551 section 4.5.2: an error of the first registration that all keep to.
    clockRateHz: 8000,
    sampleRateHz: FRAME_RATE_HZ,
    durationOf: ({ length }) => (length > MAX_BYTES ? 0 : length),
    decode: (payload, into) => (payload.length > MAX_BYTES ? 0 : decoder.run(payload, into)),
    encode: (samples, into, at) => encoder.run(samples, into, at),
    close() {},
  };
}

class G722Encoder {
  readonly #low = new G722Band(tables.LOWER_BAND);
  readonly #high = new G722Band(tables.HIGHER_BAND);
  /** The past, then the present. */
  readonly #line = new Int32Array(PAST + 2 * MAX_BYTES);

  /** Two samples a byte. */
  run(samples: Int16Array, into: Uint8Array, at: number): number {
    const line = this.#line;
    const count = Math.min(samples.length >> 1, MAX_BYTES);
    for (let i = 0; i < 2 * count; i++) line[PAST + i] = samples[i] as number;
    for (let i = 0; i < count; i++) {
      let odd = 0;
      let even = 0;
      for (let k = 0; k < FILTER_TAPS / 2; k++) {
        odd += (line[2 * (i + k)] as number) * (FILTER[k] as number);
        even += (line[2 * (i + k) + 1] as number) * (FILTER[FILTER_TAPS / 2 - 1 - k] as number);
      }
      into[at + i] = (this.#encodeHigh((even - odd) >> 14) << 6) | this.#encodeLow((odd + even) >> 14);
    }
    line.copyWithin(0, 2 * count, 2 * count + PAST);
    return count;
  }

  #encodeLow(sample: number): number {
    const band = this.#low;
    const difference = tables.saturate(sample - band.estimate);
    const magnitude = difference >= 0 ? difference : ~difference;
    let level = 1;
    while (level < 30 && magnitude >= ((tables.DECISION_LEVELS[level] as number) * band.scale) >> 12) level++;
    const codes = difference < 0 ? tables.NEGATIVE_CODES : tables.POSITIVE_CODES;
    const code = codes[level] as number;
    // Four of the six bits drive the predictor, so that both ends agree when two are taken for data.
    band.adapt((band.scale * (tables.FOUR_BITS[code >> 2] as number)) >> 15, code >> 2);
    return code;
  }

  #encodeHigh(sample: number): number {
    const band = this.#high;
    const difference = tables.saturate(sample - band.estimate);
    const magnitude = difference >= 0 ? difference : ~difference;
    const isLarge = magnitude >= (564 * band.scale) >> 12;
    const code = (difference < 0 ? 0 : 2) | (isLarge ? 0 : 1);
    band.adapt((band.scale * (tables.TWO_BITS[code] as number)) >> 15, code);
    return code;
  }
}

class G722Decoder {
  readonly #low = new G722Band(tables.LOWER_BAND);
  readonly #high = new G722Band(tables.HIGHER_BAND);
  /** The past, then the present. */
  readonly #line = new Int32Array(PAST + 2 * MAX_BYTES);

  /** Two samples a byte, to the front of `into`. */
  run(payload: Uint8Array, into: Int16Array): number {
    const line = this.#line;
    for (let i = 0; i < payload.length; i++) {
      const byte = payload[i] as number;
      const low = this.#decodeLow(byte & 63);
      const high = this.#decodeHigh(byte >> 6);
      line[PAST + 2 * i] = low + high;
      line[PAST + 2 * i + 1] = low - high;
      let first = 0;
      let second = 0;
      for (let k = 0; k < FILTER_TAPS / 2; k++) {
        second += (line[2 * (i + k)] as number) * (FILTER[k] as number);
        first += (line[2 * (i + k) + 1] as number) * (FILTER[FILTER_TAPS / 2 - 1 - k] as number);
      }
      into[2 * i] = tables.saturate(first >> 11);
      into[2 * i + 1] = tables.saturate(second >> 11);
    }
    line.copyWithin(0, 2 * payload.length, 2 * payload.length + PAST);
    return 2 * payload.length;
  }

  #decodeLow(code: number): number {
    const band = this.#low;
    const sample = tables.saturate(band.estimate + ((band.scale * (tables.SIX_BITS[code] as number)) >> 15));
    band.adapt((band.scale * (tables.FOUR_BITS[code >> 2] as number)) >> 15, code >> 2);
    return limit(sample);
  }

  #decodeHigh(code: number): number {
    const band = this.#high;
    const difference = (band.scale * (tables.TWO_BITS[code] as number)) >> 15;
    const sample = band.estimate + difference;
    band.adapt(difference, code);
    return limit(sample);
  }
}

function limit(sample: number): number {
  return Math.max(-16_384, Math.min(16_383, sample));
}
