import { AppError, invalidField } from "../app-error.ts";
import type { Resources } from "../documents/resource.ts";
import type { JsonObject } from "../documents/resource-shapes.ts";
import type { Speech } from "../speech/speech.ts";
import type { FetchAudio } from "./fetch-audio.ts";
import type { Transcript, TranscriptSettings, transcriptKind } from "./transcript.ts";

export type TranscriptDeps = {
  readonly transcripts: Resources<typeof transcriptKind.shape>;
  readonly speech: Speech;
  readonly fetchAudio: FetchAudio;
};

/**
 * Writes down what is said in a WAV file, and keeps it. A model that fails leaves a transcript that says so.
 * @throws AppError `unreadable_audio`; `invalid_request`, also for a URL that can't be fetched
 */
export async function createTranscript(
  deps: TranscriptDeps,
  workspaceId: string,
  request: { readonly input: JsonObject; readonly audio?: Uint8Array<ArrayBuffer> | undefined },
  signal: AbortSignal,
): Promise<Transcript> {
  const settings = deps.transcripts.parse(request.input);
  const audio = request.audio ?? (await fetchFor(deps, settings, signal));
  const done = await transcribe(deps.speech, audio, signal);
  const warnings = findWarnings(settings);
  return deps.transcripts.create(workspaceId, { ...settings, ...done, warnings });
}

async function fetchFor(
  { fetchAudio }: TranscriptDeps,
  { audioUrl }: TranscriptSettings,
  signal: AbortSignal,
): Promise<Uint8Array<ArrayBuffer>> {
  if (audioUrl === undefined) {
    const message = "must be given when there is no audio in the body";
    throw invalidField("audioUrl", message);
  }
  return fetchAudio(audioUrl, signal);
}

async function transcribe(
  speech: Speech,
  audio: Uint8Array<ArrayBuffer>,
  signal: AbortSignal,
): Promise<Partial<TranscriptSettings>> {
  try {
    const { text, durationMs, modelMs, model } = await speech.transcribe(audio, signal);
    const utterances = text === "" ? [] : [{ speaker: "1", text }];
    return { status: "completed", text, utterances, durationMs, modelMs, model };
  } catch (error) {
    if (error instanceof AppError && error.code === "model_failed") return { status: "failed", error: error.message };
    throw error;
  }
}

function findWarnings(settings: TranscriptSettings): TranscriptSettings["warnings"] {
  const { model, language, isDiarized, hasWordTimes, redact } = settings;
  const ignored = { model, language, isDiarized, hasWordTimes, redact: redact.length > 0 };
  return Object.entries(ignored)
    .filter(([, value]) => value !== undefined && value !== false)
    .map(([field]) => ({ code: "not_honoured", field, message: `${field} is kept but has no effect here` }));
}
