/** Rule 6: whenever both floors are free, somebody is answered, or the silence is measured. Runs after every fact. */

import type { Conversation, Phase } from "./conversation.ts";
import { dropDraft } from "./drafting.ts";
import { endCall, isReopened, reopen } from "./ending.ts";
import type { FarEnd } from "./far-end/far-end.ts";
import { answerScreener, waitForPerson } from "./far-end/screening.ts";
import { answersAgent, machineMove } from "./far-end/voicemail.ts";
import { followFlow, takeTurnInFlow } from "./flow/follow-flow.ts";
import { awaitSilence } from "./idle.ts";
import { canGreet, greet, isMereHello } from "./opening.ts";
import { awaitsWords, declineOffer, findOffer } from "./realtime.ts";
import { answerConsent, awaitsConsent, consentMove, isConsentDue } from "./recording/consent.ts";
import { startReply } from "./replying.ts";
import { andThen, type Step, stay } from "./step.ts";
import { clearTimer } from "./timers.ts";
import { fillWait, isWaitingForTool } from "./tool-wait.ts";
import { beginTransfer } from "./transferring.ts";
import { findVocabulary } from "./vocabulary/find-vocabulary.ts";
import { asksToHold } from "./words.ts";

export function nextMove(now: Conversation, atMs: number): Step {
  if (now.phase.name === "waiting" || now.phase.name === "ended") return stay(now);
  if (now.agent.state !== "idle") return stay(now);
  if (now.leg === "lost") return stay(now);
  if (isReopened(now)) return andThen(goOn(now, atMs), (open) => nextMove(open, atMs));
  if (now.owed.announcement !== "") return announce(now, atMs);
  if (now.phase.name === "closing") return closingMove(now, now.phase, atMs);
  if (now.caller.state === "talking") return stay(now);
  const offerId = findOffer(now);
  if (offerId !== undefined && awaitsConsent(now)) return andThen(declineOffer(now), (next) => nextMove(next, atMs));
  if (offerId !== undefined) return takeOffer(now, offerId, atMs);
  if (awaitsWords(now)) return stay(now);
  if (now.timers["end-of-turn"] !== undefined) return stay(now);
  if (now.farEnd?.who === "machine") return meetMachine(now, now.farEnd, atMs);
  if (now.caller.words !== "") return takeTurn(now, atMs);
  if (now.transfer?.state === "announced") return beginTransfer(now, now.transfer);
  if (now.transfer) return stay(now);
  if (now.isMuted) return stay(now);
  return payDebts(now, atMs);
}

/** The caller speaks up during a goodbye: the call is as it was before, and its flow leaves its end. */
function goOn(now: Conversation, atMs: number): Step {
  return andThen(clearTimer(reopen(now), "closing"), (open) => followFlow(open, atMs));
}

/** What somebody outside the call wants said waits for nothing but a pause of the caller. */
function announce(now: Conversation, atMs: number): Step {
  if (now.caller.state === "talking") return stay(now);
  return startReply(now, { purpose: "announcement", say: now.owed.announcement, atMs });
}

/** The caller's turn is over: their words become history and the agent answers; a muted one, when it may speak again. */
function takeTurn(now: Conversation, atMs: number): Step {
  if (awaitsConsent(now)) return takeAnswer(now, atMs);
  const { words } = now.caller;
  const heard = { ...hearOut(now, atMs), owed: { ...now.owed, answer: true } };
  if (now.isMuted) return nextMove({ ...heard, greeting: "settled" }, atMs);
  return tellScreener(heard, words, atMs) ?? goOnWaiting(heard, words, atMs) ?? answerHello(heard, words, atMs);
}

/** The caller's turn is over, and answers whether the call may be recorded. */
function takeAnswer(now: Conversation, atMs: number): Step {
  const answered = andThen(dropDraft(now), (next) => answerConsent(next, atMs));
  return andThen(answered, (next) => nextMove(next, atMs));
}

