/** An agent as AgentPhone's clients send it. Unknown fields are kept. */
import { z } from "zod";
import { storableText } from "../../storable-text.ts";
import { customToolsShape } from "./custom-tool.ts";
import { LANGUAGES } from "./languages.ts";

const text = (max: number) => storableText({ max }).nullable();

/** Every field but the name has a default; null stands for it. */
const fields = {
  description: text(2000).default(null),
  voiceMode: z.enum(["webhook", "hosted"]).nullable().default("webhook"),
  enableMessaging: z.boolean().nullable().default(true),
  modelTier: z.enum(["turbo", "balanced", "max"]).nullable().default("balanced"),
  systemPrompt: text(100_000).default(null),
  beginMessage: text(1000).default(null),
  voice: text(200).default(null),
  transferNumber: text(200).default(null),
  customTools: customToolsShape.nullable().default(null),
  voicemailMessage: text(2000).default(null),
  callScreeningIdentity: text(500).default(null),
  callScreeningPurpose: text(500).default(null),
  sttMode: z.enum(["fast", "accurate"]).nullable().default("fast"),
  ambientSound: z.enum(["none", "office", "coffee-shop", "outdoor"]).nullable().default("none"),
  denoisingMode: z
    .enum(["noise-cancellation", "noise-and-background-speech-cancellation"])
    .nullable()
    .default("noise-cancellation"),
  maxSilenceMs: z.number().int().min(10_000).max(3_600_000).nullable().default(600_000),
  voiceSpeed: z.number().min(0.5).max(2).nullable().default(1),
  interruptionSensitivity: z.number().min(0).max(1).nullable().default(0.8),
  enableBackchannel: z.boolean().nullable().default(true),
  language: z.enum(LANGUAGES).nullable().default("en-US"),
};

const name = storableText({ min: 1, max: 200 });

export const newAgentShape = z.looseObject({ name, ...fields });

/** What is absent stays; null puts a field back to its default. */
export const agentPatchShape = z.looseObject({ name: name.nullable(), ...withoutDefaults(fields) }).partial();

export type SentAgent = z.output<typeof newAgentShape>;
export type SentAgentPatch = z.output<typeof agentPatchShape>;

/** The vendor's default of every field. */
export const AGENT_DEFAULTS: Readonly<Record<string, unknown>> = z.object(fields).parse({});

type WithoutDefaults<Fields> = {
  [Name in keyof Fields]: Fields[Name] extends z.ZodDefault<infer Inner> ? Inner : Fields[Name];
};

function withoutDefaults<Fields extends Readonly<Record<string, z.ZodType>>>(given: Fields): WithoutDefaults<Fields> {
  const entries = Object.entries(given).map(([field, shape]) => [
    field,
    shape instanceof z.ZodDefault ? shape.unwrap() : shape,
  ]);
  return Object.fromEntries(entries) as WithoutDefaults<Fields>;
}
