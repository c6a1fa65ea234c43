import type { LanguageModel, ToolDefinition, VariableDefinition } from "../models/language-model.ts";
import type { TextToSpeech } from "../models/text-to-speech.ts";

/** What the agent is at one stage of a call: whom it speaks for, with which voice, and what it can do. */
export type Scene = {
  /** Prompt, notes and values of this call, as the language model gets them. */
  readonly system: string;
  readonly tools: readonly ToolDefinition[];
  readonly variables: readonly VariableDefinition[];
  readonly voiceId: string;
  /** 0.5 to 2, default 1. */
  readonly speed: number;
  /** Name of the language model. Default: the call's. */
  readonly languageModel?: string;
  readonly temperature?: number;
  /**
   * How many turns before the caller's newest words the language model gets; what one side says until the other speaks
   * is one turn. Notes always go. Default: all.
   */
  readonly contextTurns?: number;
  /** The same by size: the newest turns that fit into so many tokens, about four characters each. Default: all. */
  readonly contextTokens?: number;
  /** Longest reply of the language model, tokens. Default: 500. */
  readonly maxOutputTokens?: number;
};

/** What thinks and speaks in a scene. */
export type SceneModels = { readonly languageModel: LanguageModel; readonly textToSpeech: TextToSpeech };
