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
import { ENDPOINTING_MS, type Hearing, LISTENERS } from "./listener.ts";
import { playItem, type SpeechModels } from "./play-item.ts";
import { OVERLAP_KINDS, playDuringTool, playOverlap, playTurn, TOOL_KINDS, TURN_KINDS } from "./scenes.ts";
import { LookingUpMind } from "./scripted-mind.ts";
import { playThroughSocket } from "./socket-turns.ts";

export type ScoreOptions = {
  /** Default 1. */
  readonly seed?: number;
  /** Default "held-out". */
  readonly split?: CorpusSplit;
  /** Items of each kind. Default 10. */
  readonly perKind?: number;
  /** Default: all. */
  readonly kinds?: readonly CorpusKind[];
  /** What the turns are measured with. Default: both listeners, each with 300 and 600 ms. */
  readonly hearings?: readonly Hearing[];
  /** Whether whole sentences are also played to a server over a WebSocket, at real pace. Default true. */
  readonly hasSocket?: boolean;
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

/** The turns that are played through a socket, at most: at real pace each takes some seconds. */
const MOST_SOCKET_TURNS = 12;
const SOCKET_ENDPOINTING_MS = 300;

const ALL_HEARINGS: readonly Hearing[] = ENDPOINTING_MS.flatMap((endpointingMs) =>
  LISTENERS.map((listener) => ({ listener, endpointingMs })),
);

/** Plays the corpus to real sessions with the embedded speech models, one call at a time, and counts. @throws Error when a call breaks */
export async function score(options: ScoreOptions = {}): Promise<Scorecard> {
  const { seed = 1, split = "held-out", perKind = 10, hasSocket = true, signal } = options;
  const startedAtMs = performance.now();
  const { items, ...played } = await playInProcess(options, { seed, split, perKind });
  const sentences = items.filter(({ kind }) => kind === "sentence").slice(0, MOST_SOCKET_TURNS);
  const socket =
    hasSocket && sentences.length > 0
      ? await playThroughSocket(sentences, { endpointingMs: SOCKET_ENDPOINTING_MS, signal })
      : [];
  const outcomes: Outcomes = { ...played, socket };
  const figures = toFigures(outcomes);
  const tookMs = performance.now() - startedAtMs;
  return { seed, split, perKind, machine: describeMachine(), tookMs, figures, aims: toAims(figures), outcomes };
}

async function playInProcess(
  options: ScoreOptions,
  corpus: Required<Pick<ScoreOptions, "seed" | "split" | "perKind">>,
) {
  const cacheDir = await mkdtemp(join(tmpdir(), "earshot-scorecard-"));
  const host = await startSpeechHost({ cacheDir });
  const speech = connectSpeech(host.connect().bundle);
  try {
    const models = { ...speech, textToSpeech: new CannedVoice(speech.textToSpeech) };
    const kinds = options.kinds === undefined ? {} : { kinds: options.kinds };
    const items: CorpusItem[] = [];
    for await (const item of makeCorpus(speech.textToSpeech, { ...corpus, ...kinds })) items.push(item);
    return { items, ...(await playAll(items, models, options)) };
  } finally {
    speech.close();
    await host.close();
    await rm(cacheDir, { recursive: true, force: true });
  }
}

async function playAll(
  items: readonly CorpusItem[],
  { voiceActivity, speechToText, textToSpeech }: SpeechModels,
  { onPlayed = () => {}, signal, hearings = ALL_HEARINGS }: ScoreOptions,
): Promise<Omit<Outcomes, "socket">> {
  const models = { voiceActivity, speechToText, textToSpeech };
  const of = (kinds: readonly CorpusKind[]) => items.filter(({ kind }) => kinds.includes(kind));
  const calls = [
    ...of(TURN_KINDS).flatMap((item) =>
      hearings.map((hearing) => async () => ({
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
