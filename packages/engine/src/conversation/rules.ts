import type { EndOfTurnRules } from "./end-of-turn/judge-turn.ts";
import type { FlowRules } from "./flow/flow-rules.ts";

/** What an agent's settings mean to the conversation. Part of the journal, so that a replay needs nothing else. */
export type Rules = {
  /** BCP 47 tag of what is spoken: whose words mean "go on" and "stop". Default "en-US". */
  readonly language: string;
  readonly greeting: Greeting;
  /** How long the far end may speak first, ms. Default 0: the agent greets at once. */
  readonly greetingDelayMs: number;
  /** What a call screener is told; with neither, the model is told of it. Absent: nobody screens this call. */
  readonly screening?: { readonly identity?: string; readonly purpose?: string };
  /** What is left on an answering machine; without a message the agent hangs up. Absent: none is listened for. */
  readonly voicemail?: { readonly message?: string };
  /** The other side is told, or asked, before it is recorded. Absent: nobody is, or the recording begins with the call. */
  readonly recordingConsent?: RecordingConsent;
  /** One model hears, thinks and speaks, and decides when it answers. Absent: recogniser, language model and voice do. */
  readonly isRealtime?: true;
  readonly endOfTurn: EndOfTurnRules;
  readonly bargeIn: BargeInRules;
  readonly backchannel: {
    /** Whether the agent says "uh-huh" during longer turns of the caller. Default false. */
    readonly isEnabled: boolean;
    /** How long the caller has spoken before the first, and between two, ms. Default 5,000. */
    readonly everyMs: number;
  };
  readonly silence: SilenceRules;
  /** Default 3,600,000. */
  readonly maxDurationMs: number;
  readonly maxDurationGoodbye: string;
  /** Said this long before the end; absent: no warning. */
  readonly maxDurationWarning?: { readonly beforeMs: number; readonly text: string };
  /** Who waits and hears nothing of the agent for this long hears "one moment" or a sound, ms; 0: never. Default 1,500. */
  readonly fillPauseAfterMs: number;
  /** Said when a model failed or words could not be made out. */
  readonly apology: string;
  /** Said before the agent hangs up with the end-call tool. Default: its own goodbye is the last word. */
  readonly endMessage?: string;
  /** Said when models failed again and again and the call is given up. */
  readonly failureGoodbye: string;
  /** The graph that leads the conversation. Absent: the agent's prompt alone does. */
  readonly flow?: FlowRules;
};

export type RecordingConsent = {
  readonly message: string;
  /** Recorded only once the other side has agreed, by words or a key; otherwise as soon as the message was heard. */
  readonly isAsked: boolean;
  /** Pressing it is a yes, any other key a no. */
  readonly key: string;
};

export type BargeInRules = {
  /** Default true. When false the agent finishes what it says and answers then. */
  readonly isEnabled: boolean;
  /** Speech over the agent that may count as an interruption, ms; 0: the first sound. Default 300. */
  readonly minSpeechMs: number;
  /** Words that it must hold; 0: long enough a sound will do. Default 0. */
  readonly minWords: number;
  /** How much longer a sound whose words aren't known yet is let pass, ms. Default 700; 0: not at all. */
  readonly maxUndecidedMs: number;
  /** A sound is over and no words have come for this long: the agent goes on, ms. Default 1,500. */
  readonly falseInterruptionMs: number;
};

export type SilenceRules = {
  /** Both quiet for this long: a reminder, ms. Default 10,000. */
  readonly remindAfterMs: number;
  /** Reminders before the goodbye. Default 2; 0 goes straight to the goodbye. */
  readonly maxReminders: number;
  readonly reminder: string;
  readonly goodbye: string;
  /** The same after the caller asked for a moment, ms. Default 60,000. */
  readonly holdMs: number;
  /** The language model decides what to say instead of the reminder. Default false. */
  readonly isAutonomous: boolean;
};

export type Greeting =
  | { readonly mode: "static"; readonly text: string }
  /** The language model greets. */
  | { readonly mode: "dynamic" }
  /** The caller speaks first. */
  | { readonly mode: "off" };

export const DEFAULT_RULES: Rules = {
  language: "en-US",
  greeting: { mode: "off" },
  greetingDelayMs: 0,
  endOfTurn: {
    minMs: 500,
    maxMs: 1600,
    eagerness: "balanced",
    strategies: ["silence", "words", "prosody", "recogniser"],
    isPreemptive: true,
  },
  bargeIn: { isEnabled: true, minSpeechMs: 300, minWords: 0, maxUndecidedMs: 700, falseInterruptionMs: 1500 },
  backchannel: { isEnabled: false, everyMs: 5_000 },
  silence: {
    remindAfterMs: 10_000,
    maxReminders: 2,
    reminder: "Are you still there?",
    goodbye: "I can't hear you, so I'll hang up now. Goodbye.",
    holdMs: 60_000,
    isAutonomous: false,
  },
  maxDurationMs: 3_600_000,
  maxDurationGoodbye: "I'm sorry, our time is up. Thank you for calling. Goodbye.",
  fillPauseAfterMs: 1_500,
  apology: "I'm sorry, I didn't get that. Could you say it again?",
  failureGoodbye: "I'm sorry, something isn't working here. Please call again later. Goodbye.",
};

/** Fills in what a journal of an earlier version doesn't name. */
export function completeRules(rules: Rules): Rules {
  return {
    ...DEFAULT_RULES,
    ...rules,
    endOfTurn: { ...DEFAULT_RULES.endOfTurn, ...rules.endOfTurn },
    bargeIn: { ...DEFAULT_RULES.bargeIn, ...rules.bargeIn },
    backchannel: { ...DEFAULT_RULES.backchannel, ...rules.backchannel },
    silence: { ...DEFAULT_RULES.silence, ...rules.silence },
  };
}

/** The scene in which each call begins. */
export const MAIN_SCENE = "main";
/** The tool by which a model hangs up; the rules run it themselves, after the goodbye has been heard. */
export const END_CALL_TOOL = "end_call";
/** The tool by which a model keeps what the caller told; done beside what it says, it needs no answer of its own. */
export const REMEMBER_TOOL = "remember";
/** Replies that fail one after the other before the call is given up. */
export const MAX_FAILURES = 3;
/** How long a goodbye may take before the leg is closed all the same. */
export const CLOSING_LIMIT_MS = 20_000;
/** On top of that, for each character of what the call ends with. */
export const ANNOUNCED_CHARACTER_MS = 150;
/** Silence after a keyed digit before the digits are taken as a turn. */
export const DIGITS_PAUSE_MS = 2_000;
