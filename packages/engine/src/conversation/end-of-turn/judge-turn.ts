/** Weighs all clues at a pause: how probable the end of the turn is, and how much silence must prove it. */

import { dictationClue } from "./dictation.ts";
import { prosodyClue } from "./prosody.ts";
import { recogniserClue } from "./recogniser.ts";
import { shortestWaitMs } from "./silence.ts";
import type { Clue, Evidence, Strategy } from "./strategy.ts";
import { wordsClue } from "./words.ts";

export type EndOfTurnRules = {
  /** Silence after words that sound finished, ms. Default 500. */
  readonly minMs: number;
  /** Silence after words that sound unfinished, ms. Default 1600. */
  readonly maxMs: number;
  /** How soon the agent takes its turn. Default "balanced". */
  readonly eagerness: "patient" | "balanced" | "eager";
  /** What is looked at besides voice activity. Default: all; none: every pause of `minMs` ends the turn. */
  readonly strategies: readonly StrategyName[];
  /** Whether the reply is begun, silently, when the end is probable. Default true. */
  readonly isPreemptive: boolean;
};

export const STRATEGY_NAMES = ["silence", "words", "prosody", "recogniser"] as const;
export type StrategyName = (typeof STRATEGY_NAMES)[number];

export type Judgement = {
  /** Probability that the turn is over, 0 to 1. */
  readonly finished: number;
  /** Silence that must prove it, counted from the caller's last sample, ms. */
  readonly waitMs: number;
  /** What weighed most. */
  readonly why: string;
};

const STRATEGIES: Readonly<Record<StrategyName, readonly Strategy[]>> = {
  silence: [],
  words: [wordsClue, dictationClue],
  prosody: [prosodyClue],
  recogniser: [recogniserClue],
};

/** The same doubt waits longer with a patient agent. */
const LEANING = { patient: -1, balanced: 0, eager: 0.8 } as const;
/** From here on the shortest silence is enough; below the other the longest is needed. */
const SURE = 0.6;
const UNSURE = 0.2;
const NO_CLUE: Clue = { why: "silence", weight: 0.6 };

export function judgeTurn(evidence: Evidence, pauses: readonly number[], rules: EndOfTurnRules): Judgement {
  const { strategies, minMs, maxMs, eagerness } = rules;
  const clues = strategies.flatMap((name) => STRATEGIES[name].flatMap((look) => look(evidence) ?? []));
  const main = clues.toSorted((a, b) => Math.abs(b.weight) - Math.abs(a.weight))[0] ?? NO_CLUE;
  const weight = clues.length === 0 ? NO_CLUE.weight : clues.reduce((sum, clue) => sum + clue.weight, 0);
  const finished = 1 / (1 + Math.exp(-(weight + LEANING[eagerness])));
  const shortest = strategies.includes("silence") ? shortestWaitMs(pauses, minMs, maxMs) : minMs;
  const doubt = Math.min(1, Math.max(0, (SURE - finished) / (SURE - UNSURE)));
  return { finished, waitMs: Math.round(shortest + (maxMs - shortest) * doubt), why: main.why };
}
