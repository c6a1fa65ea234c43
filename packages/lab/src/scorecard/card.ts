/** The figures of a scorecard, and what they should be. Pure. */
import { percentile } from "../bench/statistics.ts";
import type { OverlapOutcome } from "./judge-overlaps.ts";
import type { ToolOutcome } from "./judge-tools.ts";
import type { TurnOutcome } from "./judge-turns.ts";
import { ENDPOINTING_MS, type EndpointingMs, LISTENERS, type Listener } from "./listener.ts";
import type { SocketTurn } from "./socket-turns.ts";

export type Outcomes = {
  readonly turns: readonly TurnOutcome[];
  readonly overlaps: readonly OverlapOutcome[];
  readonly tools: readonly ToolOutcome[];
  /** Whole sentences, once more, to a server over a WebSocket. */
  readonly socket: readonly SocketTurn[];
};

/** Milliseconds; absent where there was nothing to measure. */
export type Spread = { readonly p50: number; readonly p95: number; readonly p99: number; readonly count: number };
/** A part of a whole. */
export type Share = { readonly of: number; readonly count: number };

export type TurnFigures = {
  readonly listener: Listener;
  readonly endpointingMs: EndpointingMs;
  readonly response: Spread | undefined;
  readonly cutOff: Share;
  readonly missed: Share;
  readonly duplicate: Share;
};

/** The same whole sentences twice. */
export type TransportFigures = {
  readonly inProcess: Spread | undefined;
  readonly socket: Spread | undefined;
  /** What of `socket` the server's own figures don't hold. */
  readonly transport: Spread | undefined;
};

export type Figures = {
  readonly turns: readonly TurnFigures[];
  /** The same sentences in this process and over a WebSocket; absent where none was played over one. */
  readonly transport: TransportFigures | undefined;
  readonly yield: Spread | undefined;
  readonly yieldAfterRecognisable: Spread | undefined;
  readonly duck: Spread | undefined;
  readonly duckAfterAudible: Spread | undefined;
  /** Backchannels that did not stop the agent. */
  readonly tolerance: Share;
  /** Interruptions that stopped it. */
  readonly obedience: Share;
  /** Backchannels and noises that did not stop it. */
  readonly selectivity: Share;
  /** Interruptions that got no answer. */
  readonly unanswered: Share;
  readonly lostResults: Share;
  readonly duplicateResults: Share;
};

export type Aim = {
  readonly name: string;
  readonly wanted: string;
  readonly observed: string;
  /** Undefined where nothing was measured. */
  readonly isMet: boolean | undefined;
};

export function toFigures({ turns, overlaps, tools, socket }: Outcomes): Figures {
  const kind = (...names: readonly OverlapOutcome["kind"][]) => overlaps.filter((sound) => names.includes(sound.kind));
  const interruptions = kind("interruption");
  const runs = tools.reduce((sum, call) => sum + call.runs, 0);
  return {
    turns: ENDPOINTING_MS.flatMap((endpointingMs) =>
      LISTENERS.map((listener) => toTurnFigures(turns, { listener, endpointingMs })),
    ),
    transport: toTransport(turns, socket),
    yield: toSpread(interruptions.map(({ yieldMs }) => yieldMs)),
    yieldAfterRecognisable: toSpread(interruptions.map(({ yieldAfterRecognisableMs }) => yieldAfterRecognisableMs)),
    duck: toSpread(kind("interruption", "backchannel").map(({ duckMs }) => duckMs)),
    duckAfterAudible: toSpread(kind("interruption", "backchannel").map((sound) => sound.duckAfterAudibleMs)),
    tolerance: toShare(kind("backchannel"), ({ wasStopped }) => !wasStopped),
    obedience: toShare(interruptions, ({ wasStopped }) => wasStopped),
    selectivity: toShare(kind("backchannel", "noise"), ({ wasStopped }) => !wasStopped),
    unanswered: toShare(interruptions, ({ isAnswered }) => !isAnswered),
    lostResults: { count: tools.reduce((sum, { lost }) => sum + lost, 0), of: runs },
    duplicateResults: { count: tools.reduce((sum, { duplicates }) => sum + duplicates, 0), of: runs },
  };
}

