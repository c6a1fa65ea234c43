/** What an agent's settings mean to the conversation. Part of the journal, so that a replay needs nothing else. */
export type Rules = {
  readonly greeting: Greeting;
  readonly endOfTurn: {
    /** Silence after a finished sentence before the agent answers, ms. Default 500. */
    readonly minMs: number;
    /** Silence after words that sound unfinished, ms. Default 1600. */
    readonly maxMs: number;
  };
  readonly bargeIn: {
    /** Default true. When false the agent finishes what it says and answers then. */
    readonly isEnabled: boolean;
    /** Speech over the agent that counts as an interruption, ms. Default 400. */
    readonly minSpeechMs: number;
  };
  readonly silence: {
    /** Both quiet for this long: a reminder, ms. Default 10,000. */
    readonly remindAfterMs: number;
    /** Reminders before the goodbye. Default 2; 0 goes straight to the goodbye. */
    readonly maxReminders: number;
    readonly reminder: string;
    readonly goodbye: string;
  };
  /** Default 3,600,000. */
  readonly maxDurationMs: number;
  readonly maxDurationGoodbye: string;
  /** Said when a model failed or words could not be made out. */
  readonly apology: string;
  /** Said before the agent hangs up with the end-call tool. Default: its own goodbye is the last word. */
  readonly endMessage?: string;
};

export type Greeting =
  | { readonly mode: "static"; readonly text: string }
  /** The language model greets. */
  | { readonly mode: "dynamic" }
  /** The caller speaks first. */
  | { readonly mode: "off" };

export const DEFAULT_RULES: Rules = {
  greeting: { mode: "off" },
  endOfTurn: { minMs: 500, maxMs: 1600 },
  bargeIn: { isEnabled: true, minSpeechMs: 400 },
  silence: {
    remindAfterMs: 10_000,
    maxReminders: 2,
    reminder: "Are you still there?",
    goodbye: "I can't hear you, so I'll hang up now. Goodbye.",
  },
  maxDurationMs: 3_600_000,
  maxDurationGoodbye: "I'm sorry, our time is up. Thank you for calling. Goodbye.",
  apology: "I'm sorry, I didn't get that. Could you say it again?",
};

/** The scene in which each call begins. */
export const MAIN_SCENE = "main";
/** The tool by which a model hangs up; the rules run it themselves, after the goodbye has been heard. */
export const END_CALL_TOOL = "end_call";
/** Replies that fail one after the other before the call is given up. */
export const MAX_FAILURES = 3;
/** How long a goodbye may take before the leg is closed all the same. */
export const CLOSING_LIMIT_MS = 20_000;
/** On top of that, for each character of what the call ends with. */
export const ANNOUNCED_CHARACTER_MS = 150;
/** Silence after a keyed digit before the digits are taken as a turn. */
export const DIGITS_PAUSE_MS = 2_000;
