import { expect, it } from "vitest";
import { newConversation } from "./conversation.ts";
import type { ConversationEvent } from "./event.ts";
import { reduce } from "./reduce.ts";
import { DEFAULT_RULES } from "./rules.ts";

const SAID: ConversationEvent[] = [
  { type: "call-started", rules: DEFAULT_RULES, atMs: 0 },
  { type: "caller-speech-started", utteranceId: 1, firstSampleAtMs: 1_000, atMs: 1_040 },
  { type: "caller-speech-ended", utteranceId: 1, lastSampleAtMs: 2_000, atMs: 2_240 },
  { type: "transcript-final", utteranceId: 1, text: "I would like a table for two", atMs: 2_300 },
];

/** When the turn will be over, as things stand after these facts. */
function endsAtMs(events: readonly ConversationEvent[]): number | undefined {
  let now = newConversation();
  let dueMs: number | undefined;
  for (const event of events) {
    const step = reduce(now, event);
    now = step.now;
    for (const effect of step.effects) {
      if (effect.type === "set-timer" && effect.timer === "end-of-turn") dueMs = event.atMs + effect.delayMs;
      if (effect.type === "clear-timer" && effect.timer === "end-of-turn") dueMs = undefined;
      if (effect.type === "start-reply") dueMs = event.atMs;
    }
  }
  return dueMs;
}

const predict = (probability: number, atMs: number, utteranceId = 1): ConversationEvent => ({
  type: "turn-predicted",
  ...{ utteranceId, probability, atMs },
});

it.each([0.02, 0.98])("a prediction of %f counts behind the words as it does before them", (probability) => {
  const early = endsAtMs([...SAID.slice(0, 3), predict(probability, 2_260), ...SAID.slice(3)]);
  const late = endsAtMs([...SAID, predict(probability, 2_320)]);
  expect(late).toBe(early);
  expect(late).not.toBe(endsAtMs(SAID));
});

it("a prediction for a turn that is over, or for keyed digits, changes nothing", () => {
  const keyed: ConversationEvent[] = [...SAID, { type: "digit-pressed", digit: "1", atMs: 2_400 }];
  expect(endsAtMs([...keyed, predict(0.98, 2_420)])).toBe(endsAtMs(keyed));
  expect(endsAtMs([...SAID, predict(0.98, 2_320, 0)])).toBe(endsAtMs(SAID));
});
