/** The agent of the current generation, field by field. */
import { z } from "zod";
import type { AgentSettings } from "../../agents/agent.ts";
import { storableText } from "../../storable-text.ts";
import type { VendorFields } from "../kit/vendor-fields.ts";
import { languageShape, toAgentType, toGreeting, toLanguage, toLanguageCode } from "./agent-fields.ts";
import {
  extractedShape,
  fromInputsBriefly,
  fromVariablesBriefly,
  providedShape,
  toInputs,
  toVariables,
} from "./variables.ts";

const fields = {
  name: storableText({ min: 1, max: 200 }),
  prompt: storableText({ min: 1, max: 100_000 }),
  language: languageShape,
  voice: storableText({ min: 1, max: 200 }),
  welcome_message: storableText({ max: 1000 }).nullish(),
  variables_provided: providedShape,
  variables_extracted: extractedShape,
};

/** What agent-create takes, with Voicy's defaults. */
export const newBriefAgentShape = z.looseObject({
  ...fields,
  language: fields.language.default("he"),
  voice: fields.voice.default("Keren"),
  variables_provided: fields.variables_provided.default([]),
  variables_extracted: fields.variables_extracted.default([]),
});

export const briefAgentPatchShape = z.looseObject({
  name: fields.name.optional(),
  prompt: fields.prompt.optional(),
  language: fields.language.optional(),
  voice: fields.voice.optional(),
  welcome_message: fields.welcome_message,
  variables_provided: fields.variables_provided.optional(),
  variables_extracted: fields.variables_extracted.optional(),
});

const RIGHT_TO_LEFT: readonly string[] = ["ar", "fa", "he", "ur", "yi"];

/** In the order in which Voicy shows them. */
export const briefAgentFields: VendorFields<AgentSettings> = {
  name: {
    read: ({ name }) => name,
    write: (name: string, settings) => ({ ...settings, name }),
  },
  language: {
    read: ({ language }) => toLanguageCode(language),
    write: (code: string, settings) => writeLanguage(code, settings),
  },
  voice: {
    read: ({ voice }) => voice.id,
    write: (id: string, settings) => ({ ...settings, voice: { ...settings.voice, id } }),
  },
  agent_type: {
    read: ({ flow }) => toAgentType(flow),
    write: (_type: string, settings) => settings,
  },
  active: {
    read: ({ isActive }) => isActive,
    write: (_isActive: boolean, settings) => settings,
  },
  prompt: {
    read: ({ prompt }) => prompt,
    write: (prompt: string, settings) => ({ ...settings, prompt }),
  },
  welcome_message: {
    read: ({ greeting }) => (greeting.mode === "static" ? greeting.text : ""),
    write: (text: string | null, settings) => ({ ...settings, greeting: writeWelcome(text, settings.greeting) }),
  },
  variables_provided: {
    read: ({ inputs }) => fromInputsBriefly(inputs),
    write: (sent: z.infer<typeof providedShape>, settings) => ({
      ...settings,
      inputs: toInputs(sent, settings.inputs),
    }),
  },
  variables_extracted: {
    read: ({ variables }) => fromVariablesBriefly(variables),
    write: (sent: z.infer<typeof extractedShape>, settings) => ({
      ...settings,
      variables: toVariables(sent, settings.variables),
    }),
  },
};

/** This generation says no direction: it is the language's. */
function writeLanguage(code: string, settings: AgentSettings): AgentSettings {
  const language = toLanguage(code, settings.language);
  if (language === settings.language) return settings;
  return { ...settings, language, textDirection: RIGHT_TO_LEFT.includes(toLanguageCode(code)) ? "rtl" : "ltr" };
}

/** Without a welcome the agent opens from its prompt, unless it was told to wait for the caller. */
function writeWelcome(text: string | null, before: AgentSettings["greeting"]): AgentSettings["greeting"] {
  if (text !== null && text !== "") return toGreeting("static", text);
  return before.mode === "off" ? before : { mode: "dynamic" };
}
