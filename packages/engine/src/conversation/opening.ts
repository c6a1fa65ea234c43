/** How a call begins: the agent's greeting, or the caller's first word. */

import type { Conversation } from "./conversation.ts";
import { beginFlow, followFlow } from "./flow/follow-flow.ts";
import { startReply } from "./replying.ts";
import type { Rules } from "./rules.ts";
import { andThen, type Step, stay } from "./step.ts";
import { setTimer } from "./timers.ts";

export function callStarted(now: Conversation, rules: Rules, atMs: number): Step {
  if (now.phase.name !== "waiting") return stay(now);
  const open: Conversation = { ...now, rules, phase: { name: "open" }, ...beginFlow(rules) };
  const begun = andThen(setTimer(open, "max-duration", rules.maxDurationMs), (next) => followFlow(next, atMs));
  return andThen(begun, (next) => {
    if (next.flow?.nodeId !== open.flow?.nodeId) return stay(next);
    switch (rules.greeting.mode) {
      case "static":
        return startReply(next, { purpose: "greeting", say: rules.greeting.text, atMs });
      case "dynamic":
        return startReply(next, { purpose: "greeting", atMs });
      case "off":
        return stay(next);
    }
  });
}
