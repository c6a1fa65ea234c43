import { DelayTarget, MAX_DELAY_MS } from "./delay-target.ts";

/** Packets that can wait: 2.5 s of 10 ms ones. What is ahead of that is taken for a new start of the stream. */
const SLOTS = 256;
const PAYLOAD_BYTES = 1500;
/** A starving stream is taken to have paused after this long, and gets its full delay when it comes back. */
const MAX_STARVED_MS = 60;
const STEP_MS = 20;

export type BufferedPacket = {
  /** Without wrapping around. */
  sequence: number;
  timestamp: number;
  payloadType: number;
  /** In units of the RTP clock; 0 for what isn't speech: comfort noise, or a digit, which only keeps its place. */
  duration: number;
  length: number;
  bytes: Uint8Array;
};

export type ArrivedPacket = {
  readonly sequence: number;
  readonly timestamp: number;
  readonly payloadType: number;
  readonly duration: number;
};

export type JitterCounts = {
  /** Came after its time. */
  late: number;
  duplicate: number;
  /** Dropped because the buffer was full or the packet fitted nowhere. */
  discarded: number;
  /** Went missing while later ones were there. */
  lost: number;
  /** The stream's numbers jumped. */
  resyncs: number;
};

/**
 * What is due now. `lost`: 20 ms are missing. `starved`: nothing is there, though there should be. `quiet`: the sender
 * paused, or what came isn't due yet.
 */
export type Due = BufferedPacket | "lost" | "starved" | "quiet";

/**
 * Puts packets in order and gives each out when its time has come. Has no clock and no audio: payloads in, payloads out.
 * Positions are in units of the RTP clock, unwrapped. While a stream runs, `#position` says what is played next; a
 * paused stream has none, and begins again with the next packet's own time plus the target delay.
 */
export class JitterBuffer {
  readonly counts: JitterCounts = { late: 0, duplicate: 0, discarded: 0, lost: 0, resyncs: 0 };
  /** By sequence: which packet has come, and the packet itself while it waits. */
  readonly #come = new Float64Array(SLOTS).fill(-1);
  readonly #waiting = new Array<BufferedPacket | undefined>(SLOTS).fill(undefined);
  /** Those given out are filled again, the latest first: the processor has it at hand. */
  readonly #free: BufferedPacket[] = [];
  readonly #target: DelayTarget;
  readonly #clockRateHz: number;
  #highest = -1;
  #highestTimestamp = 0;
  #taken = -1;
  #position: number | undefined;
  #starved = 0;
  /** Where a stream whose numbers jumped is expected to go on. */
  #suspect: number | undefined;

  constructor(clockRateHz: number, limits: { startMs?: number; maxMs?: number } = {}) {
    this.#clockRateHz = clockRateHz;
    this.#target = new DelayTarget(limits);
  }

  get targetMs(): number {
    return this.#target.targetMs;
  }

  /** How much longer than needed audio waits; negative when less. `heldMs`: taken, but not played yet. */
  excessMs(nowMs: number, heldMs: number): number {
    return this.#position === undefined ? 0 : this.delayMs(nowMs, heldMs) - this.#target.targetMs;
  }

