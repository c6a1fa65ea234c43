/** How calls end: a goodbye that is heard to its end, and one closed list of reasons. */

import type { Conversation } from "./conversation.ts";
import type { EndReason } from "./end-reason.ts";
import { ANNOUNCED_CHARACTER_MS, CLOSING_LIMIT_MS } from "./rules.ts";
import { andThen, type Step, stay, step } from "./step.ts";
import { clearAllTimers, clearTimer, setTimer } from "./timers.ts";
import { settleTransfer } from "./tool-result.ts";

/** Says `goodbye`, if there is one, once the floor is free, and hangs up after it. */
export function beginClosing(
  now: Conversation,
  options: { reason: EndReason; goodbye?: string; isForGood?: true },
): Step {
  if (now.phase.name !== "open") return stay(now);
  const goodbye = options.goodbye === undefined ? {} : { goodbye: options.goodbye };
  const forGood = options.isForGood ? { isForGood: options.isForGood } : {};
  const closing: Conversation = { ...now, phase: { name: "closing", reason: options.reason, ...goodbye, ...forGood } };
  const limitMs = CLOSING_LIMIT_MS + (options.goodbye?.length ?? 0) * ANNOUNCED_CHARACTER_MS;
  return andThen(clearTimer(closing, "silence"), (next) => setTimer(next, "closing", limitMs));
}

/** Ends the call now. The words that the caller said last are kept. */
export function endCall(now: Conversation, reason: EndReason, atMs: number): Step {
  const { words } = now.caller;
  const settled = settleTransfer(now, reason, atMs);
  const next: Conversation = {
    ...settled,
    phase: { name: "ended", reason },
    caller: { ...now.caller, words: "" },
    history: words === "" ? settled.history : [...settled.history, { role: "caller", text: words, atMs }],
  };
  return andThen(stopSpeaking(next), (quiet) =>
    andThen(clearAllTimers(quiet), (done) => step(done, { type: "close-leg", reason })),
  );
}

/** Whether the caller took the floor back while the agent was saying goodbye on its own account. */
export function isReopened(now: Conversation): boolean {
  if (now.phase.name !== "closing" || isClosingForGood(now)) return false;
  const { state, words, awaited, givenUp } = now.caller;
  return state === "talking" || words !== "" || awaited.some((utteranceId) => utteranceId > givenUp);
}

/** The call is out of time, nobody can answer, or somebody outside wants it over: the caller's words change nothing. */
export function isClosingForGood({ phase }: Conversation): boolean {
  const isLast = (reason: EndReason) =>
    reason === "max-duration" || reason === "api-request" || reason === "provider-failure";
  return phase.name === "closing" && (phase.isForGood === true || isLast(phase.reason));
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
