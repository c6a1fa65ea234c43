import { z } from "zod";
import { storableText } from "../../../storable-text.ts";
import { wordcabMetadataShape } from "../agents/agent-shape.ts";
import { toOurMetadata } from "../metadata.ts";

const REDACTIONS = ["pii", "phi"] as const;

/** Forms know text only. */
const flag = z.union([z.boolean(), z.stringbool()], "must be true or false");
const redactShape = z.union(
  [
    z.array(z.enum(REDACTIONS)),
    z
      .string()
      .transform((text) => text.split(/[\s,]+/))
      .pipe(z.array(z.enum(REDACTIONS))),
  ],
  `must list ${REDACTIONS.join(" and ")}`,
);

const settings = {
  model: storableText({ min: 1, max: 200 }).nullish(),
  language: storableText({ min: 1, max: 35 }).nullish(),
  diarize: flag.default(false),
  word_timestamps: flag.default(false),
  redact: redactShape.nullish(),
};

/** POST transcripts with JSON. */
export const transcriptFromUrlShape = z.looseObject({
  audio_url: z.url({ protocol: /^https?$/, error: "must be an http or https URL" }).max(2000),
  ...settings,
  metadata: wordcabMetadataShape.nullish(),
});

/** The fields of the form beside `audio_file`. */
export const transcriptFormShape = z.looseObject(settings);

/** In the words of our own resource. */
export function toTranscriptInput(body: z.output<typeof transcriptFormShape> & { readonly audio_url?: string }) {
  const { audio_url: audioUrl, model, language, diarize, word_timestamps: hasWordTimes, redact, metadata } = body;
  const pairs = wordcabMetadataShape.safeParse(metadata);
  return {
    ...(audioUrl === undefined ? {} : { audioUrl }),
    ...(model ? { model } : {}),
    ...(language ? { language } : {}),
    isDiarized: diarize,
    hasWordTimes,
    redact: [...new Set(redact ?? [])],
    ...(pairs.success ? { metadata: toOurMetadata(pairs.data) } : {}),
  };
}
