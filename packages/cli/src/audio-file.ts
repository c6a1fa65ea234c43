import { access, constants, readFile, stat, writeFile } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { ENGINE_RATE_HZ, parseWav, rmsDbfs, type Samples, toEngineRate, WavError } from "@earshot/engine";
import { CliError } from "./cli-error.ts";

export type AudioFile = {
  /** 16 kHz, one channel. */
  readonly samples: Samples;
  readonly durationMs: number;
  /** What was done to it, for people. */
  readonly notes: readonly string[];
};

/** Below this a file is as good as silent. */
const SILENT_DBFS = -65;
const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "does not exist",
  EISDIR: "is a folder",
  EACCES: "may not be read or written by you",
  ENOSPC: "does not fit: the disk is full",
  ENOTDIR: "is not in a folder",
  EROFS: "is on a disk that can't be written",
};

/** Reads a WAV file of any rate and any number of channels. @throws CliError */
export async function readAudioFile(path: string): Promise<AudioFile> {
  const bytes = await readFile(path).catch((error: unknown) => fail(path, error, "Check the path."));
  const name = basename(path);
  try {
    const wav = parseWav(bytes);
    const samples = toEngineRate(wav);
    const notes: string[] = [];
    if (wav.channels > 1) notes.push(`${name}: mixed ${wav.channels} channels down to one.`);
    if (wav.sampleRateHz !== ENGINE_RATE_HZ) notes.push(`${name}: resampled from ${wav.sampleRateHz} Hz to 16000 Hz.`);
    const level = rmsDbfs(samples);
    if (level < SILENT_DBFS) notes.push(`${name}: is silent or nearly so (${level.toFixed(0)} dBFS).`);
    return { samples, durationMs: wav.durationMs, notes };
  } catch (error) {
    if (error instanceof WavError) throw new CliError(`${path}: ${error.message}`, { cause: error });
    throw error;
  }
}

/** Fails early where a file could not be written in the end. @throws CliError */
export async function checkWritable(path: string): Promise<void> {
  const isThere = await stat(path).catch(() => undefined);
  if (isThere?.isDirectory()) throw new CliError(`${path} is a folder. Name a file for the audio.`);
  const target = isThere === undefined ? dirname(path) : path;
  await access(target, constants.W_OK).catch((error: unknown) => fail(target, error, "Choose another path."));
}

/** @throws CliError */
export async function writeAudioFile(path: string, wav: Uint8Array): Promise<void> {
  await writeFile(path, wav).catch((error: unknown) => fail(path, error, "Choose another path."));
}

function fail(path: string, error: unknown, fix: string): never {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const reason = REASONS[code] ?? `can't be used (${error instanceof Error ? error.message : String(error)})`;
  throw new CliError(`${path} ${reason}. ${fix}`, { cause: error });
}
