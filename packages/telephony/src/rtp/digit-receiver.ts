import { DIGITS, readTelephoneEvent, type TelephoneEvent } from "./telephone-event.ts";

/** Digits whose late packets are still known for what they are. */
const REMEMBERED = 8;
const LONGEST_DURATION = 0xffff;
/** A key held longer than this was let go of, whatever the sender's timestamps say. */
const LONGEST_STEP_MS = 400;
/** The next digit's first end can't come sooner after an end; its copies can. */
const LONGEST_END_STEP_MS = 60;

type Seen = TelephoneEvent & { readonly timestamp: number };

/**
 * Makes one digit of the many packets that tell of it (RFC 4733 section 2.5): a digit is heard with the first packet that
 * arrives of it, be that its start, its middle or its end, and never again.
 */
export class DigitReceiver {
  readonly #ticksPerMs: number;
  /** The latest event first. */
  #seen: Seen[] = [];

  constructor(clockRateHz: number) {
    this.#ticksPerMs = clockRateHz / 1000;
  }

  /** Returns the digit where this packet is the first of it; undefined for all else, flash and tones included. */
  receive(packet: { timestamp: number; hasMarker: boolean }, payload: Uint8Array): string | undefined {
    const event = readTelephoneEvent(payload);
    if (event === undefined) return undefined;
    const known = this.#seen.findIndex(({ timestamp }) => timestamp === packet.timestamp);
    const seen: Seen = { ...event, timestamp: packet.timestamp };
    if (known >= 0) {
      const before = this.#seen[known] as Seen;
      const duration = Math.max(event.duration, before.duration);
      this.#seen[known] = { ...before, duration, isEnd: event.isEnd || before.isEnd };
      return undefined;
    }
    const latest = this.#seen[0];
    if (latest && !packet.hasMarker && this.#isContinued(latest, seen)) {
      this.#seen[0] = seen;
      return undefined;
    }
    this.#seen = [seen, ...this.#seen].slice(0, REMEMBERED);
    return DIGITS[event.code];
  }

  /** Forgets what it saw, as timestamps mean something else from now on. */
  reset(): void {
    this.#seen = [];
  }

  /** A long event goes on under a new timestamp; so does any event of senders that count the timestamp up by mistake. */
  #isContinued(before: Seen, now: Seen): boolean {
    if (before.code !== now.code) return false;
    const step = (now.timestamp - before.timestamp) >>> 0;
    const stepMs = step / this.#ticksPerMs;
    if (before.isEnd) return now.isEnd && now.duration === before.duration && stepMs <= LONGEST_END_STEP_MS;
    if (before.duration === LONGEST_DURATION && step === LONGEST_DURATION) return true;
    return stepMs <= LONGEST_STEP_MS && now.duration > before.duration;
  }
}
