import type { Message, ToolCall } from "../conversation/message.ts";

/** Decides what the agent says and which tools it calls. One instance a node. */
export interface LanguageModel {
  /** E.g. "builtin/receptionist", "openai/gpt-4o-mini". */
  readonly name: string;
  /** How long it may take to its first part and from one part to the next, ms. Default 15,000. */
  readonly partLimitMs?: number;
  /**
   * What of a long call it gets where the agent limits it. Default: the newest turns and a summary of what was before,
   * which it is asked to write itself. "window": the newest turns alone. "whole": everything, whatever the limit.
   */
  readonly context?: "window" | "whole";
  /**
   * Streams one reply. Throws ProviderError; ends early without an error when `signal` aborts. Tool calls come whole,
   * after the text that introduces them.
   */
  reply(request: ReplyRequest, signal: AbortSignal): AsyncIterable<ReplyPart>;
  /** A call, or a scene of it, with this prompt has begun: whatever can be computed before its first question may be. Never throws. */
  prepare?(system: string): void;
}

export type ReplyRequest = {
  /** The agent's prompt, with notes and instructions of this call appended. */
  readonly system: string;
  readonly messages: readonly Message[];
  readonly tools: readonly ToolDefinition[];
  readonly temperature?: number;
  readonly maxOutputTokens?: number;
  /** What the built-in model works from besides the prompt; other models ignore it. */
  readonly variables?: readonly VariableDefinition[];
};

export type ToolDefinition = {
  readonly name: string;
  readonly description: string;
  /** JSON Schema of the arguments (an object). */
  readonly parameters: Readonly<Record<string, unknown>>;
  /** What a caller says to have it called: used by the built-in model only, e.g. "talk to a human". */
  readonly phrases?: readonly string[];
  /** It finds answers: called by the built-in model with the caller's words as `query` where it has none itself. */
  readonly isLookUp?: boolean;
  /** Called by the built-in model by itself once the caller has told all of these variables. */
  readonly afterVariables?: readonly string[];
};

/** Something the agent should learn from the caller. */
export type VariableDefinition = {
  /** snake_case. */
  readonly name: string;
  readonly type: "string" | "number" | "boolean" | "date" | "time" | "email" | "phone";
  readonly description?: string;
  readonly isRequired?: boolean;
};

export type ReplyPart =
  /**
   * A line break ends a sentence: what stands before it is spoken at once. With `isFiller` the words only bridge a wait:
   * they are left out where the caller has just heard "one moment" instead.
   */
  | { readonly type: "text"; readonly text: string; readonly isFiller?: boolean }
  /** There is nothing to say, on purpose: without this a reply of no words is a failure. */
  | { readonly type: "silence" }
  | { readonly type: "tool-call"; readonly call: ToolCall }
  | { readonly type: "usage"; readonly inputTokens: number; readonly outputTokens: number };
