import { type AudioCodec, FRAME_MS, FRAME_RATE_HZ, FRAME_SAMPLES } from "../codecs/audio-codec.ts";
import { Halver } from "../codecs/half-band.ts";
import { type DigitPacket, DigitSender, type DigitTiming } from "../rtp/digit-sender.ts";
import { RTP_HEADER_BYTES, writeRtpHeader } from "../rtp/rtp-packet.ts";
import { EVENT_BYTES, writeTelephoneEvent } from "../rtp/telephone-event.ts";
import type { AgreedFormat } from "../sdp/media-agreement.ts";
import type { SrtpSender } from "../srtp/srtp-stream.ts";
import { FrameQueue } from "./frame-queue.ts";
import { comfortNoisePayload } from "./playout/comfort-noise.ts";

/** What goes out may wait in the socket: so many packets keep their bytes. */
const RING = 16;
const PACKET_BYTES = 1600;
const MAX_FRAMES = 3;
/** With comfort noise: how soon after the last frame, and how often. */
const NOISE_AFTER_FRAMES = 10;
const NOISE_LEVEL_DBOV = -70;
/** A frame without a sample above this is a pause: it may be left out to make up for time that digits took. */
const QUIET_PEAK = 100;

export type SenderFormats = {
  readonly codec: AudioCodec;
  readonly payloadType: number;
  readonly packetMs: number;
  readonly telephoneEvent: AgreedFormat | undefined;
  /** Where given, silence is told once in a while instead of being sent. */
  readonly comfortNoise: AgreedFormat | undefined;
};

export type SenderStart = { readonly ssrc: number; readonly sequence: number; readonly timestamp: number };

/**
 * Makes the packets of one source: frames, digits, or silence, one packet's worth at a time. All that it needs is
 * allocated beforehand.
 */
export class RtpSender {
  readonly #queue: FrameQueue;
  readonly #halver = new Halver();
  readonly #frames = new Int16Array(MAX_FRAMES * FRAME_SAMPLES);
  readonly #narrow = new Int16Array((MAX_FRAMES * FRAME_SAMPLES) / 2);
  readonly #ring = Array.from({ length: RING }, () => new Uint8Array(PACKET_BYTES));
  readonly #header = { payloadType: 0, hasMarker: true, sequence: 0, timestamp: 0, ssrc: 0 };
  readonly #noise = comfortNoisePayload(NOISE_LEVEL_DBOV);
  #turn = 0;
  #formats: SenderFormats;
  #protection: SrtpSender | undefined;
  #digits: DigitSender;
  #timestamp: number;
  #gathered = 0;
  #gatheredSound = false;
  #isTalking = false;
  #silentFrames = 0;
  /** Frames that wait because digits took their time. */
  #behind = 0;
  #gain = 1;
  #wantedGain = 1;
  #packets = 0;
  #octets = 0;
  #framesSent = 0;

  constructor(formats: SenderFormats, start: SenderStart, queueFrames: number) {
    this.#formats = formats;
    this.#queue = new FrameQueue(queueFrames);
    this.#header.ssrc = start.ssrc;
    this.#header.sequence = start.sequence;
    this.#timestamp = start.timestamp;
    this.#digits = this.#makeDigits();
  }

  get ssrc(): number {
    return this.#header.ssrc;
  }

  get packets(): number {
    return this.#packets;
  }

  get octets(): number {
    return this.#octets;
  }

  /** Frames given to `send` that went out. */
  get framesSent(): number {
    return this.#framesSent;
  }

  get queuedFrames(): number {
    return this.#queue.count;
  }

  get timestamp(): number {
    return this.#timestamp >>> 0;
  }

  get areDigitsIdle(): boolean {
    return this.#digits.isIdle;
  }

  /** Another codec, or the same one with other numbers. Another clock rate makes it another source (RFC 7160). */
  change(formats: SenderFormats, protection: SrtpSender | undefined, another: SenderStart): void {
    const isOtherClock = formats.codec.clockRateHz !== this.#formats.codec.clockRateHz;
    const isOtherEvents = formats.telephoneEvent?.clockRateHz !== this.#formats.telephoneEvent?.clockRateHz;
    this.#formats = formats;
    this.#protection = protection;
    this.#gathered = 0;
    if (isOtherEvents && this.#digits.isIdle) this.#digits = this.#makeDigits();
    if (!isOtherClock) return;
    this.#header.ssrc = another.ssrc;
    this.#header.sequence = another.sequence;
    this.#timestamp = another.timestamp;
    this.#isTalking = false;
  }

  /** Returns false when the queue is full: the frame is dropped. */
  send(frame: Int16Array): boolean {
    return this.#queue.push(frame);
  }

  clear(): number {
    this.#behind = 0;
    return this.#queue.clear();
  }

  /** 0 to 1; reached within a frame, without a click. */
  setGain(gain: number): void {
    this.#wantedGain = gain;
  }

  sendDigits(digits: string, timing: DigitTiming = {}): void {
    this.#digits.add(digits, timing);
  }

  clearDigits(): void {
    this.#digits.clear();
  }

  /** Time went by without anything sent, as while on hold. Digits and frames wait. */
  pass(frames: number): void {
    this.#timestamp += frames * this.#ticksPerFrame;
    this.#gathered = 0;
    this.#isTalking = false;
  }

  /** The next frame's time has come: the packet to send now, if any. Its bytes are good for 16 packets. */
  next(): Uint8Array | undefined {
    const events = this.#formats.telephoneEvent;
    const step = events && !this.#digits.isIdle ? this.#digits.next() : undefined;
    if (events && step?.kind === "packet") {
      const packet = this.#packDigit(events, step.packet);
      this.#wait();
      this.pass(1);
      return packet;
    }
    if (step !== undefined) this.#wait();
    return this.#takeFrame(step === undefined && this.#shift(this.#gathered * FRAME_SAMPLES));
  }

  #wait(): void {
    if (this.#queue.count > 0) this.#behind++;
  }

  #shift(at: number): boolean {
    if (!this.#queue.shift(this.#frames, at)) {
      this.#behind = 0;
      return false;
    }
    this.#framesSent++;
    while (this.#behind > 0 && isQuiet(this.#frames, at) && this.#queue.shift(this.#frames, at)) {
      this.#behind--;
      this.#framesSent++;
    }
    return true;
  }

