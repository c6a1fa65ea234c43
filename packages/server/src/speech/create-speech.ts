import {
  type Clock,
  ENGINE_RATE_HZ,
  encodeWav,
  FRAME_SAMPLES,
  ProviderError,
  parseWav,
  type Samples,
  type SpeechToText,
  type SpeechToTextEvent,
  type TextToSpeech,
  toEngineRate,
  toMs,
  WavError,
} from "@earshot/engine";
import type { SpeechConnection } from "@earshot/providers";
import { AppError } from "../app-error.ts";
import type { Speech, Transcription } from "./speech.ts";

/** Audio handed to the recogniser at once, so that a long file does not fill its queue. */
const PIECE_SAMPLES = FRAME_SAMPLES * 50;

/** The node's speech models as the API offers them outside calls. */
export function createSpeech(connection: SpeechConnection, clock: Clock): Speech {
  return {
    async say({ text, voiceId, speed }, signal) {
      const models = [connection.textToSpeech, ...connection.local.textToSpeech];
      const voice = voiceId ?? connection.textToSpeech.voices()[0]?.id ?? "";
      const model = models.find((candidate) => candidate.voices().some(({ id }) => id === voice));
      if (!model) throw new AppError("unknown_voice", `there is no voice "${voice}": see GET /v1/voices`);
      const samples = await naming(model.name, () => speakAll(model, { text, voiceId: voice, speed }, signal));
      return encodeWav({ samples, sampleRateHz: ENGINE_RATE_HZ, channels: 1 });
    },
    async transcribe(wav, signal) {
      const samples = readAudio(wav);
      return naming(connection.speechToText.name, () => recognise(connection.speechToText, samples, clock, signal));
    },
  };
}

async function speakAll(
  model: TextToSpeech,
  request: { text: string; voiceId: string; speed: number },
  signal: AbortSignal,
): Promise<Samples> {
  const chunks: Samples[] = [];
  for await (const chunk of model.speak(request, signal)) chunks.push(chunk.samples);
  const samples = new Int16Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let offset = 0;
  for (const chunk of chunks) {
    samples.set(chunk, offset);
    offset += chunk.length;
  }
  return samples;
}

function readAudio(wav: Uint8Array<ArrayBuffer>): Samples {
  try {
    return toEngineRate(parseWav(wav));
  } catch (error) {
    throw error instanceof WavError ? new AppError("unreadable_audio", error.message, { cause: error }) : error;
  }
}

async function recognise(
  model: SpeechToText,
  samples: Samples,
  clock: Clock,
  signal: AbortSignal,
): Promise<Transcription> {
  const startedMs = clock.nowMs();
  const { promise, resolve } = Promise.withResolvers<SpeechToTextEvent & { type: "final" | "failed" }>();
  const stream = model.open({
    language: "en-US",
    partialEveryMs: 0,
    onEvent: (event) => {
      if (event.type === "final" || event.type === "failed") resolve(event);
    },
  });
  const aborted = Promise.withResolvers<never>();
  const onAbort = () => aborted.reject(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    stream.begin(1);
    for (let offset = 0; offset < samples.length; offset += PIECE_SAMPLES)
      stream.push(samples.slice(offset, offset + PIECE_SAMPLES));
    stream.end(1);
    const event = await Promise.race([promise, aborted.promise]);
    if (event.type === "failed") throw event.error;
    const modelMs = event.modelMs ?? clock.nowMs() - startedMs;
    return { text: event.text, durationMs: toMs(samples.length), modelMs: Math.round(modelMs), model: model.name };
  } finally {
    signal.removeEventListener("abort", onAbort);
    stream.close();
  }
}

async function naming<T>(model: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw error instanceof ProviderError ? modelFailed(model, error) : error;
  }
}

function modelFailed(model: string, cause: ProviderError): AppError {
  return new AppError("model_failed", `${model} failed: ${cause.message}`, { cause });
}