  /** From a fastest packet's arrival to its being played. */
  delayMs(nowMs: number, heldMs: number): number {
    if (this.#position === undefined) return this.#target.targetMs;
    return nowMs - this.#target.baseMs - this.#toMs(this.#position) + heldMs;
  }

  /** Takes a packet; its payload is copied. */
  put(packet: ArrivedPacket, payload: Uint8Array, arrivedAtMs: number): void {
    if (payload.length > PAYLOAD_BYTES) {
      this.counts.discarded++;
      return;
    }
    if (this.#highest < 0) this.#begin(packet);
    const sequence = this.#highest + signed16(packet.sequence - this.#highest);
    const timestamp = this.#highestTimestamp + ((packet.timestamp - this.#highestTimestamp) | 0);
    if (this.#isJump(sequence, timestamp, arrivedAtMs)) {
      const isExpected = this.#suspect === packet.sequence;
      this.#suspect = (packet.sequence + 1) & 0xffff;
      if (!isExpected) {
        this.counts.discarded++;
        return;
      }
      this.counts.resyncs++;
      this.restart();
      this.put(packet, payload, arrivedAtMs);
      return;
    }
    this.#suspect = undefined;
    this.#store({ ...packet, sequence, timestamp }, payload, arrivedAtMs);
  }

  /** What to play next. The packet is good until the next `put`. */
  take(nowMs: number): Due {
    let front = this.#findFront();
    while (front !== undefined && this.#isPast(front)) {
      this.#release(front);
      front = this.#findFront();
    }
    if (front === undefined) return this.#starve();
    if (front.duration === 0) return this.#deliver(front);
    if (this.#position !== undefined) {
      const gap = front.timestamp - this.#position;
      const isMissing = front.sequence > this.#taken + 1;
      // What was made up for while starving isn't made up for again.
      const missing = isMissing ? gap - this.#starved : 0;
      if (missing > this.#toTicks(STEP_MS / 2)) return this.#lose(missing);
      if (gap <= 0 || isMissing) return this.#deliver(front);
      this.#position = undefined;
    }
    const dueMs = this.#target.baseMs + this.#toMs(front.timestamp) + this.#target.targetMs;
    return nowMs >= dueMs ? this.#deliver(front) : "quiet";
  }

  /** Begins anew with the next packet: another source speaks, or the same one under other numbers. */
  restart(): void {
    for (const packet of this.#waiting) if (packet) this.#free.push(packet);
    this.#waiting.fill(undefined);
    this.#come.fill(-1);
    this.#highest = -1;
    this.#position = undefined;
    this.#starved = 0;
    this.#suspect = undefined;
    this.#target.rebase();
  }

  #begin(packet: ArrivedPacket): void {
    // Far enough from zero for packets that come before it.
    this.#highest = packet.sequence + 0x10000;
    this.#highestTimestamp = packet.timestamp;
    this.#taken = this.#highest - SLOTS;
  }

  #isJump(sequence: number, timestamp: number, arrivedAtMs: number): boolean {
    const ahead = sequence - this.#highest;
    if (ahead >= SLOTS / 2 || ahead <= -SLOTS / 2) return true;
    const lateMs = arrivedAtMs - this.#toMs(timestamp) - this.#target.baseMs;
    return Math.abs(lateMs) > MAX_DELAY_MS && Number.isFinite(lateMs);
  }

  #store(packet: ArrivedPacket, payload: Uint8Array, arrivedAtMs: number): void {
    const place = packet.sequence % SLOTS;
    if (this.#come[place] === packet.sequence) {
      this.counts.duplicate++;
      return;
    }
    this.#come[place] = packet.sequence;
    if (packet.duration > 0) this.#target.observe(arrivedAtMs, this.#toMs(packet.timestamp));
    if (packet.sequence <= this.#taken || this.#isPast(packet)) {
      this.counts.late++;
      return;
    }
    const crowdedOut = this.#waiting[place];
    if (crowdedOut) {
      this.counts.discarded++;
      this.#free.push(crowdedOut);
    }
    this.#waiting[place] = this.#fill(packet, payload);
    if (packet.sequence > this.#highest) {
      this.#highest = packet.sequence;
      this.#highestTimestamp = packet.timestamp;
    }
    this.#shedOldest();
  }

  #fill(packet: ArrivedPacket, payload: Uint8Array): BufferedPacket {
    const filled = this.#free.pop() ?? { ...packet, length: 0, bytes: new Uint8Array(0) };
    if (filled.bytes.length < payload.length) filled.bytes = new Uint8Array(Math.max(160, payload.length));
    filled.bytes.set(payload);
    filled.length = payload.length;
    filled.sequence = packet.sequence;
    filled.timestamp = packet.timestamp;
    filled.payloadType = packet.payloadType;
    filled.duration = packet.duration;
    return filled;
  }

  /** Keeps what waits below the longest delay. */
  #shedOldest(): void {
    const limit = this.#toTicks(MAX_DELAY_MS);
    let front = this.#findFront();
    while (front !== undefined && this.#highestTimestamp - front.timestamp > limit) {
      this.counts.discarded++;
      this.#release(front);
      this.#position = undefined;
      front = this.#findFront();
    }
  }

  #findFront(): BufferedPacket | undefined {
    for (let sequence = Math.max(this.#taken + 1, this.#highest - SLOTS + 1); sequence <= this.#highest; sequence++) {
      const packet = this.#waiting[sequence % SLOTS];
      if (packet?.sequence === sequence) return packet;
    }
    return undefined;
  }

  /** All of it has been made up for already. */
  #isPast(packet: ArrivedPacket): boolean {
    return this.#position !== undefined && packet.duration > 0 && packet.timestamp + packet.duration <= this.#position;
  }

  #release(packet: BufferedPacket): void {
    this.#waiting[packet.sequence % SLOTS] = undefined;
    this.#free.push(packet);
    this.#taken = packet.sequence;
  }

  #deliver(packet: BufferedPacket): BufferedPacket {
    this.#release(packet);
    this.#position = packet.duration > 0 ? packet.timestamp + packet.duration : undefined;
    this.#starved = 0;
    return packet;
  }

  #lose(missing: number): Due {
    this.#position = (this.#position ?? 0) + Math.min(missing, this.#toTicks(STEP_MS));
    this.counts.lost++;
    return "lost";
  }

  #starve(): Due {
    if (this.#position === undefined) return "quiet";
    this.#starved += this.#toTicks(STEP_MS);
    if (this.#starved > this.#toTicks(MAX_STARVED_MS)) {
      this.#position = undefined;
      this.#starved = 0;
      return "quiet";
    }
    return "starved";
  }

  #toMs(ticks: number): number {
    return (ticks * 1000) / this.#clockRateHz;
  }

  #toTicks(ms: number): number {
    return (ms * this.#clockRateHz) / 1000;
  }
}

function signed16(value: number): number {
  return (value << 16) >> 16;
}
