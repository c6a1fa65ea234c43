/** The agent of the generation with `agent_prompt`, field by field. */
import { z } from "zod";
import type { AgentSettings } from "../../agents/agent.ts";
import { storableText } from "../../storable-text.ts";
import type { VendorFields } from "../kit/vendor-fields.ts";
import { extractedShape, fromInputs, fromVariables, providedShape, toInputs, toVariables } from "./variables.ts";

export const languageShape = z
  .string()
  .regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$|^multi$/, "must be a language code such as he or en");

const pronunciationShape = z.looseObject({
  from: storableText({ min: 1, max: 100 }),
  to: storableText({ min: 1, max: 200 }),
});

/** What a client may send; all of it is optional, and what it doesn't name is kept as it came. */
export const agentPatchShape = z.looseObject({
  agent_name: storableText({ min: 1, max: 200 }).optional(),
  voice_id: storableText({ min: 1, max: 200 }).optional(),
  language: languageShape.optional(),
  begin_message: storableText({ max: 1000 }).nullish(),
  begin_message_mode: z.enum(["static", "dynamic", "off"]).optional(),
  agent_prompt: storableText({ max: 100_000 }).optional(),
  general_prompt: storableText({ max: 100_000 }).optional(),
  response_delay_ms: z.number().int().min(0).max(10_000).optional(),
  prompt_text_direction: z.enum(["rtl", "ltr"]).optional(),
  vars_provided: providedShape.optional(),
  vars_extracted: extractedShape.optional(),
  pronunciations: z.array(pronunciationShape).max(200).optional(),
  notification_emails: z.array(z.email().max(254)).max(20).optional(),
});
export type AgentPatch = z.infer<typeof agentPatchShape>;

/** In the order in which Voicy shows them. */
export const agentFields: VendorFields<AgentSettings> = {
  agent_name: {
    read: ({ name }) => name,
    write: (name: string, settings) => ({ ...settings, name }),
  },
  voice_id: {
    read: ({ voice }) => voice.id,
    write: (id: string, settings) => ({ ...settings, voice: { ...settings.voice, id } }),
  },
  language: {
    read: ({ language }) => toLanguageCode(language),
    write: (code: string, settings) => ({ ...settings, language: toLanguage(code, settings.language) }),
  },
  begin_message: {
    read: ({ greeting }) => (greeting.mode === "static" ? greeting.text : null),
    write: (text: string | null, settings) =>
      settings.greeting.mode === "static" ? { ...settings, greeting: toGreeting("static", text) } : settings,
  },
  agent_prompt: {
    read: ({ prompt }) => prompt,
    write: (prompt: string, settings) => ({ ...settings, prompt }),
  },
  begin_message_mode: {
    read: ({ greeting }) => greeting.mode,
    write: (_mode: string, settings) => settings,
  },
  prompt_text_direction: {
    read: ({ textDirection }) => textDirection,
    write: (textDirection: "ltr" | "rtl", settings) => ({ ...settings, textDirection }),
  },
  vars_provided: {
    read: ({ inputs }) => fromInputs(inputs),
    write: (sent: z.infer<typeof providedShape>, settings) => ({
      ...settings,
      inputs: toInputs(sent, settings.inputs),
    }),
  },
  vars_extracted: {
    read: ({ variables }) => fromVariables(variables),
    write: (sent: z.infer<typeof extractedShape>, settings) => ({
      ...settings,
      variables: toVariables(sent, settings.variables),
    }),
  },
  agent_type: {
    read: ({ flow }) => toAgentType(flow),
    write: (_type: string, settings) => settings,
  },
  notification_emails: {
    read: ({ notificationEmails }) => notificationEmails,
    write: (notificationEmails: string[], settings) => ({ ...settings, notificationEmails }),
  },
  end_call_enabled: {
    read: ({ tools }) => tools.some(({ kind }) => kind === "endCall"),
    write: (_isEnabled: boolean, settings) => settings,
  },
  end_call_condition: {
    read: ({ tools }) => tools.find((tool) => tool.kind === "endCall")?.description ?? "",
    write: (_condition: string, settings) => settings,
  },
  transfer_call_enabled: {
    read: ({ tools, transfers }) => transfers.length > 0 || tools.some(({ kind }) => kind === "transfer"),
    write: (_isEnabled: boolean, settings) => settings,
  },
  transfer_call_destination: {
    read: ({ transfers }) => transfers[0]?.destination ?? null,
    write: (_destination: string | null, settings) => settings,
  },
  is_operating_hours_active: { read: () => false, write: (_isActive: boolean, settings) => settings },
  operating_hours: { read: () => null, write: (_hours: unknown, settings) => settings },
  pronunciations: {
    read: ({ pronunciations }) => pronunciations,
    write: (sent: z.infer<typeof pronunciationShape>[], settings) => ({
      ...settings,
      pronunciations: sent.map(({ from, to }) => ({ from, to })),
    }),
  },
};

export function toAgentType(flow: unknown): "singlePrompt" | "conversationalFlow" {
  return flow === undefined ? "singlePrompt" : "conversationalFlow";
}

/** Voicy knows languages, not their regions. */
export function toLanguageCode(language: string): string {
  return language.split("-", 1)[0] ?? language;
}

/** A language that is spoken already keeps its region. */
export function toLanguage(code: string, before: string): string {
  return code === toLanguageCode(before) ? before : code;
}

/** A static greeting without words leaves the first word to the caller. */
export function toGreeting(mode: "static" | "dynamic" | "off", text: string | null): AgentSettings["greeting"] {
  if (mode !== "static") return { mode };
  return text === null || text === "" ? { mode: "off" } : { mode, text };
}