function toTransport(turns: readonly TurnOutcome[], socket: readonly SocketTurn[]): Figures["transport"] {
  if (socket.length === 0) return undefined;
  const ids = new Set(socket.flatMap(({ id, responseMs }) => (responseMs === undefined ? [] : [id])));
  const same = turns.filter(
    ({ id, listener, endpointingMs }) => listener === "earshot" && endpointingMs === 300 && ids.has(id),
  );
  return {
    inProcess: toSpread(same.map(({ responseMs }) => responseMs)),
    socket: toSpread(socket.map(({ responseMs }) => responseMs)),
    transport: toSpread(socket.map(({ transportMs }) => transportMs)),
  };
}

function toTurnFigures(
  turns: readonly TurnOutcome[],
  arm: Pick<TurnFigures, "listener" | "endpointingMs">,
): TurnFigures {
  const own = turns.filter(
    ({ listener, endpointingMs }) => listener === arm.listener && endpointingMs === arm.endpointingMs,
  );
  return {
    ...arm,
    response: toSpread(own.map(({ responseMs }) => responseMs)),
    cutOff: toShare(own, ({ cutOffAtMs }) => cutOffAtMs !== undefined),
    missed: toShare(own, ({ answers, cutOffAtMs }) => answers === 0 && cutOffAtMs === undefined),
    duplicate: toShare(own, ({ answers }) => answers > 1),
  };
}

const MAX_YIELD_MS = 200;
const MAX_DUCK_MS = 100;
const MIN_TOLERANCE = 0.9;
const MIN_OBEDIENCE = 0.95;

/** What Earshot promises itself, each with what was measured. */
export function toAims(figures: Figures): readonly Aim[] {
  const { yieldAfterRecognisable, duck, tolerance, obedience, lostResults } = figures;
  const cutOffs = (listener: Listener): Share =>
    figures.turns.find((arm) => arm.listener === listener && arm.endpointingMs === 300)?.cutOff ?? { count: 0, of: 0 };
  const [ours, plain] = [cutOffs("earshot"), cutOffs("voice-activity")];
  return [
    atMost("yield after the interruption is recognisable, p95", yieldAfterRecognisable?.p95, MAX_YIELD_MS),
    atMost("ducking, p95", duck?.p95, MAX_DUCK_MS),
    atLeast("backchannel tolerance", tolerance, MIN_TOLERANCE),
    atLeast("obedience to interruptions", obedience, MIN_OBEDIENCE),
    {
      name: "false cut-offs at 300 ms",
      wanted: `below half of plain voice activity's ${toText(plain)}`,
      observed: toText(ours),
      isMet: plain.of === 0 ? undefined : isBelowHalf(ours, plain),
    },
    {
      name: "lost tool results",
      wanted: "0",
      observed: toText(lostResults),
      isMet: lostResults.of === 0 ? undefined : lostResults.count === 0,
    },
  ];
}

/** Where the other makes no mistake there is nothing to halve. */
function isBelowHalf(ours: Share, other: Share): boolean {
  return other.count === 0 ? ours.count === 0 : rate(ours) < rate(other) / 2;
}

function atMost(name: string, value: number | undefined, limitMs: number): Aim {
  const observed = value === undefined ? "nothing to measure" : `${value} ms`;
  return { name, wanted: `at most ${limitMs} ms`, observed, isMet: value === undefined ? undefined : value <= limitMs };
}

function atLeast(name: string, share: Share, least: number): Aim {
  const isMet = share.of === 0 ? undefined : rate(share) >= least;
  return { name, wanted: `at least ${least}`, observed: toText(share), isMet };
}

/** "0.93 (14 of 15)". */
export function toText(share: Share): string {
  return share.of === 0 ? "nothing to measure" : `${rate(share).toFixed(2)} (${share.count} of ${share.of})`;
}

function rate({ count, of }: Share): number {
  return count / of;
}

function toShare<Outcome>(outcomes: readonly Outcome[], isCounted: (outcome: Outcome) => boolean): Share {
  return { count: outcomes.filter(isCounted).length, of: outcomes.length };
}

function toSpread(values: readonly (number | undefined)[]): Spread | undefined {
  const known = values.filter((value) => value !== undefined);
  if (known.length === 0) return undefined;
  return { p50: percentile(known, 50), p95: percentile(known, 95), p99: percentile(known, 99), count: known.length };
}
