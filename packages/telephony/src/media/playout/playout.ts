import {
  type AudioCodec,
  FRAME_MS,
  FRAME_RATE_HZ,
  FRAME_SAMPLES,
  MAX_PACKET_SAMPLES,
} from "../../codecs/audio-codec.ts";
import { Doubler } from "../../codecs/half-band.ts";
import { ComfortNoise } from "./comfort-noise.ts";
import { type ArrivedPacket, type BufferedPacket, JitterBuffer, type JitterCounts } from "./jitter-buffer.ts";
import { LossConcealment } from "./loss-concealment.ts";
import { TimeScaling } from "./time-scaling.ts";

/** Audio that waits longer than needed by this much is shortened in pauses, and by that much in speech too. */
const EXCESS_MS = 15;
const URGENT_EXCESS_MS = 80;
/** Audio that waits less than needed by this much is lengthened in pauses. */
const SHORTAGE_MS = 15;
const MAX_STEPS = 64;
const HELD_SAMPLES = 2 * MAX_PACKET_SAMPLES + FRAME_SAMPLES;

export type PlayoutCounts = JitterCounts & {
  /** Frames given out. */
  frames: number;
  /** Made up for what was missing. */
  concealedMs: number;
  shortenedMs: number;
  lengthenedMs: number;
  /** Payloads that no codec could make sense of. */
  damaged: number;
};

export type PlayoutFormats = {
  /** By the payload type that arrives. */
  readonly codecs: ReadonlyMap<number, AudioCodec>;
  readonly comfortNoise: number | undefined;
  /** Those of digits: they take their place in the order and make no sound. */
  readonly others: ReadonlySet<number>;
};

/** The way from packets to one frame every 20 ms: jitter buffer, decoding, concealment, noise and drift. */
export class Playout {
  readonly #formats: PlayoutFormats;
  readonly #buffer: JitterBuffer;
  readonly #doubler = new Doubler();
  readonly #concealment = new LossConcealment();
  readonly #noise = new ComfortNoise();
  readonly #scaling = new TimeScaling();
  readonly #decoded = new Int16Array(2 * MAX_PACKET_SAMPLES);
  readonly #packet = new Int16Array(2 * MAX_PACKET_SAMPLES);
  readonly #held = new Int16Array(HELD_SAMPLES);
  #heldCount = 0;
  #frames = 0;
  #concealedMs = 0;
  #shortenedMs = 0;
  #lengthenedMs = 0;
  #damaged = 0;

  constructor(formats: PlayoutFormats, clockRateHz: number, limits: { startMs?: number; maxMs?: number } = {}) {
    this.#formats = formats;
    this.#buffer = new JitterBuffer(clockRateHz, limits);
  }

  get counts(): PlayoutCounts {
    return {
      ...this.#buffer.counts,
      frames: this.#frames,
      concealedMs: this.#concealedMs,
      shortenedMs: this.#shortenedMs,
      lengthenedMs: this.#lengthenedMs,
      damaged: this.#damaged,
    };
  }

  get targetMs(): number {
    return this.#buffer.targetMs;
  }

  delayMs(nowMs: number): number {
    return this.#buffer.delayMs(nowMs, this.#heldMs());
  }

  /** Takes a packet of any of the formats; those of others are counted as discarded. */
  put(packet: Omit<ArrivedPacket, "duration">, payload: Uint8Array, arrivedAtMs: number): void {
    const { codecs, comfortNoise, others } = this.#formats;
    const { payloadType, sequence, timestamp } = packet;
    const codec = codecs.get(payloadType);
    const duration = codec?.durationOf(payload) ?? 0;
    if (codec ? duration === 0 : payloadType !== comfortNoise && !others.has(payloadType)) {
      this.#damaged++;
      return;
    }
    this.#buffer.put({ payloadType, sequence, timestamp, duration }, payload, arrivedAtMs);
  }

