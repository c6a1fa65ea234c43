/** How a call begins: the agent's greeting, or the caller's first word. */

import type { Conversation } from "./conversation.ts";
import { beginFlow, followFlow } from "./flow/follow-flow.ts";
import { startReply } from "./replying.ts";
import { completeRules, type Greeting, type Rules } from "./rules.ts";
import { andThen, type Step, stay } from "./step.ts";
import { setTimer } from "./timers.ts";

export function callStarted(now: Conversation, rules: Rules, atMs: number): Step {
  if (now.phase.name !== "waiting") return stay(now);
  const open: Conversation = { ...now, rules: completeRules(rules), phase: { name: "open" }, ...beginFlow(rules) };
  const begun = andThen(limitDuration(open), (next) => followFlow(next, atMs));
  return andThen(begun, (next) => {
    const isElsewhere = next.flow?.nodeId !== open.flow?.nodeId;
    const greeting: Greeting = isElsewhere ? { mode: "off" } : rules.greeting;
    switch (greeting.mode) {
      case "static":
        return startReply(next, { purpose: "greeting", say: greeting.text, atMs });
      case "dynamic":
        return startReply(next, { purpose: "greeting", atMs });
      case "off":
        return stay(next);
    }
  });
}

function limitDuration(now: Conversation): Step {
  const { maxDurationMs, maxDurationWarning } = now.rules;
  const warnAfterMs = maxDurationMs - (maxDurationWarning?.beforeMs ?? maxDurationMs);
  return andThen(setTimer(now, "max-duration", maxDurationMs), (limited) =>
    warnAfterMs > 0 ? setTimer(limited, "max-duration-warning", warnAfterMs) : stay(limited),
  );
}
