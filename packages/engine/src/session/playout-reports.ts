import type { Fact } from "../conversation/event.ts";
import type { Voice } from "./ears-and-voice.ts";
import type { PlayoutReports } from "./playout.ts";

/** What the playout tells, as facts, and to whoever speaks at that moment. */
export function reportPlayout(post: (fact: Fact) => void, voice: () => Voice): PlayoutReports {
  return {
    onStarted: (replyId) => post({ type: "reply-audio-started", replyId }),
    onHeard: (replyId, text) => post({ type: "reply-heard", replyId, text }),
    onQuiet: (replyId, sinceMs) => voice().onQuiet(replyId, sinceMs),
    onWentOn: (replyId) => post({ type: "reply-went-on", replyId }),
    onPlayed: (replyId) => voice().onPlayed(replyId),
    onCancelled: (replyId, heardMs) => voice().onCancelled(replyId, heardMs),
  };
}
