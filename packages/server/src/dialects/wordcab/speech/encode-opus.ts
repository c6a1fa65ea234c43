import { randomInt } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import { ENGINE_RATE_HZ, FRAME_SAMPLES, type Samples } from "@earshot/engine";
import { Encoder } from "@evan/opus";
import { OggOpusWriter, type OpusPacket, toGranules } from "./ogg-opus.ts";

/** OPUS_GET_LOOKAHEAD_REQUEST: samples at the encoder's rate. */
const GET_LOOKAHEAD = 4027;
const BITS_PER_SECOND = 32_000;
/** A page a second: 50 packets of 80 bytes or so. Encoding one takes some 6 ms. */
const PACKETS_PER_PAGE = 50;
const PACKET_GRANULES = toGranules(FRAME_SAMPLES, ENGINE_RATE_HZ);

/** Ogg Opus, mono, of a stream at the engine's rate, page by page. Other work gets its turn between them. */
export async function* encodeOpus(pieces: AsyncIterable<Samples>): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const encoder = new Encoder({ channels: 1, sample_rate: ENGINE_RATE_HZ, application: "voip" });
  encoder.bitrate = BITS_PER_SECOND;
  const lookahead = encoder.ctl(GET_LOOKAHEAD);
  const preSkip = toGranules(lookahead, ENGINE_RATE_HZ);
  const writer = new OggOpusWriter({ serial: randomInt(2 ** 32), preSkip });
  const encode = (frame: Samples): OpusPacket => ({
    bytes: Uint8Array.from(encoder.encode(frame)),
    samples: PACKET_GRANULES,
  });
  yield writer.head(ENGINE_RATE_HZ);
  let received = 0;
  let encoded = 0;
  let page: OpusPacket[] = [];
  let rest: Samples = new Int16Array(0);
  for await (const piece of pieces) {
    received += piece.length;
    const samples = join(rest, piece);
    const whole = samples.length - (samples.length % FRAME_SAMPLES);
    for (let at = 0; at < whole; at += FRAME_SAMPLES) {
      if (page.length === PACKETS_PER_PAGE) {
        yield writer.packets(page);
        page = [];
        await setImmediate();
      }
      page.push(encode(samples.slice(at, at + FRAME_SAMPLES)));
      encoded += FRAME_SAMPLES;
    }
    rest = samples.slice(whole);
  }
  // What the encoder looks ahead must be pushed out behind the last sample.
  const needed = received + lookahead;
  while (encoded < needed) {
    page.push(encode(join(rest, new Int16Array(FRAME_SAMPLES - rest.length))));
    rest = new Int16Array(0);
    encoded += FRAME_SAMPLES;
  }
  yield writer.end(page, toGranules(received, ENGINE_RATE_HZ));
}

function join(first: Samples, second: Samples): Samples {
  if (first.length === 0) return second;
  const samples = new Int16Array(first.length + second.length);
  samples.set(first);
  samples.set(second, first.length);
  return samples;
}
