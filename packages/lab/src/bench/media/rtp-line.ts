/** One caller's sound: packets made beforehand go out, and of those that come in only the time is kept. */
import { FRAME_MS, type MediaAgreement, SrtpSender } from "@earshot/telephony";

const HEADER_BYTES = 12;
const MAX_PACKET_BYTES = 400;
/** Packets that may wait in the socket. */
const RING = 8;
/** Callers let the greeting end. */
const FIRST_SENTENCE_FRAMES = 150;
const ARRIVALS = 10_000;

/** A sentence and the silence around it, encoded frame by frame. */
export type CallerVoice = { readonly speech: readonly Uint8Array[]; readonly silence: Uint8Array };

export type RtpLineOptions = {
  readonly agreement: MediaAgreement;
  readonly voice: CallerVoice;
  readonly cycleFrames: number;
  /** Where in its cycle the caller begins. */
  readonly offsetFrames: number;
  readonly send: (packet: Uint8Array) => void;
};

export class RtpLine {
  readonly #options: RtpLineOptions;
  readonly #packets = Array.from({ length: RING }, () => new Uint8Array(MAX_PACKET_BYTES));
  readonly #views = this.#packets.map((packet) => new DataView(packet.buffer));
  readonly #protection: SrtpSender | undefined;
  readonly #ticksPerMs: number;
  readonly #payloadType: number;
  readonly #ssrc = Math.floor(Math.random() * 2 ** 32);
  /** Arrival less the time that the packet's own timestamp gives it, ms, up to a constant. */
  readonly #arrivals = new Float64Array(ARRIVALS);
  #count = 0;
  #isFirst = true;
  #lastMs = 0;
  #firstTimestamp = 0;
  #isMeasuring = false;
  #sent = 0;
  #speaking = -1;
  isTalking = true;
  /** Sentences said to the end. */
  sentences = 0;
  firstPacketMs: number | undefined;
  firstSoundMs: number | undefined;

  constructor(options: RtpLineOptions) {
    this.#options = options;
    const [codec] = options.agreement.codecs;
    const { encryption } = options.agreement;
    this.#protection = encryption && new SrtpSender(encryption.suite, encryption.sendKey);
    this.#ticksPerMs = codec.clockRateHz / 1000;
    this.#payloadType = codec.sendPayloadType;
  }

  /** Every 20 ms. */
  tick(): void {
    const { voice, cycleFrames, offsetFrames } = this.#options;
    const mayBegin = this.isTalking && this.#sent >= FIRST_SENTENCE_FRAMES;
    if (this.#speaking < 0 && mayBegin && (this.#sent + offsetFrames) % cycleFrames === 0) this.#speaking = 0;
    const payload = this.#speaking < 0 ? voice.silence : voice.speech[this.#speaking++];
    if (this.#speaking >= voice.speech.length) {
      this.#speaking = -1;
      this.sentences++;
    }
    if (payload) this.#send(payload);
  }

  receive(packet: Uint8Array, nowMs: number): void {
    const second = packet[1] ?? 0;
    if ((second & 0x7f) !== this.#payloadType) return;
    this.firstPacketMs ??= nowMs;
    if (this.firstSoundMs === undefined && hasSound(packet)) this.firstSoundMs = nowMs;
    if (!this.#isMeasuring || this.#count === ARRIVALS) return;
    const view = new DataView(packet.buffer, packet.byteOffset, HEADER_BYTES);
    const timestamp = view.getUint32(4);
    if (this.#isFirst) this.#firstTimestamp = timestamp;
    this.#isFirst = false;
    const ownMs = ((timestamp - this.#firstTimestamp) | 0) / this.#ticksPerMs;
    this.#lastMs = Math.max(this.#lastMs, ownMs);
    this.#arrivals[this.#count++] = nowMs - ownMs;
  }

  measure(): void {
    this.#isMeasuring = true;
  }

  /**
   * Of each packet since `measure`, against the beat that the earliest one sets; and how many of that beat never came,
   * lost or never sent.
   */
  stop(): { readonly lateMs: Float64Array; readonly missing: number } {
    this.#isMeasuring = false;
    const arrivals = this.#arrivals.subarray(0, this.#count);
    const earliestMs = arrivals.reduce((least, each) => Math.min(least, each), Number.POSITIVE_INFINITY);
    const expected = this.#count === 0 ? 0 : this.#lastMs / FRAME_MS + 1;
    return { lateMs: arrivals.map((each) => each - earliestMs), missing: Math.max(0, expected - this.#count) };
  }

  #send(payload: Uint8Array): void {
    const at = this.#sent % RING;
    const [packet, view] = [this.#packets[at], this.#views[at]];
    if (packet === undefined || view === undefined) return;
    packet[0] = 0x80;
    packet[1] = this.#payloadType;
    view.setUint16(2, this.#sent & 0xffff);
    view.setUint32(4, (this.#sent * FRAME_MS * this.#ticksPerMs) >>> 0);
    view.setUint32(8, this.#ssrc);
    packet.set(payload, HEADER_BYTES);
    const length = HEADER_BYTES + payload.length;
    this.#options.send(packet.subarray(0, this.#protection?.protect(packet, HEADER_BYTES, length) ?? length));
    this.#sent++;
  }
}

/** In mu-law: anything but the smallest values. */
function hasSound(packet: Uint8Array): boolean {
  for (let at = HEADER_BYTES; at < packet.length; at += 16) if (((packet[at] ?? 0xff) & 0x7f) < 0x70) return true;
  return false;
}
