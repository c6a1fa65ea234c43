import { randomBytes } from "node:crypto";
import { Encoder } from "@evan/opus";
import { writeOggPage } from "./ogg-page.ts";
import type { TrackFile } from "./track-file.ts";

const RATE_HZ = 16_000;
/** 20 ms. */
const FRAME_SAMPLES = 320;
/** Ogg counts Opus at 48 kHz, whatever went in. */
const TICKS_PER_SAMPLE = 3;
/** Of each track; silence takes next to nothing of it. */
const BITS_PER_SECOND = 16_000;
const COMPLEXITY = 5;
/** OPUS_GET_LOOKAHEAD: the library's types have a getter for it that doesn't exist. */
const GET_LOOKAHEAD = 4027;
const MAX_PACKETS_ON_PAGE = 50;

/**
 * Opus in Ogg (RFC 7845). Both tracks are streams of their own (channel mapping family 1 without coupling), so that
 * nothing of one is heard on the other. Each piece ends with a whole page: what was written before a crash plays.
 */
export class OpusTrackFile implements TrackFile {
  readonly #caller = makeEncoder();
  readonly #agent = makeEncoder();
  readonly #serial = randomBytes(4).readUInt32LE();
  readonly #preSkip = this.#caller.ctl(GET_LOOKAHEAD) * TICKS_PER_SAMPLE;
  /** Stereo samples that are no whole frame yet. */
  #rest = new Int16Array(0);
  #samples = 0;
  #packets = 0;
  #pages = 0;

  begin(): Uint8Array {
    const head = this.#page([opusHead(this.#preSkip)], 0, { isFirst: true });
    return Buffer.concat([head, this.#page([opusTags()], 0)]);
  }

  push(stereo: Uint8Array): Uint8Array {
    const samples = new Int16Array(this.#rest.length + (stereo.length >> 1));
    samples.set(this.#rest);
    const view = new DataView(stereo.buffer, stereo.byteOffset, stereo.byteLength);
    for (let i = 0; i < stereo.length >> 1; i++) samples[this.#rest.length + i] = view.getInt16(2 * i, true);
    this.#samples += stereo.length >> 2;
    const packets: Uint8Array[] = [];
    let at = 0;
    for (; at + 2 * FRAME_SAMPLES <= samples.length; at += 2 * FRAME_SAMPLES)
      packets.push(this.#encode(samples.subarray(at, at + 2 * FRAME_SAMPLES)));
    this.#rest = samples.slice(at);
    return this.#pagesOf(packets);
  }

  finish(): { readonly tail: Uint8Array } {
    const packets: Uint8Array[] = [];
    // The decoder is behind by the encoder's look-ahead.
    const wanted = this.#samples + this.#preSkip / TICKS_PER_SAMPLE;
    for (let i = 0; this.#packets * FRAME_SAMPLES < wanted || i === 0; i++) {
      const frame = new Int16Array(2 * FRAME_SAMPLES);
      if (i === 0) frame.set(this.#rest);
      packets.push(this.#encode(frame));
    }
    const granule = this.#samples * TICKS_PER_SAMPLE + this.#preSkip;
    return { tail: this.#page(packets, granule, { isLast: true }) };
  }

  #encode(stereo: Int16Array): Uint8Array {
    const [caller, agent] = [new Int16Array(FRAME_SAMPLES), new Int16Array(FRAME_SAMPLES)];
    for (let i = 0; i < FRAME_SAMPLES; i++) {
      caller[i] = stereo[2 * i] as number;
      agent[i] = stereo[2 * i + 1] as number;
    }
    this.#packets++;
    return Buffer.concat([delimit(this.#caller.encode(caller)), this.#agent.encode(agent)]);
  }

  #pagesOf(packets: readonly Uint8Array[]): Uint8Array {
    const pages: Uint8Array[] = [];
    const before = this.#packets - packets.length;
    for (let at = 0; at < packets.length; at += MAX_PACKETS_ON_PAGE) {
      const some = packets.slice(at, at + MAX_PACKETS_ON_PAGE);
      pages.push(this.#page(some, (before + at + some.length) * FRAME_SAMPLES * TICKS_PER_SAMPLE));
    }
    return Buffer.concat(pages);
  }

  #page(packets: readonly Uint8Array[], granule: number, flags: { isFirst?: boolean; isLast?: boolean } = {}) {
    return writeOggPage({ serial: this.#serial, number: this.#pages++, granule, packets, ...flags });
  }
}

function makeEncoder(): Encoder {
  const encoder = new Encoder({ channels: 1, sample_rate: RATE_HZ, application: "voip" });
  encoder.bitrate = BITS_PER_SECOND;
  encoder.complexity = COMPLEXITY;
  return encoder;
}

/** Says how long a packet of one frame is, so that another stream's can follow it: RFC 6716 appendix B. */
function delimit(packet: Uint8Array): Uint8Array {
  const [toc = 0] = packet;
  if ((toc & 3) !== 0) throw new Error("the encoder made a packet of several frames");
  const length = packet.length - 1;
  const size = length < 252 ? [length] : [252 + (length & 3), (length - 252 - (length & 3)) >> 2];
  return Buffer.concat([packet.subarray(0, 1), Uint8Array.from(size), packet.subarray(1)]);
}

/** RFC 7845 section 5.1: two streams, uncoupled, the first on the left. */
function opusHead(preSkip: number): Uint8Array {
  const head = new Uint8Array(23);
  const view = new DataView(head.buffer);
  head.set(Buffer.from("OpusHead"));
  head.set([1, 2], 8);
  view.setUint16(10, preSkip, true);
  view.setUint32(12, RATE_HZ, true);
  head.set([1, 2, 0, 0, 1], 18);
  return head;
}

function opusTags(): Uint8Array {
  const vendor = Buffer.from("Earshot");
  const tags = new Uint8Array(16 + vendor.length);
  tags.set(Buffer.from("OpusTags"));
  new DataView(tags.buffer).setUint32(8, vendor.length, true);
  tags.set(vendor, 12);
  return tags;
}
