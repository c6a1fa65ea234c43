/** How calls end: a goodbye that is heard to its end, and one closed list of reasons. */

import type { Conversation } from "./conversation.ts";
import type { EndReason } from "./end-reason.ts";
import { CLOSING_LIMIT_MS } from "./rules.ts";
import { andThen, type Step, stay, step } from "./step.ts";
import { clearAllTimers, clearTimer, setTimer } from "./timers.ts";

/** Says `goodbye`, if there is one, once the floor is free, and hangs up after it. */
export function beginClosing(now: Conversation, options: { reason: EndReason; goodbye?: string }): Step {
  if (now.phase.name !== "open") return stay(now);
  const goodbye = options.goodbye === undefined ? {} : { goodbye: options.goodbye };
  const closing: Conversation = { ...now, phase: { name: "closing", reason: options.reason, ...goodbye } };
  return andThen(clearTimer(closing, "silence"), (next) => setTimer(next, "closing", CLOSING_LIMIT_MS));
}

/** Ends the call now. The words that the caller said last are kept. */
export function endCall(now: Conversation, reason: EndReason, atMs: number): Step {
  const { words } = now.caller;
  const next: Conversation = {
    ...now,
    phase: { name: "ended", reason },
    caller: { ...now.caller, words: "" },
    history: words === "" ? now.history : [...now.history, { role: "caller", text: words, atMs }],
  };
  return andThen(stopSpeaking(next), (quiet) =>
    andThen(clearAllTimers(quiet), (done) => step(done, { type: "close-leg", reason })),
  );
}

/** Whether the caller took the floor back while the agent was saying goodbye on its own account. */
export function isReopened(now: Conversation): boolean {
  if (now.phase.name !== "closing" || isClosingForGood(now)) return false;
  return now.caller.state === "talking" || now.caller.words !== "" || now.caller.awaited.length > 0;
}

/** The call is out of time, nobody can answer, or somebody outside wants it over: the caller's words change nothing. */
export function isClosingForGood({ phase }: Conversation): boolean {
  if (phase.name !== "closing") return false;
  return phase.reason === "max-duration" || phase.reason === "api-request" || phase.reason === "provider-failure";
}

export function reopen(now: Conversation): Conversation {
  return { ...now, phase: { name: "open" } };
}

function stopSpeaking(now: Conversation): Step {
  const { agent } = now;
  if (agent.state !== "preparing" && agent.state !== "talking") return stay(now);
  return step(
    { ...now, agent: { state: "stopping", reply: agent.reply } },
    { type: "cancel-reply", replyId: agent.reply.id },
  );
}
