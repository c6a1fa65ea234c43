import { endReasonSentence } from "@earshot/web";
import type { LiveCallState } from "./live-call.ts";

/** Where the call stands, in a few words. */
export function callStatus({ phase, journal, microphone, endReason }: LiveCallState): string {
  switch (phase) {
    case "asking-microphone":
      return "Waiting for the microphone";
    case "connecting":
      return "Connecting…";
    case "reconnecting":
      return "Reconnecting…";
    case "failed":
      return "Not connected";
    case "ended":
      return endReasonSentence(endReason);
    case "talking":
      if (journal.captions.agent.state === "talking") return "Speaking";
      if (journal.captions.agent.state === "thinking") return "Thinking";
      return microphone === "on" ? "Listening" : "Microphone off";
  }
}
