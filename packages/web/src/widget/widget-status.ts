import { endReasonSentence } from "../captions/end-reason.ts";
import type { WebCallState } from "../web-call-events.ts";

export type WidgetLook = "idle" | "connecting" | "listening" | "speaking" | "ended" | "error";

/** How a widget looks in a state, and what it says. */
export function toWidgetStatus(state: WebCallState): { readonly look: WidgetLook; readonly words: string } {
  const { captions, microphone } = state;
  switch (state.phase) {
    case "idle":
      return { look: "idle", words: "" };
    case "asking-microphone":
      return { look: "connecting", words: "Please allow the microphone." };
    case "connecting":
      return { look: "connecting", words: "Connecting…" };
    case "reconnecting":
      return { look: "connecting", words: "The connection is lost. Reconnecting…" };
    case "failed":
      return { look: "error", words: `${state.failure?.title ?? ""} ${state.failure?.fix ?? ""}`.trim() };
    case "ended":
      return { look: "ended", words: endReasonSentence(state.endReason) };
    case "talking":
      if (captions.agent.state === "talking") return { look: "speaking", words: "Speaking" };
      if (microphone === "lost") return { look: "error", words: "The microphone was disconnected." };
      if (microphone === "muted") return { look: "listening", words: "Microphone off" };
      return { look: "listening", words: captions.agent.state === "thinking" ? "One moment…" : "Listening" };
  }
}
