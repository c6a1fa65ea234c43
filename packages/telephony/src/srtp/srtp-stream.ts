/** SRTP and SRTCP of one direction under one master key: counts packets, refuses repeated ones. */
import { readUint16, readUint32, rtpHeaderLength } from "../rtp/rtp-packet.ts";
import { CounterModeProtection } from "./counter-mode-protection.ts";
import { GcmProtection } from "./gcm-protection.ts";
import { CONTROL_HEADER_BYTES, type PacketProtection } from "./packet-protection.ts";
import { ReplayWindow } from "./replay-window.ts";
import { deriveKeys } from "./srtp-keys.ts";
import { SRTP_SUITES, type SrtpSuite } from "./srtp-suite.ts";

const HALF = 0x8000;
const MAX_CONTROL_INDEX = 0x7fff_ffff;
/** A call has one source at a time, and a new one now and then; each starts a count of its own. */
const MAX_SOURCES = 4;

/** @throws RangeError for a key of another length than the suite's */
export function makeProtection(suite: SrtpSuite, masterKey: Uint8Array): PacketProtection {
  const rtp = deriveKeys(suite, masterKey, "rtp");
  const control = deriveKeys(suite, masterKey, "rtcp");
  const { isAead, tagBytes } = SRTP_SUITES[suite];
  return isAead ? new GcmProtection(rtp, control) : new CounterModeProtection(rtp, control, tagBytes);
}

/** For packets of one source of ours at a time, in the order they are sent. */
export class SrtpSender {
  readonly #protection: PacketProtection;
  #rollover = 0;
  #last: number | undefined;
  #ssrc: number | undefined;
  #controlIndex = 0;

  constructor(suite: SrtpSuite, masterKey: Uint8Array) {
    this.#protection = makeProtection(suite, masterKey);
  }

  /** Encrypts in place the RTP packet of `length` bytes, behind which there is room for 20 more. Returns the new length. */
  protect(bytes: Uint8Array, headerLength: number, length: number): number {
    const sequence = readUint16(bytes, 2);
    const ssrc = readUint32(bytes, 8);
    if (ssrc !== this.#ssrc) {
      this.#ssrc = ssrc;
      this.#last = undefined;
      this.#rollover = 0;
    }
    if (this.#last !== undefined && sequence < this.#last && this.#last - sequence > HALF) this.#rollover++;
    this.#last = sequence;
    return this.#protection.seal(bytes, headerLength, length, { ssrc, rollover: this.#rollover, sequence });
  }

  /** The same for RTCP. */
  protectControl(bytes: Uint8Array, length: number): number {
    this.#controlIndex = (this.#controlIndex + 1) & MAX_CONTROL_INDEX;
    return this.#protection.sealControl(bytes, length, readUint32(bytes, 4), this.#controlIndex);
  }
}

type Source = {
  rollover: number;
  highest: number;
  readonly window: ReplayWindow;
  readonly controlWindow: ReplayWindow;
};

/** Takes packets of any source, in any order. */
export class SrtpReceiver {
  readonly #protection: PacketProtection;
  readonly #sources = new Map<number, Source>();
  #refused = 0;
  #repeated = 0;

  constructor(suite: SrtpSuite, masterKey: Uint8Array) {
    this.#protection = makeProtection(suite, masterKey);
  }

  /** Packets whose tag was wrong. */
  get refused(): number {
    return this.#refused;
  }

  /** Packets that had come before, or are too old to know. */
  get repeated(): number {
    return this.#repeated;
  }

  /** Decrypts in place. Returns the packet's length, or undefined for one that isn't genuine, or not for the first time. */
  unprotect(bytes: Uint8Array): number | undefined {
    const headerLength = rtpHeaderLength(bytes);
    if (headerLength === undefined) return this.#refuse();
    const ssrc = readUint32(bytes, 8);
    const sequence = readUint16(bytes, 2);
    const source = this.#sources.get(ssrc);
    const rollover = source === undefined ? 0 : guessRollover(source, sequence);
    if (rollover < 0) return this.#refuse();
    const index = rollover * 65_536 + sequence;
    if (source && !source.window.isNew(index)) return this.#repeat();
    const length = this.#protection.open(bytes, headerLength, bytes.length, { ssrc, rollover, sequence });
    if (length === undefined) return this.#refuse();
    const known = source ?? this.#add(ssrc);
    known.window.accept(index);
    if (rollover > known.rollover || (rollover === known.rollover && sequence > known.highest)) {
      known.rollover = rollover;
      known.highest = sequence;
    }
    return length;
  }

  /** The same for RTCP. */
  unprotectControl(bytes: Uint8Array): number | undefined {
    if (bytes.length < CONTROL_HEADER_BYTES) return this.#refuse();
    const ssrc = readUint32(bytes, 4);
    const copy = Uint8Array.from(bytes);
    const opened = this.#protection.openControl(copy, copy.length, ssrc);
    if (opened === undefined) return this.#refuse();
    const source = this.#sources.get(ssrc) ?? this.#add(ssrc);
    if (!source.controlWindow.isNew(opened.index)) return this.#repeat();
    source.controlWindow.accept(opened.index);
    bytes.set(copy.subarray(0, opened.length));
    return opened.length;
  }

  /** Only for genuine packets, so that nobody else can push a source out. */
  #add(ssrc: number): Source {
    const oldest = this.#sources.keys().next();
    if (this.#sources.size >= MAX_SOURCES && !oldest.done) this.#sources.delete(oldest.value);
    const source = { rollover: 0, highest: 0, window: new ReplayWindow(), controlWindow: new ReplayWindow() };
    this.#sources.set(ssrc, source);
    return source;
  }

  #refuse(): undefined {
    this.#refused++;
    return undefined;
  }

  #repeat(): undefined {
    this.#repeated++;
    return undefined;
  }
}

/** RFC 3711 section 3.3.1: the count nearest to the highest sequence number so far. */
function guessRollover({ rollover, highest }: Source, sequence: number): number {
  if (highest < HALF) return sequence - highest > HALF ? rollover - 1 : rollover;
  return highest - HALF > sequence ? rollover + 1 : rollover;
}