  #takeFrame(hasSound: boolean): Uint8Array | undefined {
    const at = this.#gathered * FRAME_SAMPLES;
    if (!hasSound) this.#frames.fill(0, at, at + FRAME_SAMPLES);
    this.#applyGain(at);
    this.#silentFrames = hasSound ? 0 : this.#silentFrames + 1;
    this.#gathered++;
    this.#gatheredSound ||= hasSound;
    if (this.#gathered * FRAME_MS < this.#formats.packetMs) return undefined;
    const { comfortNoise } = this.#formats;
    const isQuiet = comfortNoise && !this.#gatheredSound && this.#silentFrames > NOISE_AFTER_FRAMES / 2;
    const packet = isQuiet ? this.#packNoise(comfortNoise) : this.#packFrames();
    this.#timestamp += this.#gathered * this.#ticksPerFrame;
    this.#gathered = 0;
    this.#gatheredSound = false;
    return packet;
  }

  #packFrames(): Uint8Array {
    const { codec, payloadType } = this.#formats;
    const count = this.#gathered * FRAME_SAMPLES;
    const bytes = this.#nextBytes();
    let samples = this.#frames.subarray(0, count);
    if (codec.sampleRateHz !== FRAME_RATE_HZ) {
      this.#halver.run(samples, count, this.#narrow);
      samples = this.#narrow.subarray(0, count / 2);
    }
    const length = codec.encode(samples, bytes, RTP_HEADER_BYTES);
    const packet = this.#finish(bytes, length, {
      payloadType,
      hasMarker: !this.#isTalking,
      timestamp: this.#timestamp,
    });
    this.#isTalking = true;
    return packet;
  }

  #packNoise({ sendPayloadType }: AgreedFormat): Uint8Array | undefined {
    const isFirst = this.#isTalking;
    this.#isTalking = false;
    if (!isFirst && this.#silentFrames % NOISE_AFTER_FRAMES >= this.#gathered) return undefined;
    const bytes = this.#nextBytes();
    bytes.set(this.#noise, RTP_HEADER_BYTES);
    const header = { payloadType: sendPayloadType, hasMarker: false, timestamp: this.#timestamp };
    return this.#finish(bytes, this.#noise.length, header);
  }

  #packDigit({ clockRateHz, sendPayloadType }: AgreedFormat, packet: DigitPacket): Uint8Array {
    const bytes = this.#nextBytes();
    writeTelephoneEvent(bytes, RTP_HEADER_BYTES, packet);
    const age = (packet.age * this.#formats.codec.clockRateHz) / clockRateHz;
    return this.#finish(bytes, EVENT_BYTES, {
      payloadType: sendPayloadType,
      hasMarker: packet.hasMarker,
      timestamp: this.#timestamp - age,
    });
  }

  #finish(
    bytes: Uint8Array,
    payloadLength: number,
    header: { payloadType: number; hasMarker: boolean; timestamp: number },
  ): Uint8Array {
    const own = this.#header;
    own.payloadType = header.payloadType;
    own.hasMarker = header.hasMarker;
    own.timestamp = header.timestamp >>> 0;
    writeRtpHeader(bytes, own);
    own.sequence = (own.sequence + 1) & 0xffff;
    this.#packets++;
    this.#octets += payloadLength;
    const length = RTP_HEADER_BYTES + payloadLength;
    return bytes.subarray(0, this.#protection?.protect(bytes, RTP_HEADER_BYTES, length) ?? length);
  }

  #applyGain(at: number): void {
    if (this.#gain === 1 && this.#wantedGain === 1) return;
    const step = (this.#wantedGain - this.#gain) / FRAME_SAMPLES;
    for (let i = 0; i < FRAME_SAMPLES; i++)
      this.#frames[at + i] = (this.#frames[at + i] as number) * (this.#gain + step * i);
    this.#gain = this.#wantedGain;
  }

  #nextBytes(): Uint8Array {
    this.#turn = (this.#turn + 1) % RING;
    return this.#ring[this.#turn] as Uint8Array;
  }

  #makeDigits(): DigitSender {
    return new DigitSender(this.#formats.telephoneEvent?.clockRateHz ?? 8000);
  }

  get #ticksPerFrame(): number {
    return (this.#formats.codec.clockRateHz * FRAME_MS) / 1000;
  }
}

function isQuiet(samples: Int16Array, at: number): boolean {
  for (let i = at; i < at + FRAME_SAMPLES; i++) if (Math.abs(samples[i] as number) > QUIET_PEAK) return false;
  return true;
}
