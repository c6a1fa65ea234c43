/** A replay as people read it: each turn once where nothing changed, then and now where something did. */

import type { Replay } from "@earshot/sdk";

type Turn = Replay["turns"][number];
type AgentTurn = NonNullable<Turn["before"]>;

export function describeReplay(replay: Replay): string {
  const turns = replay.turns.filter((turn) => turn.before ?? turn.after).map(describeTurn);
  return [`${nameOf(replay.before)} -> ${nameOf(replay.after)}`, ...turns, ...describeRest(replay)].join("\n\n");
}

function describeTurn({ caller, before, after, differences }: Turn): string {
  const head = caller === "" ? "(the opening)" : `caller: ${caller}`;
  const sides =
    differences.length === 0
      ? [head, ...agentLines("agent: ", after)]
      : [`${head}   [${differences.join(", ")}]`, ...sideLines("- then: ", before), ...sideLines("+ now:  ", after)];
  return [...sides, ...timing(before, after)].join("\n");
}

function sideLines(mark: string, side: AgentTurn | undefined): string[] {
  return side === undefined ? [`${mark}(the call was over)`] : agentLines(mark, side);
}

function agentLines(mark: string, side: AgentTurn | undefined): string[] {
  if (side === undefined) return [];
  const cut =
    side.interruptedAfterMs === undefined ? "" : ` -- interrupted after ${inSeconds(side.interruptedAfterMs)}`;
  const words = side.agent === "" ? "(nothing)" : side.agent;
  return [`${mark}${words}${cut}`, ...side.tools.map((tool) => `${" ".repeat(mark.length)}${describeTool(tool)}`)];
}

function describeTool({ name, arguments: args, outcome, result }: AgentTurn["tools"][number]): string {
  const answer = outcome === undefined ? "" : ` -> ${outcome}: ${shorten(result ?? "")}`;
  return `[${name} ${shorten(args)}${answer}]`;
}

function timing(before: AgentTurn | undefined, after: AgentTurn | undefined): string[] {
  const [then, now] = [before?.responseMs, after?.responseMs];
  if (then === undefined && now === undefined) return [];
  return [`  answered after ${toTime(then)} then, ${toTime(now)} now`];
}

function toTime(ms: number | undefined): string {
  return ms === undefined ? "-" : inSeconds(ms);
}

function describeRest({ end, outcome, differences, ...rest }: Replay): string[] {
  const [then, now] = [end.before.reason ?? "unknown", end.after.reason ?? "unknown"];
  const ended = end.isSame ? `ended: ${now}` : `ended   [end]\n- then: ${then}\n+ now:  ${now}`;
  const notes = [
    ...rest.unsaid.map((words) => `The call was over before the caller said: ${words}`),
    ...rest.toolsNotRun.map(
      ({ name, arguments: args }) => `Not run, and without a recorded result: ${name} ${shorten(args)}`,
    ),
  ];
  const replies = `replies used again: ${rest.repliesReused}, asked anew: ${rest.repliesAsked}`;
  const summary = outcome === "same" ? `same (${replies})` : `differences: ${differences} (${replies})`;
  return [ended, ...(notes.length === 0 ? [] : [notes.join("\n")]), summary];
}

function nameOf({ name, version }: Replay["before"]): string {
  return version === undefined ? `${name} (working version)` : `${name}@${version}`;
}

function inSeconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`;
}

function shorten(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > 120 ? `${line.slice(0, 119)}…` : line;
}
