/** Weighs all clues at a pause: how probable the end of the turn is, and how much silence must prove it. */

import { plainWords } from "../words.ts";
import { dictationClue } from "./dictation.ts";
import { prosodyClue } from "./prosody.ts";
import { recogniserClue } from "./recogniser.ts";
import { PIECE_PAUSE_MS, shortestWaitMs, toPaceMs } from "./silence.ts";
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
/** A clue that says so by itself. */
const GOES_ON = -2;
/** Each piece of a list is said as if it were the last. */
const VOICE_OF_A_LIST = 0.4;
const NO_CLUE: Clue = { why: "silence", weight: 0.6 };
const NOTHING: Clue = { why: "", weight: 0 };

export function judgeTurn(evidence: Evidence, pauses: readonly number[], rules: EndOfTurnRules): Judgement {
  const { strategies, minMs, maxMs, eagerness } = rules;
  const clues = weigh(lookAround(evidence, strategies));
  const main = clues.reduce((most, clue) => (Math.abs(clue.weight) > Math.abs(most.weight) ? clue : most), NOTHING);
  const weight = clues.length === 0 ? NO_CLUE.weight : clues.reduce((sum, clue) => sum + clue.weight, 0);
  const finished = 1 / (1 + Math.exp(-(weight + LEANING[eagerness])));
  const shortest = strategies.includes("silence") ? shortestWaitMs(pauses, minMs, maxMs) : minMs;
  const longest = strategies.includes("silence") ? longestMs(clues, evidence.turnPauses ?? [], maxMs) : maxMs;
  const doubt = Math.min(1, Math.max(0, (SURE - finished) / (SURE - UNSURE)));
  return {
    finished,
    waitMs: Math.round(shortest + Math.max(0, longest - shortest) * doubt),
    why: clues.length === 0 ? NO_CLUE.why : main.why,
  };
}

function lookAround(evidence: Evidence, strategies: readonly StrategyName[]): Clue[] {
  const look = { ...evidence, said: plainWords(evidence.text) };
  const clues: Clue[] = [];
  for (const name of strategies)
    for (const strategy of STRATEGIES[name]) {
      const clue = strategy(look);
      if (clue) clues.push(clue);
    }
  return clues;
}

/** Of pieces that are dictated the pace so far tells when no more will come, unless something else is missing too. */
function longestMs(clues: readonly Clue[], turnPauses: readonly number[], maxMs: number): number {
  if (!clues.every(({ isPiece, weight }) => isPiece || weight > GOES_ON)) return maxMs;
  const paceMs = clues.some(({ isPiece }) => isPiece) ? toPaceMs(turnPauses) : undefined;
  const pieceMs = clues.some(({ isPaced }) => isPaced) ? PIECE_PAUSE_MS : maxMs;
  return Math.min(maxMs, paceMs ?? pieceMs);
}

/** Beside what is dictated a full stop says nothing, and a falling voice little. */
function weigh(clues: readonly Clue[]): readonly Clue[] {
  if (!clues.some(({ isPiece }) => isPiece)) return clues;
  return clues.flatMap((clue) => {
    if (clue.isPunctuation) return [];
    return clue.isVoice ? [{ ...clue, weight: clue.weight * VOICE_OF_A_LIST }] : [clue];
  });
}
