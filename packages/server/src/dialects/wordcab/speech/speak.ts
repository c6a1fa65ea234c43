import { parseWav, type Samples, toEngineRate } from "@earshot/engine";
import { AppError } from "../../../app-error.ts";
import type { Speech } from "../../../speech/speech.ts";
import { toOurVoice } from "../voices.ts";
import type { SpeechRequest } from "./speech-shape.ts";
import { isSsml, toSpokenText } from "./ssml.ts";

/**
 * Speech at the engine's rate: all at once, or sentence by sentence when it is streamed.
 * @throws AppError `invalid_request` for SSML without words; `unknown_voice`, `model_failed`
 */
export async function* speak(speech: Speech, request: SpeechRequest, signal: AbortSignal): AsyncGenerator<Samples> {
  const { input, voice, speed, stream } = request;
  const text = isSsml(input) ? toSpokenText(input) : input;
  if (text === "") throw new AppError("invalid_request", "input: there is nothing to say in it");
  for (const part of stream === true ? toSentences(text) : [text]) {
    const wav = await speech.say({ text: part, voiceId: toOurVoice(voice), speed: speed ?? 1 }, signal);
    yield toEngineRate(parseWav(wav));
  }
}

function toSentences(text: string): string[] {
  const sentences = new Intl.Segmenter("en", { granularity: "sentence" }).segment(text);
  return [...sentences].map(({ segment }) => segment.trim()).filter((sentence) => sentence !== "");
}
