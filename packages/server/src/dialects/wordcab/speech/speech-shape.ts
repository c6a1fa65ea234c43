import { z } from "zod";

const MAX_INPUT = 4096;
const RATES_HZ = [8000, 16_000, 24_000, 48_000] as const;
const MU_LAW_RATE_HZ = 8000;

/** Requests of POST audio/speech. Pitch and style are taken and have no effect. */
export const speechShape = z
  .looseObject({
    input: z
      .string()
      .min(1)
      .max(MAX_INPUT)
      .refine((text) => !text.includes("\0") && text.isWellFormed(), "must not contain NUL or broken characters"),
    model: z.string().max(200).nullish(),
    voice: z.string().min(1).max(200),
    response_format: z.enum(["mp3", "wav", "pcm16", "ulaw", "opus"]).nullish(),
    sample_rate: z.literal(RATES_HZ, `must be one of ${RATES_HZ.join(", ")}`).nullish(),
    speed: z.number().min(0.5).max(2).nullish(),
    pitch: z.number().min(-12).max(12).nullish(),
    style: z.enum(["neutral", "calm", "expressive"]).nullish(),
    stream: z.boolean().nullish(),
  })
  .superRefine(({ response_format: format, sample_rate: rate }, context) => {
    if (format === "pcm16" && (rate === undefined || rate === null))
      context.addIssue({ code: "custom", path: ["sample_rate"], message: "is required with pcm16" });
    if (format === "ulaw" && rate !== undefined && rate !== null && rate !== MU_LAW_RATE_HZ)
      context.addIssue({ code: "custom", path: ["sample_rate"], message: "must be 8000 with ulaw" });
  });

export type SpeechRequest = z.output<typeof speechShape>;
