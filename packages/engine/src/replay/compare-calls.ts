/** A recorded call and its replay, turn by turn: `before` is what was recorded, `after` what happens now. */

import { isDeepStrictEqual } from "node:util";
import type { EndReason } from "../conversation/end-reason.ts";
import type { JournalEntry } from "../journal/journal.ts";
import { type AgentTurn, type CallTurn, toCallTurns, toEnd } from "./call-turns.ts";

export type TurnDifference = "words" | "tools" | "interruption" | "missing";

export type ComparedTurn = {
  /** What the caller said; "" for the opening. */
  readonly caller: string;
  /** Absent where that call had no such turn. */
  readonly before?: AgentTurn;
  readonly after?: AgentTurn;
  /** In what they differ; differences of time alone are none. */
  readonly differences: readonly TurnDifference[];
};

export type ComparedCalls = {
  readonly outcome: "same" | "different";
  readonly turns: readonly ComparedTurn[];
  readonly end: { readonly before: End; readonly after: End; readonly isSame: boolean };
  /** Turns that differ, and the end where it does. */
  readonly differences: number;
};

type End = { readonly reason?: EndReason; readonly durationMs: number };

export function compareCalls(before: readonly JournalEntry[], after: readonly JournalEntry[]): ComparedCalls {
  const turns = pairTurns(toCallTurns(before), toCallTurns(after)).map(compareTurn);
  const end = { before: toEndOf(before), after: toEndOf(after) };
  const isSame = end.before.reason === end.after.reason;
  const differences = turns.filter((turn) => turn.differences.length > 0).length + (isSame ? 0 : 1);
  return { outcome: differences === 0 ? "same" : "different", turns, end: { ...end, isSame }, differences };
}

type Pair = { before: readonly CallTurn[]; after: readonly CallTurn[] };

/** The caller says the same words in both; turns are joined where one call parted them and the other did not. */
function pairTurns(before: readonly CallTurn[], after: readonly CallTurn[]): Pair[] {
  const pairs: Pair[] = [{ before: before.slice(0, 1), after: after.slice(0, 1) }];
  let [b, a] = [1, 1];
  while (b < before.length || a < after.length) {
    const pair = { before: before.slice(b, ++b), after: after.slice(a, ++a) };
    for (;;) {
      const ahead = lengthOf(pair.before) - lengthOf(pair.after);
      const shorter = ahead < 0 ? before[b] : after[a];
      if (ahead === 0 || shorter === undefined) break;
      if (ahead < 0) pair.before = before.slice(b - pair.before.length, ++b);
      else pair.after = after.slice(a - pair.after.length, ++a);
    }
    pairs.push(pair);
  }
  return pairs;
}

function compareTurn(pair: Pair): ComparedTurn {
  const [before, after] = [join(pair.before), join(pair.after)];
  const caller = [pair.before, pair.after].map((turns) => turns.map((turn) => turn.caller).join(" ")).find(Boolean);
  return {
    caller: caller ?? "",
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
    differences: toDifferences(before, after),
  };
}

function toDifferences(before: AgentTurn | undefined, after: AgentTurn | undefined): TurnDifference[] {
  if (before === undefined || after === undefined) return ["missing"];
  const differences: TurnDifference[] = [];
  const [wasCut, isCut] = [before, after].map(({ interruptedAfterMs }) => interruptedAfterMs !== undefined);
  if (wasCut !== isCut) differences.push("interruption");
  // Where both were cut off, one may have come a few words further.
  const isSaid = wasCut && isCut ? isBeginning(before.agent, after.agent) : before.agent === after.agent;
  if (!isSaid) differences.push("words");
  if (!isDeepStrictEqual(before.tools.map(toCalled), after.tools.map(toCalled))) differences.push("tools");
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
