import type { AudioCodec } from "../codecs/audio-codec.ts";
import { makeCodec } from "../codecs/make-codec.ts";
import { DigitReceiver } from "../rtp/digit-receiver.ts";
import { Reception } from "../rtp/reception.ts";
import type { RtpPacket } from "../rtp/rtp-packet.ts";
import type { MediaAgreement } from "../sdp/media-agreement.ts";
import { Playout, type PlayoutCounts } from "./playout/playout.ts";

export type JitterLimits = { readonly startMs?: number; readonly maxMs?: number };

/** From the peer's packets to frames and digits, through changes of codec and source. */
export class RtpReceiver {
  readonly #limits: JitterLimits;
  readonly #onDigit: (digit: string) => void;
  readonly #decoders = new Map<number, AudioCodec>();
  #agreement: MediaAgreement;
  #playout: Playout;
  #clockRateHz: number;
  /** Of the playouts before this one. */
  #earlier: PlayoutCounts | undefined;
  readonly #reception: Reception;
  #digits: DigitReceiver;

  constructor(agreement: MediaAgreement, limits: JitterLimits, onDigit: (digit: string) => void) {
    this.#limits = limits;
    this.#onDigit = onDigit;
    this.#agreement = agreement;
    this.#clockRateHz = agreement.codecs[0].clockRateHz;
    this.#setDecoders();
    this.#playout = this.#makePlayout();
    this.#reception = new Reception(this.#clockRateHz);
    this.#digits = new DigitReceiver(eventRateHz(agreement));
  }

  get reception(): Reception {
    return this.#reception;
  }

  get counts(): PlayoutCounts {
    return addCounts(this.#earlier, this.#playout.counts);
  }

  delayMs(nowMs: number): number {
    return this.#playout.delayMs(nowMs);
  }

  /** What may arrive has changed; formats that stay keep what their decoders have learnt. */
  update(agreement: MediaAgreement): void {
    const before = this.#agreement;
    this.#agreement = agreement;
    this.#setDecoders();
    if (eventRateHz(before) !== eventRateHz(agreement)) this.#digits = new DigitReceiver(eventRateHz(agreement));
    if (!isSameReceiving(before, agreement)) this.#renewPlayout(agreement.codecs[0].clockRateHz);
  }

  /** Whether a packet of this payload type means anything here. */
  takes(payloadType: number): boolean {
    const { telephoneEvent, comfortNoise } = this.#agreement;
    return (
      this.#decoders.has(payloadType) ||
      payloadType === telephoneEvent?.receivePayloadType ||
      payloadType === comfortNoise?.receivePayloadType
    );
  }

  receive(packet: RtpPacket, payload: Uint8Array, nowMs: number): void {
    if (this.#reception.ssrc !== undefined && this.#reception.ssrc !== packet.ssrc) {
      this.#playout.restart();
      this.#digits.reset();
    }
    this.#reception.observe(packet, nowMs);
    if (packet.payloadType === this.#agreement.telephoneEvent?.receivePayloadType) {
      const digit = this.#digits.receive(packet, payload);
      if (digit !== undefined) this.#onDigit(digit);
    }
    const rateHz = this.#decoders.get(packet.payloadType)?.clockRateHz ?? this.#clockRateHz;
    if (rateHz !== this.#clockRateHz) this.#renewPlayout(rateHz);
    this.#playout.put(packet, payload, nowMs);
  }

  /** Fills `frame` with the next 20 ms; false when nothing came to fill it with. */
  next(frame: Int16Array, nowMs: number): boolean {
    return this.#playout.next(frame, nowMs);
  }

  close(): void {
    for (const decoder of this.#decoders.values()) decoder.close();
  }

  #setDecoders(): void {
    const wanted = new Map(this.#agreement.codecs.map((codec) => [codec.receivePayloadType, codec]));
    for (const [payloadType, decoder] of this.#decoders) {
      if (wanted.get(payloadType)?.codec === decoder.name) continue;
      decoder.close();
      this.#decoders.delete(payloadType);
    }
    for (const [payloadType, { codec }] of wanted)
      if (!this.#decoders.has(payloadType)) this.#decoders.set(payloadType, makeCodec(codec));
  }

  #makePlayout(): Playout {
    const { comfortNoise, telephoneEvent } = this.#agreement;
    const others = new Set(telephoneEvent ? [telephoneEvent.receivePayloadType] : []);
    const formats = { codecs: this.#decoders, comfortNoise: comfortNoise?.receivePayloadType, others };
    return new Playout(formats, this.#clockRateHz, this.#limits);
  }

  #renewPlayout(clockRateHz: number): void {
    this.#earlier = this.counts;
    this.#clockRateHz = clockRateHz;
    this.#playout = this.#makePlayout();
  }
}

function eventRateHz({ telephoneEvent }: MediaAgreement): number {
  return telephoneEvent?.clockRateHz ?? 8000;
}

function isSameReceiving(one: MediaAgreement, other: MediaAgreement): boolean {
  const key = ({ codecs, comfortNoise, telephoneEvent }: MediaAgreement) =>
    JSON.stringify([
      codecs.map(({ codec, receivePayloadType }) => [codec, receivePayloadType]),
      comfortNoise?.receivePayloadType,
      telephoneEvent?.receivePayloadType,
    ]);
  return key(one) === key(other);
}

function addCounts(one: PlayoutCounts | undefined, other: PlayoutCounts): PlayoutCounts {
  if (one === undefined) return other;
  const sum = { ...other };
  for (const key of Object.keys(other) as (keyof PlayoutCounts)[]) sum[key] += one[key];
  return sum;
}
