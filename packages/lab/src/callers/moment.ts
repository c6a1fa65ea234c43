/** When a caller does the next thing. */
import { type Hearing, heardWordCount, quietForMs } from "./hearing.ts";
import { parsePattern } from "./text-pattern.ts";

export type Moment =
  /** Once the agent has answered and has been quiet for so long. */
  | { readonly after: "agent"; readonly pauseMs: number }
  /** So long after the caller's own last word, whatever the agent does. */
  | { readonly after: "caller"; readonly pauseMs: number }
  /** While the agent speaks, once so many words of the reply have been heard. */
  | { readonly after: "agent-words"; readonly count: number }
  /** While the agent speaks, once the reply has this in it. */
  | { readonly after: "agent-says"; readonly pattern: string }
  /** While the agent speaks, so long after its first sound. */
  | { readonly after: "agent-sound"; readonly ms: number };

export type MomentState = "coming" | "now" | "missed";

/** The agent never has so much to say that this would be mistaken for the end of a reply. */
const MISSED_AFTER_MS = 1500;
/** Without a greeting a caller speaks up after this long. */
const NO_GREETING_MS = 1500;

export function stateOfMoment(moment: Moment, situation: Situation): MomentState {
  const { hearing } = situation;
  switch (moment.after) {
    case "agent":
      return isAgentDone(situation, moment.pauseMs) ? "now" : "coming";
    case "caller":
      return hearing.nowMs - situation.callerQuietSinceMs >= moment.pauseMs ? "now" : "coming";
    case "agent-words":
      return whileAgentSpeaks(situation, heardWordCount(hearing) >= moment.count);
    case "agent-says":
      return whileAgentSpeaks(situation, parsePattern(moment.pattern).isIn(hearing.replyWords));
    case "agent-sound": {
      const sinceMs = hearing.reply?.audibleSinceMs;
      return whileAgentSpeaks(situation, sinceMs !== undefined && hearing.nowMs - sinceMs >= moment.ms);
    }
  }
}

export type Situation = {
  readonly hearing: Hearing;
  /** Since when the caller has been quiet. */
  readonly callerQuietSinceMs: number;
  /** Answers that the agent had given when the caller last asked for one; undefined: no answer is due. */
  readonly answersBefore: number | undefined;
  /** Whether the agent speaks first. */
  readonly isGreetingExpected: boolean;
  readonly hasSpoken: boolean;
};

/** Whether the agent has said what it had to say, and has been quiet for so long. */
export function isAgentDone(situation: Situation, pauseMs: number): boolean {
  const { hearing, answersBefore, isGreetingExpected, hasSpoken } = situation;
  if (quietForMs(hearing) < pauseMs) return false;
  if (answersBefore !== undefined) return hearing.answers > answersBefore;
  if (hasSpoken || hearing.replies > 0) return true;
  return !isGreetingExpected && hearing.nowMs >= NO_GREETING_MS;
}

function whileAgentSpeaks(situation: Situation, isNow: boolean): MomentState {
  if (situation.hearing.isAgentAudible && isNow) return "now";
  return isAgentDone(situation, MISSED_AFTER_MS) ? "missed" : "coming";
}
