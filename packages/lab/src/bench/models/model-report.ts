import type { LoadedModel } from "@earshot/providers/embedded";
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

/** Prints the figures as tables for a terminal. */
export function printModelReport(report: ModelReport): void {
  const { corpus, memory } = report;
  console.log(`Speech models on ${report.machine}`);
  console.log(
    `Corpus: ${corpus.utterances} utterances, ${corpus.audioSeconds.toFixed(0)} s, spoken by the embedded voices`,
  );
  printTable(
    ["speech to text (finals)", "word errors", "real-time factor", "CPU s/s", "final p50", "final p95"],
    report.recognition.map((result) => [
      result.condition,
      `${(100 * result.wordErrorRate).toFixed(1)} %`,
      result.realTimeFactor.toFixed(3),
      result.cpuPerAudioSecond.toFixed(3),
      ms(result.finalMs.p50),
      ms(result.finalMs.p95),
    ]),
  );
  console.log(`\nPartial words: p50 ${ms(report.partialMs.p50)}, p95 ${ms(report.partialMs.p95)}`);
  printTable(
    ["text to speech", "first audio p50", "first audio p95", "real-time factor"],
    report.synthesis.map((result) => [
      result.voiceId,
      ms(result.firstAudioMs.p50),
      ms(result.firstAudioMs.p95),
      result.realTimeFactor.toFixed(3),
    ]),
  );
  printTable(
    ["voice activity", "us a window"],
    report.voiceActivityUs.map(({ batch, us }) => [`${batch} calls`, us.toFixed(0)]),
  );
  printTable(
    ["denoising", "us a frame", "share of a core"],
    report.denoiserUs.map(({ name, us }) => [name, us.toFixed(0), `${(us / 200).toFixed(1)} %`]),
  );
  console.log(
    `\nEmbedding: ${ms(report.embedderMs.alone)} a text alone, ${ms(report.embedderMs.together)} of 32 together`,
  );
  printTable(
    ["model", "kind", "licence", "load"],
    report.models.map((model) => [model.name, model.kind, model.licence, ms(model.loadMs)]),
  );
  console.log(
    `\nReady in ${ms(report.readyMs)}. Memory: ${mb(memory.before)} before, ${mb(memory.ready)} ready, ${mb(memory.used)} used`,
  );
}

function printTable(head: readonly string[], rows: readonly (readonly string[])[]): void {
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join("  ");
  console.log(`\n${line(head)}`);
  for (const row of rows) console.log(line(row));
}

function ms(value: number): string {
  return `${value.toFixed(value < 10 ? 1 : 0)} ms`;
}

function mb(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(0)} MB`;
}
