/** Then and now, turn by turn. */

import { isDeepStrictEqual } from "node:util";
import type { EndReason } from "../conversation/end-reason.ts";
import type { JournalEntry } from "../journal/journal.ts";
import { type AgentTurn, type CallTurn, toCallTurns, toEnd } from "./call-turns.ts";

export type TurnDifference = "words" | "tools" | "interruption" | "missing";

export type ComparedTurn = {
  /** What the caller said; "" for the opening. */
  readonly caller: string;
  /** Absent where that call had no such turn. */
  readonly then?: AgentTurn;
  readonly now?: AgentTurn;
  /** In what they differ; differences of time alone are none. */
  readonly differences: readonly TurnDifference[];
};

export type ComparedCalls = {
  readonly outcome: "same" | "different";
  readonly turns: readonly ComparedTurn[];
  readonly end: { readonly then: End; readonly now: End; readonly isSame: boolean };
  /** Turns that differ, and the end where it does. */
  readonly differences: number;
};

type End = { readonly reason?: EndReason; readonly durationMs: number };

export function compareCalls(then: readonly JournalEntry[], now: readonly JournalEntry[]): ComparedCalls {
  const turns = pairTurns(toCallTurns(then), toCallTurns(now)).map(compareTurn);
  const end = { then: toEndOf(then), now: toEndOf(now) };
  const isSame = end.then.reason === end.now.reason;
  const differences = turns.filter((turn) => turn.differences.length > 0).length + (isSame ? 0 : 1);
  return { outcome: differences === 0 ? "same" : "different", turns, end: { ...end, isSame }, differences };
}

type Pair = { readonly then: readonly CallTurn[]; readonly now: readonly CallTurn[] };

/** The caller says the same words in both; turns are joined where one call parted them and the other did not. */
function pairTurns(then: readonly CallTurn[], now: readonly CallTurn[]): Pair[] {
  const pairs: Pair[] = [{ then: then.slice(0, 1), now: now.slice(0, 1) }];
  let [t, n] = [1, 1];
  while (t < then.length || n < now.length) {
    const pair = { then: then.slice(t, ++t), now: now.slice(n, ++n) };
    for (;;) {
      const ahead = lengthOf(pair.then) - lengthOf(pair.now);
      const shorter = ahead < 0 ? then[t] : now[n];
      if (ahead === 0 || shorter === undefined) break;
      if (ahead < 0) pair.then = then.slice(t - pair.then.length, ++t);
      else pair.now = now.slice(n - pair.now.length, ++n);
    }
    pairs.push(pair);
  }
  return pairs;
}

function compareTurn({ then, now }: Pair): ComparedTurn {
  const [before, after] = [join(then), join(now)];
  const caller = [then, now].map((turns) => turns.map((turn) => turn.caller).join(" ")).find((words) => words !== "");
  return {
    caller: caller ?? "",
    ...(before === undefined ? {} : { then: before }),
    ...(after === undefined ? {} : { now: after }),
    differences: toDifferences(before, after),
  };
}

function toDifferences(then: AgentTurn | undefined, now: AgentTurn | undefined): TurnDifference[] {
  if (then === undefined || now === undefined) return ["missing"];
  const differences: TurnDifference[] = [];
  const isCut = [then, now].map(({ interruptedAfterMs }) => interruptedAfterMs !== undefined);
  if (isCut[0] !== isCut[1]) differences.push("interruption");
  // Where both were cut off, one may have come a few words further.
  const isSaid = isCut[0] && isCut[1] ? isBeginning(then.agent, now.agent) : then.agent === now.agent;
  if (!isSaid) differences.push("words");
  if (!isDeepStrictEqual(then.tools.map(toCalled), now.tools.map(toCalled))) differences.push("tools");
  return differences;
}

function isBeginning(one: string, other: string): boolean {
  return one.startsWith(other) || other.startsWith(one);
}

function toCalled({ name, arguments: args }: { name: string; arguments: string }): unknown {
  return { name, arguments: args.trim() === "" ? "{}" : args };
}

function join(turns: readonly CallTurn[]): AgentTurn | undefined {
  const last = turns.at(-1);
  if (last === undefined) return undefined;
  const cut = turns.find(({ interruptedAfterMs }) => interruptedAfterMs !== undefined)?.interruptedAfterMs;
  const responseMs = turns.find((turn) => turn.responseMs !== undefined)?.responseMs;
  return {
    agent: turns.flatMap(({ agent }) => (agent === "" ? [] : [agent])).join(" "),
    tools: turns.flatMap(({ tools }) => tools),
    ...(responseMs === undefined ? {} : { responseMs }),
    ...(cut === undefined ? {} : { interruptedAfterMs: cut }),
  };
}

function lengthOf(turns: readonly CallTurn[]): number {
  return turns.reduce((sum, { caller }) => sum + caller.length + 1, 0);
}

function toEndOf(entries: readonly JournalEntry[]): End {
  const { reason, durationMs } = toEnd(entries);
  return { durationMs, ...(reason === undefined ? {} : { reason }) };
}
