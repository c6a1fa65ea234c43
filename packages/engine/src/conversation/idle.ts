/** Silence: reminders first, then a goodbye; and a warning before the longest time is over. */

import type { Conversation } from "./conversation.ts";
import { beginClosing } from "./ending.ts";
import { startReply } from "./replying.ts";
import { type Step, stay } from "./step.ts";
import { setTimer } from "./timers.ts";

/** Both are quiet and nothing is owed: from now on the silence counts. A caller who asked for a moment gets it. */
export function awaitSilence(now: Conversation): Step {
  const { remindAfterMs, holdMs } = now.rules.silence;
  return now.isOnHold
    ? setTimer(now, "silence", Math.max(holdMs, remindAfterMs), "the caller asked for a moment")
    : setTimer(now, "silence", remindAfterMs);
}

/** An autonomous agent finds its own words, or none. */
export function silenceFired(now: Conversation, atMs: number): Step {
  const { maxReminders, reminder, goodbye, isAutonomous } = now.rules.silence;
  if (now.count.reminders >= maxReminders) return beginClosing(now, { reason: "silence-timeout", goodbye });
  const reminded = { ...now, isOnHold: false, count: { ...now.count, reminders: now.count.reminders + 1 } };
  return startReply(reminded, { purpose: "reminder", atMs, ...(isAutonomous ? {} : { say: reminder }) });
}

/** Said between two turns, not into one. */
export function durationWarning(now: Conversation): Step {
  const warning = now.rules.maxDurationWarning?.text ?? "";
  return stay(now.phase.name === "open" ? { ...now, owed: { ...now.owed, warning } } : now);
}
