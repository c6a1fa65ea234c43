import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { availableParallelism, cpus, tmpdir } from "node:os";
import path from "node:path";
import process from "node:process";
import { promisify } from "node:util";
import type { Samples, TextToSpeech } from "@earshot/engine";
import { connectSpeech, type SpeechConnection, startSpeechHost } from "@earshot/providers/embedded";
import { percentile } from "../statistics.ts";
import { CONDITIONS } from "./conditions.ts";
import { REPLY, SENTENCES } from "./corpus.ts";
import {
  measureDenoiser,
  measureEmbedder,
  measureSynthesis,
  measureVoiceActivity,
  type SynthesisResult,
} from "./measure-others.ts";
import { measurePartials, measureRecognition, type RecognitionResult, type Spoken } from "./measure-recognition.ts";
import { type ModelReport, printModelReport } from "./model-report.ts";

/** Silence around each utterance, as voice activity leaves it. */
const SILENCE_SAMPLES = 4800;

/** Measures the embedded speech models on a corpus that they speak themselves, and prints the figures. */
export async function benchModels(): Promise<void> {
  printModelReport(await measureModels());
}

/** Deterministic apart from timings. */
async function measureModels(): Promise<ModelReport> {
  const cacheDir = await mkdtemp(path.join(tmpdir(), "earshot-bench-"));
  await warmCache(cacheDir);
  const before = process.memoryUsage.rss();
  const startedAtMs = performance.now();
  const host = await startSpeechHost({ cacheDir });
  const readyMs = performance.now() - startedAtMs;
  const ready = process.memoryUsage.rss();
  const speech = connectSpeech(host.connect().bundle);
  try {
    const measured = await measureConnection(speech);
    const [cpu] = cpus();
    const machine = `${cpu?.model ?? "unknown processor"}, ${availableParallelism()} cores, Node ${process.version}`;
    const memory = { before, ready, used: process.memoryUsage.rss() };
    return { machine, readyMs, models: host.models(), memory, ...measured };
  } finally {
    speech.close();
    await host.close();
    await rm(cacheDir, { recursive: true });
  }
}

/** In a process of its own, which leaves nothing behind in this one's memory. */
async function warmCache(cacheDir: string): Promise<void> {
  const code = `
    const { startSpeechHost } = await import(${JSON.stringify(import.meta.resolve("@earshot/providers/embedded"))});
    await (await startSpeechHost({ cacheDir: ${JSON.stringify(cacheDir)} })).close();`;
  await promisify(execFile)(process.execPath, ["--input-type=module", "-e", code]);
}

async function measureConnection(
  speech: SpeechConnection,
): Promise<Omit<ModelReport, "machine" | "readyMs" | "models" | "memory">> {
  const corpus = await speakCorpus(speech.textToSpeech);
  const recognition: RecognitionResult[] = [];
  for (const condition of CONDITIONS) {
    recognition.push(await measureRecognition(speech.speechToText, condition, corpus));
  }
  const partialsMs = await measurePartials(speech.speechToText, corpus.slice(0, 10));
  const voiceActivityUs: { batch: number; us: number }[] = [];
  for (const batch of [1, 8, 32, 128]) {
    voiceActivityUs.push({ batch, us: await measureVoiceActivity(speech.voiceActivity, batch) });
  }
  const synthesis: SynthesisResult[] = [];
  for (const voice of speech.textToSpeech.voices()) {
    synthesis.push(await measureSynthesis(speech.textToSpeech, voice.id, REPLY));
  }
  const denoiserUs: { name: string; us: number }[] = [];
  for (const denoiser of Object.values(speech.denoisers)) {
    denoiserUs.push({ name: denoiser.name, us: await measureDenoiser(denoiser) });
  }
  const samples = corpus.reduce((sum, spoken) => sum + spoken.samples.length, 0);
  return {
    corpus: { utterances: corpus.length, audioSeconds: samples / 16_000 },
    recognition,
    partialMs: { p50: percentile(partialsMs, 50), p95: percentile(partialsMs, 95) },
    voiceActivityUs,
    synthesis,
    denoiserUs,
    embedderMs: await measureEmbedder(speech.embedder, SENTENCES),
  };
}

/** Every sentence by every voice. */
async function speakCorpus(model: TextToSpeech): Promise<readonly Spoken[]> {
  const corpus: Spoken[] = [];
  for (const voice of model.voices()) {
    for (const text of SENTENCES) {
      const chunks: Samples[] = [];
      for await (const { samples } of model.speak({ text, voiceId: voice.id }, new AbortController().signal)) {
        chunks.push(samples);
      }
      corpus.push({ text, samples: withSilence(chunks) });
    }
  }
  return corpus;
}

function withSilence(chunks: readonly Samples[]): Samples {
  const length = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  const all = new Int16Array(length + 2 * SILENCE_SAMPLES);
  let at = SILENCE_SAMPLES;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  return all;
}
