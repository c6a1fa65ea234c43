/** What an experiment or a test run changes of an agent, in Wordcab's words and as a patch of ours. */
import { z } from "zod";
import type { AgentPatch } from "../../../agents/agent.ts";
import { wordcabAgentPatchShape } from "../agents/agent-shape.ts";
import { fromWordcabTool } from "../agents/tool-shape.ts";
import { toOurVoice } from "../voices.ts";

export const overridesShape = wordcabAgentPatchShape.extend({ temperature: z.number().min(0).max(2).nullish() });

type Overrides = z.output<typeof overridesShape>;

export function fromOverrides(overrides: Overrides): AgentPatch {
  const { system_prompt: prompt, voice_id: voiceId, temperature, language, context_window: contextTurns } = overrides;
  const { llm_model: languageModel, stt_model: speechToText, tts_model: textToSpeech, tools } = overrides;
  const models = present({ languageModel, speechToText, textToSpeech });
  return {
    ...present({ prompt, temperature, language, contextTurns }),
    ...(voiceId === undefined ? {} : { voice: { id: toOurVoice(voiceId) } }),
    ...(Object.keys(models).length === 0 ? {} : { models }),
    ...(tools ? { tools: tools.map((tool) => fromWordcabTool(tool, [])) } : {}),
  };
}

export function toOverrides({ prompt, voice, models, temperature, language, contextTurns }: AgentPatch) {
  return present({
    system_prompt: prompt,
    voice_id: voice?.id,
    llm_model: models?.languageModel,
    stt_model: models?.speechToText,
    tts_model: models?.textToSpeech,
    temperature,
    language,
    context_window: contextTurns,
  });
}

type Present<Values> = { [Name in keyof Values]?: Exclude<Values[Name], undefined | null> };

function present<Values extends Readonly<Record<string, unknown>>>(values: Values): Present<Values> {
  const given = Object.entries(values).filter(([, value]) => value !== undefined && value !== null);
  return Object.fromEntries(given) as Present<Values>;
}
