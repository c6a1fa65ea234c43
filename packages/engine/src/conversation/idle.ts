/** Silence: reminders first, then a goodbye. */

import type { Conversation } from "./conversation.ts";
import { beginClosing } from "./ending.ts";
import { startReply } from "./replying.ts";
import type { Step } from "./step.ts";

export function silenceFired(now: Conversation, atMs: number): Step {
  const { maxReminders, reminder, goodbye } = now.rules.silence;
  if (now.count.reminders >= maxReminders) return beginClosing(now, { reason: "silence-timeout", goodbye });
  return startReply(
    { ...now, count: { ...now.count, reminders: now.count.reminders + 1 } },
    { purpose: "reminder", say: reminder, atMs },
  );
}
