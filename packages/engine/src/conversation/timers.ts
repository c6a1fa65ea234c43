import type { Conversation } from "./conversation.ts";
import type { Effect } from "./effect.ts";
import type { TimerName } from "./event.ts";
import { type Step, stay, step } from "./step.ts";

/** Sets a timer anew; one that was running under this name is replaced. */
export function setTimer(now: Conversation, timer: TimerName, delayMs: number, why?: string): Step {
  const timerId = now.count.timers + 1;
  const next = {
    ...now,
    timers: { ...now.timers, [timer]: timerId },
    count: { ...now.count, timers: timerId },
  };
  const reason = why === undefined ? {} : { why };
  return step(next, { type: "set-timer", timer, timerId, delayMs: Math.max(0, Math.round(delayMs)), ...reason });
}

export function clearTimer(now: Conversation, timer: TimerName): Step {
  const timerId = now.timers[timer];
  if (timerId === undefined) return { now, effects: [] };
  return step(forgetTimer(now, timer), { type: "clear-timer", timer, timerId });
}

export function clearAllTimers(now: Conversation): Step {
  const effects: Effect[] = [];
  for (const [timer, timerId] of Object.entries(now.timers))
    effects.push({ type: "clear-timer", timer: timer as TimerName, timerId });
  return { now: { ...now, timers: {} }, effects };
}

/** Takes the fired timer off the list; undefined when it had been cleared or replaced meanwhile. */
export function takeFired(now: Conversation, timer: TimerName, timerId: number): Step | undefined {
  if (now.timers[timer] !== timerId) return undefined;
  return stay(forgetTimer(now, timer));
}

function forgetTimer(now: Conversation, timer: TimerName): Conversation {
  const { [timer]: _, ...timers } = now.timers;
  return { ...now, timers };
}
