import { z } from "zod";
import { type DialectApp, type DialectDeps, parseBody } from "../../kit/open-dialect.ts";
import { toWholeList } from "../list-envelope.ts";
import { collect, toStreamBody } from "../stream-body.ts";
import { readUpload } from "../uploads.ts";
import { BUILT_IN_VOICES, toOurVoice } from "../voices.ts";
import { sealWav, toAudioFormat } from "./audio-format.ts";
import { speak } from "./speak.ts";
import { speechShape } from "./speech-shape.ts";
import { showTranscription, TRANSCRIPTION_FORMATS } from "./transcription-format.ts";

const transcriptionShape = z.looseObject({
  model: z.string().max(200).optional(),
  language: z.string().max(20).default("en"),
  response_format: z.enum(TRANSCRIPTION_FORMATS).default("json"),
});

/** The OpenAI-compatible plane's speech and what it can choose from. */
export function addSpeechRoutes(app: DialectApp, prefix: string, deps: DialectDeps): void {
  const { speech, listModels, clock } = deps;
  const startedS = Math.floor(clock.now().getTime() / 1000);

  app.post(`${prefix}/audio/speech`, async (c) => {
    const request = await parseBody(c, speechShape);
    const { contentType, encode } = toAudioFormat(request);
    const controller = new AbortController();
    const pieces = encode(speak(speech, request, AbortSignal.any([c.req.raw.signal, controller.signal])));
    c.header("Content-Type", contentType);
    if (request.stream === true) return c.body(await toStreamBody(pieces, () => controller.abort()));
    const audio = await collect(pieces);
    return c.body(contentType === "audio/wav" ? sealWav(audio) : audio);
  });

  app.post(`${prefix}/audio/transcriptions`, async (c) => {
    const { file, fields } = await readUpload(c, "file", transcriptionShape);
    const transcription = await speech.transcribe(file, c.req.raw.signal);
    const { contentType, body } = showTranscription(transcription, fields.response_format, fields.language);
    return c.body(body, 200, { "Content-Type": contentType });
  });

  app.get(`${prefix}/voices`, (c) => c.json(toWholeList(showVoices(deps))));

  app.get(`${prefix}/models`, (c) => {
    const data = listModels().map(({ name, kind }) => ({
      id: name,
      object: "model",
      created: startedS,
      owned_by: name.split("/", 1)[0],
      type: kind,
    }));
    return c.json({ object: "list", data });
  });
}

/** Wordcab's own names first, described by the voice of ours that speaks for them. */
function showVoices({ listVoices }: DialectDeps) {
  const ours = listVoices();
  const fallback = ours.find(({ isDefault }) => isDefault);
  const show = (id: string, voice: (typeof ours)[number] | undefined, type: "builtin" | "custom") => ({
    id,
    object: "voice",
    name: type === "builtin" ? id : (voice?.name ?? id),
    type,
    language: voice?.language.split("-", 1)[0] ?? "en",
    gender: voice?.gender ?? null,
    description: voice?.description ?? null,
  });
  return [
    ...BUILT_IN_VOICES.map((id) => show(id, ours.find((voice) => voice.id === toOurVoice(id)) ?? fallback, "builtin")),
    ...ours.map((voice) => show(voice.id, voice, "custom")),
  ];
}
