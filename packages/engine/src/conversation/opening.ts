/** How a call begins: the agent's greeting, at once or after a while, or the caller's first word. */

import type { Conversation } from "./conversation.ts";
import { dropDraft } from "./drafting.ts";
import { meetFarEnd } from "./far-end/far-end.ts";
import { beginFlow, followFlow } from "./flow/follow-flow.ts";
import { meetRealtime } from "./realtime.ts";
import { isConsentDue, meetConsent } from "./recording/consent.ts";
import { startReply } from "./replying.ts";
import { completeRules, type Greeting, type Rules } from "./rules.ts";
import { andThen, type Step, stay } from "./step.ts";
import { clearTimer, setTimer } from "./timers.ts";
import { countWords } from "./words.ts";

const LONGEST_HELLO_WORDS = 3;

export function callStarted(now: Conversation, given: Rules, atMs: number): Step {
  if (now.phase.name !== "waiting") return stay(now);
  const rules = completeRules(given);
  const open: Conversation = {
    ...now,
    rules,
    phase: { name: "open" },
    ...beginFlow(rules),
    ...meetFarEnd(rules),
    ...meetRealtime(rules),
    ...meetConsent(rules),
  };
  const begun = andThen(limitDuration(open), (next) => followFlow(next, atMs));
  return andThen(begun, (next) => {
    const isAtOnce = rules.greeting.mode === "off" || rules.greetingDelayMs === 0;
    if (isAtOnce && isConsentDue(next)) return stay({ ...next, greeting: "delayed" });
    if (isAtOnce) return greet(next, atMs);
    return setTimer({ ...next, greeting: "delayed" }, "greeting", rules.greetingDelayMs);
  });
}

/** Whether the call is still where the greeting belongs: a flow that has led on begins otherwise. */
export function canGreet(now: Conversation): boolean {
  return (
    now.rules.greeting.mode !== "off" &&
    now.transfer === undefined &&
    now.flow?.nodeId === beginFlow(now.rules).flow?.nodeId
  );
}

/** Greets, if there is a greeting and the call is still where it belongs. */
export function greet(now: Conversation, atMs: number): Step {
  const greeting: Greeting = canGreet(now) ? now.rules.greeting : { mode: "off" };
  const free = andThen(clearTimer({ ...now, greeting: "settled" }, "greeting"), dropDraft);
  return andThen(free, (next) => {
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

/** "Hello?", "Yes?", "Ada Lovelace.": no more than a sign that somebody is there. */
export function isMereHello(words: string): boolean {
  return countWords(words) <= LONGEST_HELLO_WORDS;
}

function limitDuration(now: Conversation): Step {
  const { maxDurationMs, maxDurationWarning } = now.rules;
  const warnAfterMs = maxDurationMs - (maxDurationWarning?.beforeMs ?? maxDurationMs);
  return andThen(setTimer(now, "max-duration", maxDurationMs), (limited) =>
    warnAfterMs > 0 ? setTimer(limited, "max-duration-warning", warnAfterMs) : stay(limited),
  );
}
