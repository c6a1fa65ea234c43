import type { LoadedModel } from "@earshot/providers/embedded";
import { printTable } from "../table.ts";
import type { SynthesisResult } from "./measure-others.ts";
import type { RecognitionResult } from "./measure-recognition.ts";

export type ModelReport = {
  readonly machine: string;
  /** With the cache in place. */
  readonly readyMs: number;
  readonly models: readonly LoadedModel[];
  /** Resident memory, bytes. */
  readonly memory: { readonly before: number; readonly ready: number; readonly used: number };
  readonly corpus: { readonly utterances: number; readonly audioSeconds: number };
  readonly recognition: readonly RecognitionResult[];
  readonly partialMs: { readonly p50: number; readonly p95: number };
  readonly voiceActivityUs: readonly { readonly batch: number; readonly us: number }[];
  readonly synthesis: readonly SynthesisResult[];
  readonly denoiserUs: readonly { readonly name: string; readonly us: number }[];
  readonly embedderMs: { readonly alone: number; readonly together: number };
};

/** Prints the figures as tables. */
export function printModelReport(report: ModelReport): void {
  const { corpus, memory } = report;
  const audio = `${corpus.utterances} utterances, ${corpus.audioSeconds.toFixed(0)} s, spoken by the embedded voices`;
  console.log(`Speech models on ${report.machine}\nCorpus: ${audio}\n`);
  printTable(
    report.recognition.map((result) => ({
      "speech to text (finals)": result.condition,
      "word error rate": `${(100 * result.wordErrorRate).toFixed(1)} %`,
      "real-time factor": result.realTimeFactor.toFixed(3),
      "CPU s/s": result.cpuPerAudioSecond.toFixed(3),
      "final p50": ms(result.finalMs.p50),
      "final p95": ms(result.finalMs.p95),
    })),
  );
  console.log(`\nPartial words: p50 ${ms(report.partialMs.p50)}, p95 ${ms(report.partialMs.p95)}\n`);
  printTable(
    report.synthesis.map((result) => ({
      "text to speech": result.voiceId,
      "first audio p50": ms(result.firstAudioMs.p50),
      "first audio p95": ms(result.firstAudioMs.p95),
      "real-time factor": result.realTimeFactor.toFixed(3),
    })),
  );
  console.log("");
  printTable(
    report.voiceActivityUs.map(({ batch, us }) => ({
      "voice activity, calls at once": batch,
      "us a window": us.toFixed(0),
    })),
  );
  console.log("");
  printTable(
    report.denoiserUs.map(({ name, us }) => ({
      denoising: name,
      "us a frame": us.toFixed(0),
      "share of a core": `${(us / 200).toFixed(1)} %`,
    })),
  );
  const { alone, together } = report.embedderMs;
  console.log(`\nEmbedding: ${ms(alone)} a text alone, ${ms(together)} each of 32 together\n`);
  printTable(
    report.models.map(({ name, kind, licence, loadMs }) => ({ model: name, kind, licence, load: ms(loadMs) })),
  );
  const sizes = `${mb(memory.before)} before, ${mb(memory.ready)} ready, ${mb(memory.used)} after all of the above`;
  console.log(`\nReady in ${ms(report.readyMs)}. Memory: ${sizes}.`);
}

function ms(value: number): string {
  return `${value.toFixed(value < 10 ? 1 : 0)} ms`;
}

function mb(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(0)} MB`;
}
