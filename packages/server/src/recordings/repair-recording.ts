import { open } from "node:fs/promises";
import { fixedWavHeader, streamingWavHeader } from "@earshot/engine";
import { readOggPages } from "./ogg-page.ts";
import type { RecordingFormat } from "./recording-format.ts";

const MOMENT_BYTES = 4;
const WAV_RATE_HZ = 16_000;
const OPUS_RATE_HZ = 48_000;
/** The end of an Ogg file is looked for in this much of it: many times the longest page. */
const TAIL_BYTES = 1_000_000;
const HEAD_PAGE_BYTES = 64;
const LONGEST_PAGE_BYTES = 65_307;

/**
 * Makes a file whole that a crash may have left in the middle of a piece: a WAV's header tells its length, an Ogg ends
 * with a whole page. Changes nothing of a whole one. Undefined: there is no sound in it.
 */
export async function repairRecording(
  path: string,
  format: RecordingFormat,
): Promise<{ readonly sizeBytes: number; readonly durationMs: number } | undefined> {
  const file = await open(path, "r+");
  try {
    const { size } = await file.stat();
    return format === "wav" ? await repairWav(file, size) : await repairOgg(file, size);
  } finally {
    await file.close();
  }
}

type File = Awaited<ReturnType<typeof open>>;

async function repairWav(file: File, size: number) {
  const headerBytes = streamingWavHeader().length;
  if (size < headerBytes + MOMENT_BYTES) return undefined;
  const dataBytes = size - headerBytes - ((size - headerBytes) % MOMENT_BYTES);
  const sizeBytes = headerBytes + dataBytes;
  if (sizeBytes < size) await file.truncate(sizeBytes);
  await file.write(fixedWavHeader(dataBytes), 0, headerBytes, 0);
  return { sizeBytes, durationMs: Math.round((dataBytes / MOMENT_BYTES / WAV_RATE_HZ) * 1000) };
}

async function repairOgg(file: File, size: number) {
  const [head] = readOggPages(await readAt(file, 0, HEAD_PAGE_BYTES)).pages[0]?.packets ?? [];
  if (head === undefined) return undefined;
  const skipped = new DataView(head.buffer, head.byteOffset).getUint16(10, true);
  const startAt = size <= TAIL_BYTES ? 0 : await findPage(file, size - TAIL_BYTES);
  const { pages, endsAt } = readOggPages(await readAt(file, startAt, size - startAt));
  const granule = pages.at(-1)?.granule ?? 0;
  if (granule <= skipped) return undefined;
  const sizeBytes = startAt + endsAt;
  if (sizeBytes < size) await file.truncate(sizeBytes);
  return { sizeBytes, durationMs: Math.round(((granule - skipped) / OPUS_RATE_HZ) * 1000) };
}

/** Where the first page begins that begins after `from`. */
async function findPage(file: File, from: number): Promise<number> {
  const bytes = await readAt(file, from, TAIL_BYTES);
  for (let at = bytes.indexOf("OggS"); at >= 0; at = bytes.indexOf("OggS", at + 1))
    if (readOggPages(bytes.subarray(at, at + LONGEST_PAGE_BYTES)).pages.length > 0) return from + at;
  return 0;
}

async function readAt(file: File, position: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  const { bytesRead } = await file.read(bytes, 0, length, position);
  return bytes.subarray(0, bytesRead);
}
