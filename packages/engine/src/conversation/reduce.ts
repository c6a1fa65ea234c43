/** The rules of a conversation: one fact in, the new state and the orders out. Pure, synchronous, total. */

import { falseInterruption, judgeInterruption } from "./barge-in.ts";
import { agentMuted, agentUnmuted, contextInjected, sayRequested } from "./controlling.ts";
import type { Conversation } from "./conversation.ts";
import { draftReply, forgetDraft, reviewDraft } from "./drafting.ts";
import { beginClosing, endCall } from "./ending.ts";
import type { ConversationEvent } from "./event.ts";
import { leaveMessage, talksTooLong, toneHeard } from "./far-end/voicemail.ts";
import { bridgeDeadAir, replyWentOn, replyWentQuiet, reviewDeadAir } from "./filling.ts";
import { enterScene, followFlow } from "./flow/follow-flow.ts";
import { replyHeard } from "./heard.ts";
import { durationWarning, silenceFired } from "./idle.ts";
import { nextMove } from "./next-move.ts";
import { callStarted } from "./opening.ts";
import { realtimeFailed, replyOffered, reviewOffer } from "./realtime.ts";
import {
  consentCut,
  consentFailed,
  consentFired,
  consentHeard,
  pauseRecording,
  resumeRecording,
} from "./recording/consent.ts";
import { replyAudioStarted, replyCancelled, replyEnded, replyFailed, replySentence } from "./replying.ts";
import { andThen, type Step, stay } from "./step.ts";
import { historySummarised } from "./summarising.ts";
import { clearTimer, takeFired } from "./timers.ts";
import { fillerFired } from "./tool-wait.ts";
import { toolFinished, toolOrdered, toolRequested, toolServerFailed } from "./tools.ts";
import { requestTransfer, transferFinished } from "./transferring.ts";
import {
  callerSpeechEnded,
  callerSpeechStarted,
  digitPressed,
  transcriptFailed,
  transcriptFinal,
  transcriptPartial,
  transcriptProbable,
  turnPredicted,
} from "./turn-taking.ts";

export function reduce(now: Conversation, event: ConversationEvent): Step {
  const { atMs } = event;
  const applied = andThen(applyFact(now, event), reviewDraft);
  const followed = andThen(applied, (next) => followFlow(next, atMs));
  const moved = andThen(followed, (next) => nextMove(next, atMs));
  const reviewed = andThen(andThen(moved, reviewOffer), draftReply);
  return andThen(reviewed, (next) => reviewDeadAir(next, atMs));
}

