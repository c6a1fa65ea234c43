/** What Wordcab's clients send of an agent. Fields that aren't known are kept and given back. */
import { z } from "zod";
import { storableText } from "../../../storable-text.ts";
import { toolsShape } from "./tool-shape.ts";

const modelShape = storableText({ min: 1, max: 200 }).nullish();

const phoneNumberShape = z.string().regex(/^\+[1-9]\d{6,14}$/, "must be in E.164, such as +14155550100");

const metadataShape = z
  .record(
    storableText({ min: 1, max: 64 }),
    z.json().refine((value) => (typeof value === "string" ? value : JSON.stringify(value)).length <= 512, {
      message: "must be at most 512 characters",
    }),
  )
  .refine((pairs) => Object.keys(pairs).length <= 20, "must have at most 20 pairs");

const optionalFields = {
  llm_model: modelShape,
  stt_model: modelShape,
  tts_model: modelShape,
  language: z
    .string()
    .regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$|^multi$/, "must be an ISO 639-1 code, such as en")
    .nullish(),
  first_message: storableText({ max: 1000 }).nullish(),
  interruption_threshold: z.number().min(0).max(1).nullish(),
  context_window: z.number().int().min(1).max(1000).nullish(),
  tools: toolsShape.nullish(),
  tool_url: z
    .url({ protocol: /^https?$/, error: "must be an HTTPS URL" })
    .max(2000)
    .nullish(),
  phone_numbers: z.array(phoneNumberShape).max(100).nullish(),
  metadata: metadataShape.nullish(),
};

const requiredFields = {
  name: storableText({ min: 1, max: 200 }),
  system_prompt: storableText({ min: 1, max: 100_000 }),
  voice_id: storableText({ min: 1, max: 200 }),
};

export const newWordcabAgentShape = z.looseObject({ ...requiredFields, ...optionalFields });

/** PATCH: null resets what may be absent. */
export const wordcabAgentPatchShape = z.looseObject({
  ...z.object(requiredFields).partial().shape,
  ...optionalFields,
});

export type NewWordcabAgent = z.infer<typeof newWordcabAgentShape>;
export type WordcabAgentPatch = z.infer<typeof wordcabAgentPatchShape>;
export { metadataShape as wordcabMetadataShape, phoneNumberShape };