  restart(): void {
    this.#buffer.restart();
  }

  /** Fills `frame` with the next 20 ms. Returns false when all of it is silence that nobody sent. */
  next(frame: Int16Array, nowMs: number): boolean {
    let hasSound = this.#heldCount > 0;
    for (let step = 0; this.#heldCount < FRAME_SAMPLES && step < MAX_STEPS; step++) {
      const due = this.#buffer.take(nowMs);
      if (due === "quiet") break;
      if (due === "starved") hasSound = this.#conceal(FRAME_SAMPLES - this.#heldCount) || hasSound;
      else if (due === "lost") hasSound = this.#conceal(FRAME_SAMPLES) || hasSound;
      else hasSound = this.#play(due, nowMs) || hasSound;
    }
    const missing = FRAME_SAMPLES - this.#heldCount;
    if (missing > 0) this.#rest(missing);
    for (let i = 0; i < FRAME_SAMPLES; i++) frame[i] = this.#held[i] as number;
    this.#held.copyWithin(0, FRAME_SAMPLES, this.#heldCount);
    this.#heldCount -= FRAME_SAMPLES;
    this.#frames++;
    return hasSound;
  }

  #play(due: BufferedPacket, nowMs: number): boolean {
    const { codecs, comfortNoise } = this.#formats;
    const payload = due.bytes.subarray(0, due.length);
    const codec = codecs.get(due.payloadType);
    if (codec === undefined) {
      if (due.payloadType === comfortNoise) this.#noise.accept(payload);
      return false;
    }
    this.#noise.stop();
    const count = this.#decode(codec, payload);
    if (count === 0) {
      this.#damaged++;
      return this.#conceal(Math.round((due.duration * FRAME_RATE_HZ) / codec.clockRateHz));
    }
    this.#concealment.accept(this.#packet, count);
    this.#hold(this.#packet, this.#adjust(count, nowMs));
    return true;
  }

  #decode(codec: AudioCodec, payload: Uint8Array): number {
    if (codec.sampleRateHz === FRAME_RATE_HZ) return codec.decode(payload, this.#packet);
    const count = codec.decode(payload, this.#decoded);
    this.#doubler.run(this.#decoded, count, this.#packet, 0);
    return 2 * count;
  }

  #adjust(count: number, nowMs: number): number {
    // The packet at hand is counted as played, so what is held after it belongs to the delay.
    const excessMs = this.#buffer.excessMs(nowMs, this.#heldMs() + toMs(count));
    if (excessMs > EXCESS_MS) {
      const shorter = this.#scaling.change(this.#packet, count, "shorten", excessMs > URGENT_EXCESS_MS);
      this.#shortenedMs += toMs(count - shorter);
      return shorter;
    }
    if (excessMs > -SHORTAGE_MS) return count;
    const longer = this.#scaling.change(this.#packet, count, "lengthen", false);
    this.#lengthenedMs += toMs(longer - count);
    return longer;
  }

  #conceal(count: number): boolean {
    const isAudible = !this.#concealment.isFaded;
    const room = Math.min(count, HELD_SAMPLES - this.#heldCount);
    this.#concealment.conceal(this.#held, this.#heldCount, room);
    this.#heldCount += room;
    this.#concealedMs += toMs(room);
    return isAudible;
  }

  #hold(samples: Int16Array, count: number): void {
    const room = Math.min(count, HELD_SAMPLES - this.#heldCount);
    this.#held.set(samples.subarray(0, room), this.#heldCount);
    this.#heldCount += room;
  }

  #rest(missing: number): void {
    this.#noise.fill(this.#held, this.#heldCount, missing);
    this.#heldCount += missing;
    this.#concealment.rest();
    this.#doubler.reset();
  }

  #heldMs(): number {
    return toMs(this.#heldCount);
  }
}

function toMs(samples: number): number {
  return (samples * FRAME_MS) / FRAME_SAMPLES;
}
