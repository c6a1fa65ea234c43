import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connectSpeech, startSpeechHost } from "@earshot/providers/embedded";
import { describeMachine } from "../bench/machine.ts";
import type { CorpusItem, CorpusKind, CorpusSplit } from "../corpus/corpus-item.ts";
import { makeCorpus } from "../corpus/make-corpus.ts";
import { CannedVoice } from "./canned-voice.ts";
import { type Aim, type Figures, type Outcomes, toAims, toFigures } from "./card.ts";
import { judgeOverlap } from "./judge-overlaps.ts";
import { judgeTools } from "./judge-tools.ts";
import { judgeTurn } from "./judge-turns.ts";
import { ENDPOINTING_MS, LISTENERS } from "./listener.ts";
import { playItem, type SpeechModels } from "./play-item.ts";
import { OVERLAP_KINDS, playDuringTool, playOverlap, playTurn, TOOL_KINDS, TURN_KINDS } from "./scenes.ts";
import { LookingUpMind } from "./scripted-mind.ts";

export type ScoreOptions = {
  /** Default 1. */
  readonly seed?: number;
  /** Default "held-out". */
  readonly split?: CorpusSplit;
  /** Items of each kind. Default 10. */
  readonly perKind?: number;
  /** Default: all. */
  readonly kinds?: readonly CorpusKind[];
  /** Told after each call; `of` is how many there will be. */
  readonly onPlayed?: (played: number, of: number) => void;
  readonly signal?: AbortSignal;
};

export type Scorecard = {
  readonly seed: number;
  readonly split: CorpusSplit;
  readonly perKind: number;
  readonly machine: string;
  readonly tookMs: number;
  readonly figures: Figures;
  readonly aims: readonly Aim[];
  readonly outcomes: Outcomes;
};

const HEARINGS = ENDPOINTING_MS.flatMap((endpointingMs) => LISTENERS.map((listener) => ({ listener, endpointingMs })));

/** Plays the corpus to real sessions with the embedded speech models, one call at a time, and counts. @throws Error when a call breaks */
export async function score(options: ScoreOptions = {}): Promise<Scorecard> {
  const { seed = 1, split = "held-out", perKind = 10 } = options;
  const cacheDir = await mkdtemp(join(tmpdir(), "earshot-scorecard-"));
  const host = await startSpeechHost({ cacheDir });
  const speech = connectSpeech(host.connect().bundle);
  const startedAtMs = performance.now();
  try {
    const models = { ...speech, textToSpeech: new CannedVoice(speech.textToSpeech) };
    const kinds = options.kinds === undefined ? {} : { kinds: options.kinds };
    const items: CorpusItem[] = [];
    for await (const item of makeCorpus(speech.textToSpeech, { seed, split, perKind, ...kinds })) items.push(item);
    const outcomes = await playAll(items, models, options);
    const figures = toFigures(outcomes);
    const tookMs = performance.now() - startedAtMs;
    return { seed, split, perKind, machine: describeMachine(), tookMs, figures, aims: toAims(figures), outcomes };
  } finally {
    speech.close();
    await host.close();
    await rm(cacheDir, { recursive: true, force: true });
  }
}

async function playAll(
  items: readonly CorpusItem[],
  { voiceActivity, speechToText, textToSpeech }: SpeechModels,
  { onPlayed = () => {}, signal }: ScoreOptions,
): Promise<Outcomes> {
  const models = { voiceActivity, speechToText, textToSpeech };
  const of = (kinds: readonly CorpusKind[]) => items.filter(({ kind }) => kinds.includes(kind));
  const calls = [
    ...of(TURN_KINDS).flatMap((item) =>
      HEARINGS.map((hearing) => async () => ({
        turns: [judgeTurn(await playItem(playTurn(item, hearing), models), hearing)],
      })),
    ),
    ...of(OVERLAP_KINDS).map((item) => async () => ({
      overlaps: [judgeOverlap(await playItem(playOverlap(item), models))],
    })),
    ...of(TOOL_KINDS).map((item) => async () => {
      const mind = new LookingUpMind();
      return { tools: [judgeTools(await playItem(playDuringTool(item, mind), models), mind.told)] };
    }),
  ];
  const outcomes: Partial<Outcomes>[] = [];
  for (const call of calls) {
    signal?.throwIfAborted();
    outcomes.push(await call());
    onPlayed(outcomes.length, calls.length);
  }
  return {
    turns: outcomes.flatMap(({ turns = [] }) => turns),
    overlaps: outcomes.flatMap(({ overlaps = [] }) => overlaps),
    tools: outcomes.flatMap(({ tools = [] }) => tools),
  };
}
