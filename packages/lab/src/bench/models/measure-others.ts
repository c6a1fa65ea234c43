import {
  type Denoiser,
  type Embedder,
  FRAME_SAMPLES,
  type TextToSpeech,
  toMs,
  VOICE_ACTIVITY_WINDOW_SAMPLES,
  type VoiceActivity,
} from "@earshot/engine";
import { percentile } from "../statistics.ts";

const RUNS = 200;

/** Microseconds a window when `batch` calls send one each at the same time, the way to the thread and back included. */
export async function measureVoiceActivity(model: VoiceActivity, batch: number): Promise<number> {
  const streams = Array.from({ length: batch }, () => model.open());
  const run = (): Promise<unknown> =>
    Promise.all(
      streams.map(
        (stream) => new Promise((resolve) => stream.score(new Int16Array(VOICE_ACTIVITY_WINDOW_SAMPLES), resolve)),
      ),
    );
  for (let i = 0; i < RUNS / 10; i++) await run();
  const startedAtMs = performance.now();
  for (let i = 0; i < RUNS; i++) await run();
  const tookMs = performance.now() - startedAtMs;
  for (const stream of streams) stream.close();
  return (tookMs * 1000) / RUNS / batch;
}

export type SynthesisResult = {
  readonly voiceId: string;
  readonly firstAudioMs: { readonly p50: number; readonly p95: number };
  readonly realTimeFactor: number;
};

/** Each time at a pace of its own: what a voice has said twice is not made again. */
export async function measureSynthesis(model: TextToSpeech, voiceId: string, text: string): Promise<SynthesisResult> {
  const firstMs: number[] = [];
  let [tookMs, audioMs] = [0, 0];
  for (let i = 0; i < 10; i++) {
    const startedAtMs = performance.now();
    let samples = 0;
    for await (const chunk of model.speak({ text, voiceId, speed: 1 + i / 50 }, new AbortController().signal)) {
      if (samples === 0) firstMs.push(performance.now() - startedAtMs);
      samples += chunk.samples.length;
    }
    tookMs += performance.now() - startedAtMs;
    audioMs += toMs(samples);
  }
  return {
    voiceId,
    firstAudioMs: { p50: percentile(firstMs, 50), p95: percentile(firstMs, 95) },
    realTimeFactor: tookMs / audioMs,
  };
}

/** Microseconds a frame of 20 ms. */
export async function measureDenoiser(denoiser: Denoiser): Promise<number> {
  const stream = denoiser.open();
  const run = (frames: number): Promise<void> =>
    new Promise((resolve) => {
      let left = frames;
      const done = (): void => {
        left--;
        if (left === 0) resolve();
      };
      for (let i = 0; i < frames; i++) stream.push(new Int16Array(FRAME_SAMPLES), done);
    });
  await run(20);
  const startedAtMs = performance.now();
  await run(500);
  const tookMs = performance.now() - startedAtMs;
  stream.close();
  return (tookMs * 1000) / 500;
}

/** Milliseconds a text: alone, and where 32 come together. */
export async function measureEmbedder(
  embedder: Embedder,
  texts: readonly string[],
): Promise<{ readonly alone: number; readonly together: number }> {
  await embedder.embed(texts.slice(0, 2));
  const startedAtMs = performance.now();
  for (const text of texts) await embedder.embed([text]);
  const alone = (performance.now() - startedAtMs) / texts.length;
  const many = Array.from({ length: 32 }, (_, i) => texts[i % texts.length] ?? "");
  const togetherAtMs = performance.now();
  await embedder.embed(many);
  return { alone, together: (performance.now() - togetherAtMs) / many.length };
}
