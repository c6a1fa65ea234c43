/** Calls with a journal, without audio. */
import type { ConversationEvent } from "@earshot/engine";
import { appendEntries } from "../../../calls/append-entries.ts";
import { entry, journal } from "../../../calls/testing/journal.ts";
import type { AppDeps } from "../../../http/app-deps.ts";

/** A greeting, a question and an answer. */
export const SAID: readonly ConversationEvent[] = [
  { type: "reply-audio-started", replyId: "r1", atMs: 100 },
  { type: "reply-heard", replyId: "r1", text: "Hello!", atMs: 900 },
  { type: "reply-ended", replyId: "r1", atMs: 900 },
  { type: "caller-speech-started", utteranceId: 1, firstSampleAtMs: 1500, atMs: 1600 },
  { type: "transcript-final", utteranceId: 1, text: "When do you open?", atMs: 3000 },
  { type: "reply-audio-started", replyId: "r2", atMs: 3500 },
  { type: "reply-heard", replyId: "r2", text: "At nine,", atMs: 4000 },
  { type: "reply-heard", replyId: "r2", text: "every day.", atMs: 4600 },
  { type: "reply-ended", replyId: "r2", atMs: 4600 },
  { type: "call-ended", reason: "caller-hung-up", atMs: 5000 },
];

const STARTED_AT = "2026-03-01T12:00:00.000Z";

/** Has a created call begin and say all of that. */
export async function holdCall(deps: AppDeps, callId: string, events: readonly ConversationEvent[] = SAID) {
  await deps.calls.markActive(callId, STARTED_AT);
  await appendEntries(deps, callId, journal(events.map((event) => entry(event))));
  if (events.at(-1)?.type !== "call-ended") return;
  await deps.calls.markEnded(callId, {
    ...{ reason: "caller-hung-up", endedAt: "2026-03-01T12:00:05.000Z", durationMs: 5000 },
  });
}
