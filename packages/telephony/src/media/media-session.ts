import { randomBytes } from "node:crypto";
import type { Clock } from "../clock.ts";
import { type AudioCodec, FRAME_SAMPLES } from "../codecs/audio-codec.ts";
import { makeCodec } from "../codecs/make-codec.ts";
import type { DigitTiming } from "../rtp/digit-sender.ts";
import { isRtcp } from "../rtp/rtcp-packet.ts";
import { emptyRtpPacket, readRtp } from "../rtp/rtp-packet.ts";
import { type AgreedCodec, type MediaAgreement, receives, sends } from "../sdp/media-agreement.ts";
import { MAX_OVERHEAD_BYTES } from "../srtp/packet-protection.ts";
import { SrtpReceiver, SrtpSender } from "../srtp/srtp-stream.ts";
import { toQuality } from "./call-quality.ts";
import type { FrameTicker } from "./frame-ticker.ts";
import { IceLite } from "./ice-lite.ts";
import type { MediaStatistics } from "./media-statistics.ts";
import type { Endpoint, MediaTransport } from "./media-transport.ts";
import { RtcpReporter } from "./rtcp-reporter.ts";
import { type JitterLimits, RtpReceiver } from "./rtp-receiver.ts";
import { RtpSender, type SenderFormats, type SenderStart } from "./rtp-sender.ts";
import { SilenceWatch } from "./silence-watch.ts";
import { type Latching, SourceLatch } from "./source-latch.ts";

const REPORT_MS = 5000;
const FIRST_REPORT_MS = 1000;
const MAX_PACKET_BYTES = 1500;

export type MediaSessionOptions = {
  readonly clock: Clock;
  readonly ticker: FrameTicker;
  readonly transport: MediaTransport;
  readonly agreement: MediaAgreement;
  readonly handlers: MediaHandlers;
  /** Default symmetric: packets go where the peer's come from. */
  readonly latching?: Latching;
  /** Frames that may wait to be sent, each 20 ms. Default 250. Full, `send` refuses. */
  readonly queueFrames?: number;
  /** Default 15 000. */
  readonly silentAfterMs?: number;
  /** Bounds of the jitter buffer: where it starts (default 40) and how far it may grow (default and at most 2000). */
  readonly jitter?: JitterLimits;
  /** Sends comfort noise instead of silence where the peer takes it. Default false. */
  readonly isSilenceSuppressed?: boolean;
  /** Of what we send, where the peer was told beforehand. Default random. */
  readonly ssrc?: number;
  /** That many random bytes. Default those of the operating system. */
  readonly random?: (bytes: number) => Uint8Array;
};

export type MediaHandlers = {
  /**
   * Every 20 ms: 320 samples at 16 kHz, good until the handler returns. `hasSound` is false where nothing came: the frame
   * is silence, or the peer's comfort noise.
   */
  readonly onFrame: (frame: Int16Array, hasSound: boolean) => void;
  readonly onDigit?: (digit: string) => void;
  /** No valid packet came for `silentAfterMs`, while one should have; then again after the next silence. */
  readonly onSilent?: () => void;
  /** Packets come again after `onSilent`. */
  readonly onResumed?: () => void;
};

/** One call's audio over RTP. It owns its transport and closes it. */
export class MediaSession {
  readonly #options: MediaSessionOptions;
  readonly #random: (bytes: number) => Uint8Array;
  readonly #frame = new Int16Array(FRAME_SAMPLES);
  readonly #packet = emptyRtpPacket();
  readonly #latch: SourceLatch;
  readonly #reporter: RtcpReporter;
  readonly #silence: SilenceWatch;
  readonly #receiver: RtpReceiver;
  #agreement: MediaAgreement;
  readonly #sender: RtpSender;
  #encoder: AudioCodec;
  #protection: { sender: SrtpSender; receiver: SrtpReceiver } | undefined;
  #ice: IceLite | undefined;
  #rtcpFrom: Endpoint | undefined;
  #refused = 0;
  #digitCount = 0;
  #droppedFrames = 0;
  readonly #cancels: (() => void)[];
  #isClosed = false;

