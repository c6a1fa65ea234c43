/** How long a caller who waited for an answer heard nothing at all. */

import type { PlayedCall } from "./play-world.ts";

export type DeadAir = {
  /** From the moment at which the turn was decided to the first sound of the agent, or the end of the call, ms. */
  readonly answerMs: number;
  /** The same where a tool ran meanwhile. */
  readonly toolMs: number;
};

/** The longest of one call. Waits that the caller, the line or somebody outside the call broke off don't count. */
export function measureDeadAir({ journal, leg, world }: PlayedCall): DeadAir {
  const longest = { answerMs: 0, toolMs: 0 };
  if (world.acts.some((act) => act.do === "stall")) return longest;
  const sounds = leg.heard.map(({ atMs }) => atMs);
  let waiting: { sinceMs: number; hasTool: boolean } | undefined;
  let sound = 0;
  const settle = (untilMs: number) => {
    if (!waiting) return;
    const key = waiting.hasTool ? "toolMs" : "answerMs";
    longest[key] = Math.max(longest[key], untilMs - waiting.sinceMs);
    waiting = undefined;
  };
  for (const { event, effects, atMs } of journal.entries) {
    for (let next = sounds[sound]; next !== undefined && next <= atMs; next = sounds[++sound])
      if (waiting && next >= waiting.sinceMs) settle(next);
    switch (event.type) {
      case "call-ended":
        settle(atMs);
        break;
      case "caller-speech-started":
      case "digit-pressed":
      case "leg-lost":
      case "leg-closed":
      case "agent-muted":
      case "end-requested":
      // A model may be silent on purpose.
      case "reply-ended":
        waiting = undefined;
        break;
      case "tool-requested":
        if (waiting) waiting.hasTool = true;
        break;
    }
    const isAnswer = effects.some((effect) => effect.type === "start-reply" && effect.purpose === "answer");
    if (isAnswer) waiting ??= { sinceMs: atMs, hasTool: false };
  }
  return longest;
}
