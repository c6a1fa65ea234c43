/** What a receiver counts (RFC 3550 appendices A.1, A.3 and A.8), and what two ends tell each other of it. */
import type { ReportBlock, SenderInfo } from "./rtcp-packet.ts";

const MAX_MISORDER = 100;
const MAX_DROPOUT = 3000;

export class Reception {
  readonly #clockRateHz: number;
  #ssrc: number | undefined;
  #base = 0;
  #highest = 0;
  #received = 0;
  #jitter = 0;
  #transit: number | undefined;
  #expectedBefore = 0;
  #receivedBefore = 0;
  /** From sources and numberings before this one. */
  #earlierReceived = 0;
  #earlierExpected = 0;

  constructor(clockRateHz: number) {
    this.#clockRateHz = clockRateHz;
  }

  get ssrc(): number | undefined {
    return this.#ssrc;
  }

  get received(): number {
    return this.#earlierReceived + this.#received;
  }

  /** Negative when duplicates outnumber what is missing. */
  get lost(): number {
    return this.#earlierExpected + this.#expected - this.received;
  }

  get jitterMs(): number {
    return (this.#jitter * 1000) / this.#clockRateHz;
  }

  observe(packet: { ssrc: number; sequence: number; timestamp: number }, arrivedAtMs: number): void {
    const { ssrc, sequence } = packet;
    const step = ((sequence - this.#highest) << 16) >> 16;
    if (this.#ssrc !== ssrc || step > MAX_DROPOUT || step < -MAX_MISORDER) this.#begin(ssrc, sequence);
    else if (step > 0) this.#highest += step;
    this.#received++;
    const transit = (arrivedAtMs * this.#clockRateHz) / 1000 - packet.timestamp;
    // Timestamps wrap around; a step of hours is none.
    const difference = this.#transit === undefined ? 0 : Math.abs(transit - this.#transit);
    this.#transit = transit;
    if (difference < this.#clockRateHz * 10) this.#jitter += (difference - this.#jitter) / 16;
  }

  /** For the next report; the share lost counts from the last call. Undefined before the first packet. */
  report(lastSenderReport: number, delaySinceLastMs: number): ReportBlock | undefined {
    if (this.#ssrc === undefined) return undefined;
    const expected = this.#expected - this.#expectedBefore;
    const missing = expected - (this.#received - this.#receivedBefore);
    this.#expectedBefore = this.#expected;
    this.#receivedBefore = this.#received;
    return {
      ssrc: this.#ssrc,
      fractionLost: expected > 0 && missing > 0 ? missing / expected : 0,
      cumulativeLost: this.#expected - this.#received,
      highestSequence: this.#highest >>> 0,
      jitter: Math.round(this.#jitter),
      lastSenderReport,
      delaySinceLast: Math.round(delaySinceLastMs * 65.536) >>> 0,
    };
  }

  get #expected(): number {
    return this.#ssrc === undefined ? 0 : this.#highest - this.#base + 1;
  }

  #begin(ssrc: number, sequence: number): void {
    this.#earlierExpected += this.#expected;
    this.#earlierReceived += this.#received;
    this.#ssrc = ssrc;
    this.#base = sequence;
    this.#highest = sequence;
    this.#received = 0;
    this.#expectedBefore = 0;
    this.#receivedBefore = 0;
    this.#transit = undefined;
  }
}

/** NTP time of a clock that starts anywhere, which RFC 3550 section 6.4.1 allows. */
export function toNtp(nowMs: number): Pick<SenderInfo, "ntpSeconds" | "ntpFraction"> {
  const seconds = Math.floor(nowMs / 1000);
  return { ntpSeconds: seconds >>> 0, ntpFraction: Math.floor(((nowMs % 1000) / 1000) * 2 ** 32) >>> 0 };
}

/** The 32 bits by which a report refers to a sender's. */
export function middleOfNtp({ ntpSeconds, ntpFraction }: Pick<SenderInfo, "ntpSeconds" | "ntpFraction">): number {
  return ((ntpSeconds << 16) | (ntpFraction >>> 16)) >>> 0;
}

/** From a report on us: the time there and back; undefined before they got a report of ours, or for nonsense. */
export function roundTripMs(block: ReportBlock, nowMs: number): number | undefined {
  if (block.lastSenderReport === 0) return undefined;
  const units = (middleOfNtp(toNtp(nowMs)) - block.lastSenderReport - block.delaySinceLast) | 0;
  const ms = units / 65.536;
  return ms > -5 && ms < 60_000 ? Math.max(0, ms) : undefined;
}
