import type { Conversation } from "./conversation.ts";
import type { Fact } from "./event.ts";
import { type Step, stay } from "./step.ts";

/** A summary holds all that an older one held, and never less. */
export function historySummarised(now: Conversation, { upToMs, text }: Fact & { type: "history-summarised" }): Step {
  if (upToMs <= (now.summary?.upToMs ?? -1)) return stay(now);
  return stay({ ...now, summary: { upToMs, text } });
}
