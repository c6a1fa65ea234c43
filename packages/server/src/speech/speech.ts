import { z } from "zod";
import { storableText } from "../storable-text.ts";

export const sayRequestShape = z
  .strictObject({
    text: storableText({ min: 1, max: 5000 }).describe("What to say."),
    voiceId: storableText({ min: 1, max: 200 }).optional().describe("An `id` of GET /v1/voices."),
    speed: z.number().min(0.5).max(2).default(1).describe("1 is the voice's own pace."),
  })
  .meta({ id: "SayRequest" });

export const transcriptionShape = z
  .object({
    text: z.string(),
    durationMs: z.number().describe("Length of the audio."),
    modelMs: z.number().describe("How long the model computed."),
    model: z.string(),
  })
  .meta({ id: "Transcription" });

export type SayRequest = z.infer<typeof sayRequestShape>;
export type Transcription = z.infer<typeof transcriptionShape>;

/** The node's speech models, outside a call. */
export interface Speech {
  /**
   * Speaks a text: a WAV file, 16 kHz mono.
   * @throws AppError `unknown_voice`, `model_failed`
   */
  say(request: SayRequest, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>>;
  /**
   * Writes down what is said in a WAV file of any rate and number of channels.
   * @throws AppError `unreadable_audio` (saying what is wrong with it), `model_failed`
   */
  transcribe(wav: Uint8Array<ArrayBuffer>, signal: AbortSignal): Promise<Transcription>;
}