/** The caller's turn is over: a realtime model has begun its answer, often before the words are known. */
function takeOffer(now: Conversation, offerId: string, atMs: number): Step {
  const heard = hearOut({ ...now, greeting: "settled" }, atMs);
  const greeted = andThen(clearTimer(heard, "greeting"), (next) => clearTimer(next, "end-of-turn"));
  const begun = andThen(greeted, (next) => followFlow(next, atMs));
  return andThen(begun, (next) => {
    if (next.flow !== heard.flow) return andThen(declineOffer(next), (led) => nextMove(led, atMs));
    return startReply(next, { purpose: "answer", offerId, atMs });
  });
}

function hearOut(now: Conversation, atMs: number): Conversation {
  const { words } = now.caller;
  return {
    ...takeTurnInFlow(answersAgent(now), words),
    caller: { ...now.caller, words: "", partial: "", overReplyId: undefined },
    history: words === "" ? now.history : [...now.history, { role: "caller", text: words, atMs }],
    isOnHold: asksToHold(words, findVocabulary(now.rules.language)),
    draftedWords: "",
    count: { ...now.count, reminders: 0 },
  };
}

function tellScreener(now: Conversation, words: string, atMs: number): Step | undefined {
  const told = answerScreener(now, words, atMs);
  if (told === undefined) return undefined;
  return andThen(
    andThen(told, (next) => followFlow(next, atMs)),
    (next) => nextMove(next, atMs),
  );
}

function goOnWaiting(now: Conversation, words: string, atMs: number): Step | undefined {
  const waiting = waitForPerson(now, words);
  return waiting && nextMove(waiting, atMs);
}

/** Somebody who only says hello is greeted; whoever says more than that gets an answer. */
function answerHello(now: Conversation, words: string, atMs: number): Step {
  const isHello = now.greeting !== "settled" && isMereHello(words);
  const begun = andThen(clearTimer({ ...now, greeting: "settled" }, "greeting"), (next) => followFlow(next, atMs));
  return andThen(begun, (next) => {
    if (next.flow !== now.flow) return nextMove(next, atMs);
    if (isHello && isConsentDue(next))
      return nextMove({ ...next, greeting: "delayed", owed: { ...next.owed, answer: false } }, atMs);
    if (isHello && canGreet(next)) return greet({ ...next, owed: { ...next.owed, answer: false } }, atMs);
    return startReply(next, { purpose: "answer", atMs });
  });
}

function meetMachine(now: Conversation, farEnd: FarEnd, atMs: number): Step {
  return andThen(machineMove(now, farEnd, atMs), (next) =>
    next.phase.name === "closing" ? nextMove(next, atMs) : stay(next),
  );
}

function payDebts(now: Conversation, atMs: number): Step {
  const { owed } = now;
  if (now.timers.greeting !== undefined) return stay(now);
  const consent = consentMove(now, atMs);
  if (consent) return consent;
  if (now.greeting === "delayed") return greetAfterDelay(now, atMs);
  if (owed.line !== "") return startReply(now, { purpose: "line", say: owed.line, atMs });
  // Words that were said to a muted agent don't wait for a tool.
  const isAsked = owed.answer && now.history.at(-1)?.role === "caller";
  if (isWaitingForTool(now) && !isAsked) return fillWait(now, atMs);
  // A draft answers words that aren't known for good yet: it is no answer to what came before them.
  if (owed.answer) return andThen(dropDraft(now), (next) => startReply(next, { purpose: "answer", atMs }));
  if (owed.apology) return startReply(now, { purpose: "apology", say: now.rules.apology, atMs });
  if (owed.greeting) return startReply(now, { purpose: "greeting", atMs });
  if (owed.remainder !== "") return startReply(now, { purpose: "resume", say: owed.remainder, atMs });
  if (owed.warning !== "") return startReply(now, { purpose: "warning", say: owed.warning, atMs });
  if (now.timers.silence !== undefined) return stay(now);
  return awaitSilence(now);
}

function greetAfterDelay(now: Conversation, atMs: number): Step {
  return andThen(greet(now, atMs), (next) => nextMove(next, atMs));
}

function closingMove(now: Conversation, phase: Phase & { name: "closing" }, atMs: number): Step {
  const { reason, goodbye } = phase;
  if (goodbye === undefined || now.isMuted) return endCall(now, reason, atMs);
  if (now.caller.state === "talking") return stay(now);
  const { goodbye: _, ...silent } = phase;
  return startReply({ ...now, phase: silent }, { purpose: "goodbye", say: goodbye, atMs });
}