function applyFact(now: Conversation, event: ConversationEvent): Step {
  if (now.phase.name === "ended" && !isAfterword(event)) return stay(now);
  if (now.phase.name === "waiting" && event.type !== "call-started" && !isEnding(event)) return stay(now);
  const { atMs } = event;
  switch (event.type) {
    case "call-started":
      return callStarted(now, event.rules, atMs);
    case "caller-speech-started":
      return callerSpeechStarted(now, event, atMs);
    case "caller-speech-ended":
      return callerSpeechEnded(now, event, atMs);
    case "transcript-partial":
      return transcriptPartial(now, event, atMs);
    case "transcript-probable":
      return transcriptProbable(now, event, atMs);
    case "turn-predicted":
      return turnPredicted(now, event, atMs);
    case "transcript-final":
      return transcriptFinal(now, event, atMs);
    case "transcript-failed":
      return transcriptFailed(now, event, atMs);
    case "digit-pressed":
      return digitPressed(now, event.digit, atMs);
    case "tone-heard":
      return toneHeard(now, event.kind, atMs);
    case "timer-fired":
      return timerFired(now, event);
    case "reply-sentence":
      return replySentence(now, event);
    case "reply-audio-started":
      return replyAudioStarted(now, event.replyId);
    case "reply-went-quiet":
      return replyWentQuiet(now, event);
    case "reply-went-on":
      return replyWentOn(now, event.replyId);
    case "reply-heard":
      return replyHeard(now, event.replyId, event.text);
    case "reply-offered":
      return replyOffered(now, event.offerId);
    case "realtime-failed":
      return realtimeFailed(now, atMs);
    case "reply-ended":
      return andThen(consentHeard(now, event.replyId), (next) => replyEnded(next, event.replyId));
    case "reply-cancelled":
      return andThen(consentCut(now, event.replyId), (next) => replyCancelled(next, event.replyId));
    case "reply-failed":
      return andThen(consentFailed(now, event.replyId), (next) => replyFailed(forgetDraft(next, event.replyId), event));
    case "tool-requested":
      return toolRequested(now, event, atMs);
    case "tool-finished":
      return toolFinished(now, event, atMs);
    case "tool-ordered":
      return toolOrdered(now, event, atMs);
    case "tool-server-failed":
      return toolServerFailed(now, event);
    case "transfer-requested":
      return requestTransfer(now, event.order, atMs);
    case "transfer-finished":
      return transferFinished(now, event, atMs);
    case "values-learnt":
      return stay({ ...now, values: { ...now.values, ...event.values } });
    case "history-summarised":
      return historySummarised(now, event);
    case "scene-entered":
      return enterScene(now, event.sceneId);
    case "end-requested":
    case "leg-closed":
      return endCall(now, event.reason, atMs);
    case "call-ended":
      return stay(endCall(now, event.reason, atMs).now);
    case "say-requested":
      return sayRequested(now, event);
    case "context-injected":
      return contextInjected(now, event, atMs);
    case "agent-muted":
      return agentMuted(now);
    case "agent-unmuted":
      return agentUnmuted(now);
    case "leg-lost":
      return andThen(clearTimer({ ...now, leg: "lost" }, "silence"), (next) => clearTimer(next, "barge-in"));
    case "leg-resumed":
      return stay({ ...now, leg: "connected" });
    case "recording-paused":
      return pauseRecording(now);
    case "recording-resumed":
      return resumeRecording(now);
    case "reply-audio-ready":
    case "reply-text-started":
    case "voice-failed":
    case "recording-failed":
    case "recording-recovered":
    case "tool-retried":
    case "transfer-progressed":
      return stay(now);
  }
}

function timerFired(now: Conversation, event: ConversationEvent & { type: "timer-fired" }): Step {
  const fired = takeFired(now, event.timer, event.timerId);
  if (!fired) return stay(now);
  switch (event.timer) {
    case "greeting":
    case "end-of-turn":
      return fired;
    case "voicemail":
      return leaveMessage(fired.now);
    case "voicemail-limit":
      return talksTooLong(fired.now, event.atMs);
    case "barge-in":
      return judgeInterruption(fired.now, event.atMs);
    case "false-interruption":
      return falseInterruption(fired.now);
    case "fill-pause":
      return bridgeDeadAir(fired.now, event.atMs);
    case "silence":
      return silenceFired(fired.now, event.atMs);
    case "max-duration-warning":
      return durationWarning(fired.now);
    case "max-duration": {
      const goodbye = now.rules.maxDurationGoodbye;
      return beginClosing(fired.now, { reason: "max-duration", goodbye });
    }
    case "tool-filler":
      return fillerFired(fired.now);
    case "consent":
      return consentFired(fired.now);
    case "closing":
      return fired.now.phase.name === "closing" ? endCall(fired.now, fired.now.phase.reason, event.atMs) : fired;
  }
}

/** Facts that still complete the history when the call is over: nobody's last words are lost. */
function isAfterword(event: ConversationEvent): boolean {
  switch (event.type) {
    case "reply-heard":
    case "reply-ended":
    case "reply-cancelled":
    case "reply-failed":
    case "tool-finished":
    case "tool-ordered":
    case "values-learnt":
    case "caller-speech-ended":
    case "transcript-final":
    case "transcript-failed":
      return true;
    default:
      return false;
  }
}

function isEnding(event: ConversationEvent): boolean {
  return event.type === "end-requested" || event.type === "leg-closed" || event.type === "call-ended";
}