  constructor(options: MediaSessionOptions) {
    const { clock, ticker, transport, agreement, random = randomBytes } = options;
    this.#options = options;
    this.#random = random;
    this.#agreement = agreement;
    this.#latch = new SourceLatch(options.latching);
    this.#reporter = new RtcpReporter(Buffer.from(random(12)).toString("base64"));
    this.#silence = new SilenceWatch(options.silentAfterMs ?? 15_000, options.handlers);
    const [codec] = agreement.codecs;
    this.#encoder = makeCodec(codec.codec, codec.parameters);
    const start = this.#randomStart();
    const { ssrc = start.ssrc, queueFrames = 250 } = options;
    this.#sender = new RtpSender(this.#senderFormats(), { ...start, ssrc }, queueFrames);
    this.#receiver = new RtpReceiver(agreement, options.jitter ?? {}, (digit) => this.#onDigit(digit));
    this.#apply(undefined);
    transport.open({
      onRtp: (bytes, from) => this.#onDatagram(bytes, from),
      onRtcp: (bytes, from) => this.#onRtcp(bytes, from),
    });
    this.#cancels = [
      ticker.add((nowMs, skipped) => this.#tick(nowMs, skipped)),
      // The first one soon, so that the second one can answer the peer's.
      clock.after(FIRST_REPORT_MS, () => this.#report()),
      clock.every(REPORT_MS, () => this.#report()),
    ];
  }

  get agreement(): MediaAgreement {
    return this.#agreement;
  }

  /** Frames given to `send` that have gone out: what the peer has heard, but for its own delay. */
  get framesSent(): number {
    return this.#sender.framesSent;
  }

  get queuedFrames(): number {
    return this.#sender.queuedFrames;
  }

  /** Digits of ours are still going out. */
  get isSendingDigits(): boolean {
    return !this.#sender.areDigitsIdle;
  }

  /** What both sides agreed on has changed: hold, another codec, address or key. Goes on without a gap. */
  update(agreement: MediaAgreement): void {
    const before = this.#agreement;
    this.#agreement = agreement;
    this.#apply(before);
  }

  /** Queues a frame (320 samples at 16 kHz), which is copied. Returns false, with the frame dropped, when the queue is full. */
  send(frame: Int16Array): boolean {
    const isQueued = this.#sender.send(frame);
    if (!isQueued) this.#droppedFrames++;
    return isQueued;
  }

  /** Drops the frames that wait. Returns how many. */
  clear(): number {
    return this.#sender.clear();
  }

  /** Lowers what is sent, 0 to 1, from the next frame on. */
  setGain(gain: number): void {
    this.#sender.setGain(Math.max(0, Math.min(1, gain)));
  }

  /**
   * Sends digits of 0-9 * # A-D. Frames wait meanwhile, and pauses among them are left out afterwards to catch up.
   * @throws RangeError for other characters, too many digits, or a peer that takes none this way
   */
  sendDigits(digits: string, timing?: DigitTiming): void {
    if (this.#agreement.telephoneEvent === undefined)
      throw new RangeError("The peer takes no digits in RTP (no telephone-event): send them as SIP INFO.");
    this.#sender.sendDigits(digits, timing);
  }

  /** Takes back the digits that have not begun. */
  clearDigits(): void {
    this.#sender.clearDigits();
  }

  get statistics(): MediaStatistics {
    const nowMs = this.#options.clock.nowMs();
    const codec = this.#agreement.codecs[0].codec;
    const { counts, reception } = this.#receiver;
    const { onUs, roundTripMs } = this.#reporter;
    const bufferMs = Math.round(this.#receiver.delayMs(nowMs));
    const { received, lost } = reception;
    const missing = Math.max(0, lost) + counts.late;
    const delayMs = (roundTripMs ?? 0) / 2 + bufferMs + this.#agreement.packetMs;
    return {
      codec,
      isEncrypted: this.#protection !== undefined,
      sent: {
        packets: this.#sender.packets,
        octets: this.#sender.octets,
        droppedFrames: this.#droppedFrames,
        lostThere: onUs?.cumulativeLost,
        lossThere: onUs?.fractionLost,
        jitterThereMs: onUs && Math.round((onUs.jitter * 1000) / this.#agreement.codecs[0].clockRateHz),
      },
      received: {
        packets: received,
        lost: Math.max(0, lost),
        late: counts.late,
        duplicate: counts.duplicate,
        discarded: counts.discarded,
        refused: this.#refused + counts.damaged,
        resyncs: counts.resyncs,
        concealedMs: Math.round(counts.concealedMs),
        shortenedMs: Math.round(counts.shortenedMs),
        lengthenedMs: Math.round(counts.lengthenedMs),
        jitterMs: Math.round(reception.jitterMs * 10) / 10,
        bufferMs,
        digits: this.#digitCount,
      },
      roundTripMs: roundTripMs && Math.round(roundTripMs),
      quality: received > 0 ? toQuality({ codec, loss: missing / (received + Math.max(0, lost)), delayMs }) : undefined,
      silentMs: this.#silence.silentMs(nowMs),
    };
  }

  /** Says goodbye and gives the port back. Idempotent. */
  close(): void {
    if (this.#isClosed) return;
    this.#report(true);
    this.#isClosed = true;
    for (const cancel of this.#cancels) cancel();
    this.#encoder.close();
    this.#receiver.close();
    this.#options.transport.close();
  }

  #apply(before: MediaAgreement | undefined): void {
    const agreement = this.#agreement;
    const { address, rtpPort } = agreement.remote;
    this.#latch.describe(address === undefined ? undefined : { address, port: rtpPort });
    this.#silence.watch(receives(agreement.direction) && !agreement.isHeldByPeer, this.#options.clock.nowMs());
    const { encryption, ice } = agreement;
    if (!isSameEncryption(before?.encryption, encryption))
      this.#protection = encryption && {
        sender: new SrtpSender(encryption.suite, encryption.sendKey),
        receiver: new SrtpReceiver(encryption.suite, encryption.receiveKey),
      };
    this.#ice = ice && new IceLite(ice);
    const [codec] = agreement.codecs;
    if (before && !isSameCodec(before.codecs[0], codec)) {
      this.#encoder.close();
      this.#encoder = makeCodec(codec.codec, codec.parameters);
    }
    this.#sender.change(this.#senderFormats(), this.#protection?.sender, this.#randomStart());
    if (before) this.#receiver.update(agreement);
  }

  #senderFormats(): SenderFormats {
    const { codecs, packetMs, telephoneEvent, comfortNoise } = this.#agreement;
    return {
      codec: this.#encoder,
      payloadType: codecs[0].sendPayloadType,
      packetMs,
      telephoneEvent,
      comfortNoise: this.#options.isSilenceSuppressed ? comfortNoise : undefined,
    };
  }

  #randomStart(): SenderStart {
    const bytes = Buffer.from(this.#random(10));
    return { ssrc: bytes.readUInt32BE(0), sequence: bytes.readUInt16BE(4) >> 1, timestamp: bytes.readUInt32BE(6) };
  }

  #tick(nowMs: number, skipped: number): void {
    this.#send(skipped);
    this.#silence.check(nowMs);
    const hasSound = this.#receiver.next(this.#frame, nowMs);
    this.#options.handlers.onFrame(this.#frame, hasSound);
  }

  #send(skipped: number): void {
    const { remote } = this.#latch;
    if (skipped > 0) this.#sender.pass(skipped);
    if (remote === undefined || !sends(this.#agreement.direction)) {
      this.#sender.pass(1);
      return;
    }
    const packet = this.#sender.next();
    if (packet) this.#options.transport.sendRtp(packet, remote);
  }

  #onDatagram(bytes: Uint8Array, from: Endpoint): void {
    const first = bytes[0];
    if (first === undefined || bytes.length > MAX_PACKET_BYTES) this.#refused++;
    else if (first < 4) this.#onStun(bytes, from, "rtp");
    else if (this.#agreement.hasRtcpMux && isRtcp(bytes)) this.#onRtcp(bytes, from);
    else this.#onRtp(bytes, from);
  }

  #onStun(bytes: Uint8Array, from: Endpoint, on: "rtp" | "rtcp"): void {
    const answer = this.#ice?.answer(bytes, from);
    if (answer === undefined) {
      this.#refused++;
      return;
    }
    const { transport } = this.#options;
    if (on === "rtp") transport.sendRtp(answer.response, from);
    else transport.sendRtcp(answer.response, from);
    if (answer.isNominated && on === "rtp") this.#latch.choose(from);
  }

  #onRtp(bytes: Uint8Array, from: Endpoint): void {
    const length = this.#protection ? this.#protection.receiver.unprotect(bytes) : bytes.length;
    const packet = this.#packet;
    if (
      length === undefined ||
      !readRtp(bytes.subarray(0, length), packet) ||
      !this.#receiver.takes(packet.payloadType)
    ) {
      this.#refused++;
      return;
    }
    const nowMs = this.#options.clock.nowMs();
    if (!this.#latch.accepts(packet, from, { nowMs, isAuthenticated: this.#protection !== undefined })) {
      this.#refused++;
      return;
    }
    this.#silence.hear(nowMs);
    if (!receives(this.#agreement.direction)) return;
    this.#receiver.receive(packet, bytes.subarray(packet.payloadStart, packet.payloadEnd), nowMs);
  }

  #onDigit(digit: string): void {
    this.#digitCount++;
    this.#options.handlers.onDigit?.(digit);
  }

  #onRtcp(bytes: Uint8Array, from: Endpoint): void {
    if ((bytes[0] ?? 0) < 4) {
      this.#onStun(bytes, from, "rtcp");
      return;
    }
    const source = this.#latch.source;
    const length = this.#protection ? this.#protection.receiver.unprotectControl(bytes) : bytes.length;
    const isStranger = source !== undefined && source.address !== from.address && this.#protection === undefined;
    const nowMs = this.#options.clock.nowMs();
    if (
      length === undefined ||
      isStranger ||
      !this.#reporter.read(bytes.subarray(0, length), this.#sender.ssrc, nowMs)
    ) {
      this.#refused++;
      return;
    }
    this.#rtcpFrom = { address: from.address, port: from.port };
  }

  #report(isBye = false): void {
    const remote = this.#rtcpRemote();
    if (remote === undefined || this.#isClosed) return;
    const report = this.#reporter.write(this.#sender, this.#receiver.reception, this.#options.clock.nowMs(), isBye);
    const bytes = new Uint8Array(report.length + MAX_OVERHEAD_BYTES);
    bytes.set(report);
    const length = this.#protection?.sender.protectControl(bytes, report.length) ?? report.length;
    const { transport } = this.#options;
    if (this.#agreement.hasRtcpMux) transport.sendRtp(bytes.subarray(0, length), remote);
    else transport.sendRtcp(bytes.subarray(0, length), remote);
  }

  #rtcpRemote(): Endpoint | undefined {
    const { remote, hasRtcpMux } = this.#agreement;
    const rtp = this.#latch.remote;
    if (rtp === undefined || hasRtcpMux) return rtp;
    if (this.#rtcpFrom?.address === rtp.address) return this.#rtcpFrom;
    const isAsDescribed = rtp.address === remote.address && rtp.port === remote.rtpPort;
    return { address: rtp.address, port: isAsDescribed ? remote.rtcpPort : Math.min(65_535, rtp.port + 1) };
  }
}

function isSameCodec(one: AgreedCodec, other: AgreedCodec): boolean {
  return one.codec === other.codec && one.parameters === other.parameters;
}

function isSameEncryption(one: MediaAgreement["encryption"], other: MediaAgreement["encryption"]): boolean {
  if (one === undefined || other === undefined) return one === other;
  const isSame = (a: Uint8Array, b: Uint8Array) => Buffer.compare(a, b) === 0;
  return one.suite === other.suite && isSame(one.sendKey, other.sendKey) && isSame(one.receiveKey, other.receiveKey);
}
