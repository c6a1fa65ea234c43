import type { Rules } from "../conversation/rules.ts";
import type { ToolDefinition, VariableDefinition } from "../models/language-model.ts";
import type { Pronunciation } from "../speakable/pronunciations.ts";

/** Everything about an agent that one call needs, fixed when the call begins. */
export type CallPlan = {
  readonly rules: Rules;
  /** Prompt, notes and values of this call, as the language model gets them. */
  readonly system: string;
  readonly tools: readonly ToolDefinition[];
  readonly variables: readonly VariableDefinition[];
  readonly voiceId: string;
  /** 0.5 to 2, default 1. */
  readonly speed: number;
  /** BCP 47. */
  readonly language: string;
  readonly keyterms: readonly string[];
  /** How words are said, where the voice would say them otherwise. Default: none. */
  readonly pronunciations?: readonly Pronunciation[];
  readonly temperature?: number;
  /**
   * How many turns before the caller's newest words the language model gets; what one side says until the other speaks
   * is one turn. Notes always go. Default: all.
   */
  readonly contextTurns?: number;
  /** How often words are reported while the caller speaks, ms; 0 turns it off. */
  readonly partialEveryMs: number;
};
