/** How long a caller who waited for the agent heard nothing at all. */

import type { Effect } from "../../conversation/effect.ts";
import type { Fact } from "../../conversation/event.ts";
import type { JournalEntry } from "../../journal/journal.ts";
import type { PlayedCall } from "./play-world.ts";

export type DeadAir = {
  /** From the order to answer to the first sound of the agent, and between two sounds until the answer is over, ms. */
  readonly answerMs: number;
  /** The same where models and voices that fail have an understudy. */
  readonly understudiedMs: number;
  /** The same where a tool ran meanwhile. */
  readonly toolMs: number;
};

/** After these nobody waits any more: they took the floor, the line or the agent away. */
const BREAKS_OFF: ReadonlySet<Fact["type"]> = new Set([
  "caller-speech-started",
  "digit-pressed",
  "leg-lost",
  "leg-closed",
  "agent-muted",
  "say-requested",
  "end-requested",
]);

/** The longest of one call. */
export function measureDeadAir({ journal, leg, world }: PlayedCall): DeadAir {
  // Nobody knows what is heard where the process is held up, or the far end loses sound or stops telling.
  const isUnknown = world.acts.some((act) => act.do === "stall" || act.do === "stop-reports");
  if (isUnknown || leg.hasLostFrames) return { answerMs: 0, understudiedMs: 0, toolMs: 0 };
  const sounds = leg.heard.map(({ atMs }) => atMs);
  const { modelMs, toolMs } = findDeadAir(journal.entries, sounds);
  return world.hasUnderstudy
    ? { answerMs: 0, understudiedMs: modelMs, toolMs }
    : { answerMs: modelMs, understudiedMs: 0, toolMs };
}

/**
 * The longest waits without a sound, apart for those in which a tool ran. Those that the caller, the line or somebody
 * outside the call broke off don't count. `sounds`: when each frame of the agent was heard, in call time.
 */
export function findDeadAir(
  entries: readonly JournalEntry[],
  sounds: readonly number[],
): { modelMs: number; toolMs: number } {
  const longest = { modelMs: 0, toolMs: 0 };
  let waiting: { sinceMs: number; hasTool: boolean } | undefined;
  let sound = 0;
  let runningTools = 0;
  const measure = (untilMs: number) => {
    if (!waiting || untilMs < waiting.sinceMs) return;
    const key = waiting.hasTool ? "toolMs" : "modelMs";
    longest[key] = Math.max(longest[key], untilMs - waiting.sinceMs);
    waiting = { sinceMs: untilMs, hasTool: runningTools > 0 };
  };
  const hearUpTo = (atMs: number) => {
    for (let next = sounds[sound]; next !== undefined && next <= atMs; next = sounds[++sound]) measure(next);
  };
  for (const { event, effects, atMs } of entries) {
    hearUpTo(atMs);
    if (event.type === "call-ended") measure(atMs);
    if (event.type === "tool-finished") runningTools--;
    runningTools += effects.filter((effect) => effect.type === "run-tool").length;
    if (BREAKS_OFF.has(event.type) || (event.type === "reply-ended" && runningTools === 0)) waiting = undefined;
    if (waiting && runningTools > 0) waiting.hasTool = true;
    if (effects.some(({ type }) => type === "close-leg")) waiting = undefined;
    if (effects.some(isAnswer)) waiting ??= { sinceMs: atMs, hasTool: runningTools > 0 };
  }
  return longest;
}

function isAnswer(effect: Effect): boolean {
  return effect.type === "start-reply" && effect.purpose === "answer";
}
