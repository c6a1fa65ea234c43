import { encodeWav, type Samples } from "@earshot/engine";
import { Decoder } from "@evan/opus";
import { readOggPages } from "./ogg-page.ts";

const RATE_HZ = 16_000;
const TICKS_PER_SAMPLE = 3;

/** Both tracks of a recording that `OpusTrackFile` wrote, as stereo samples at 16 kHz. */
export function decodeOpusRecording(file: Uint8Array): Samples {
  const { pages } = readOggPages(file);
  const [head] = pages[0]?.packets ?? [];
  const skipped = head === undefined ? 0 : new DataView(head.buffer, head.byteOffset).getUint16(10, true);
  const length = Math.max(0, (pages.at(-1)?.granule ?? 0) - skipped) / TICKS_PER_SAMPLE;
  const decoders = [1, 2].map(() => new Decoder({ channels: 1, sample_rate: RATE_HZ }));
  const stereo = new Int16Array(2 * Math.floor(length));
  let at = -skipped / TICKS_PER_SAMPLE;
  for (const packet of pages.slice(2).flatMap(({ packets }) => packets)) {
    const tracks = splitPacket(packet).map((part, track) => decodePacket(decoders[track] as Decoder, part));
    for (const [track, samples] of tracks.entries())
      for (const [index, sample] of samples.entries())
        if (at + index >= 0 && at + index < length) stereo[2 * (at + index) + track] = sample;
    at += tracks[0]?.length ?? 0;
  }
  return stereo;
}

/** A recording as a WAV, whatever it was kept as. */
export function toWav(file: Uint8Array): Uint8Array<ArrayBuffer> {
  return encodeWav({ samples: decodeOpusRecording(file), sampleRateHz: RATE_HZ, channels: 2 });
}

/** The caller's part says how long it is, the agent's takes the rest. */
function splitPacket(packet: Uint8Array): [Uint8Array, Uint8Array] {
  const [toc = 0, first = 0, second = 0] = packet;
  const from = first < 252 ? 2 : 3;
  const end = from + (first < 252 ? first : 4 * second + first);
  return [Uint8Array.from([toc, ...packet.subarray(from, end)]), packet.subarray(end)];
}

function decodePacket(decoder: Decoder, packet: Uint8Array): Samples {
  return new Int16Array(Uint8Array.from(decoder.decode(packet)).buffer);
}
