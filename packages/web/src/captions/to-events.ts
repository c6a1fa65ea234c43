import type { WebCallEvents } from "../web-call-events.ts";
import type { CaptionLine, Captions } from "./captions.ts";
import type { JournalEntry } from "./journal-entry.ts";

type Told = {
  readonly [Name in keyof WebCallEvents]: readonly [name: Name, detail: WebCallEvents[Name]];
}[keyof WebCallEvents];

/** What a page may want to know of an entry. `captions`: as they are with it. */
export function toEvents({ event }: JournalEntry, captions: Captions): readonly Told[] {
  switch (event.type) {
    case "caller-speech-started":
      return [["user-speech-start", undefined]];
    case "caller-speech-ended":
      return [["user-speech-end", undefined]];
    case "transcript-partial":
    case "transcript-final":
      return [["transcript", { role: "user", text: event.text, isFinal: event.type === "transcript-final" }]];
    case "reply-audio-started":
      return [["speech-start", undefined]];
    case "reply-heard":
      return [["transcript", { role: "agent", text: textOf(captions, event.replyId), isFinal: false }]];
    case "reply-ended":
    case "reply-cancelled":
      return [
        ["transcript", { role: "agent", text: textOf(captions, event.replyId), isFinal: true }],
        ["speech-end", undefined],
      ];
    default:
      return [];
  }
}

function textOf({ lines }: Captions, replyId: string): string {
  const line = lines.findLast(
    (one): one is CaptionLine & { role: "agent" } => one.role === "agent" && one.replyId === replyId,
  );
  return line?.text ?? "";
}
