/** Machines, screeners and people who pick up a call that the agent has placed. */

import fc from "fast-check";
import type { ToneKind } from "../../conversation/far-end/far-end.ts";
import type { Rules } from "../../conversation/rules.ts";

export const MACHINE_WORDS: readonly string[] = [
  "please leave a message after the tone",
  "I can't come to the phone right now",
  "leave me a message",
];
export const SCREENER_WORDS: readonly string[] = ["please say your name and why you're calling"];
export const CHATTER: readonly string[] = ["please stay on the line"];
const HUMAN_WORDS = ["hello?", "it's me don't hang up", "this is Ada Lovelace speaking to you"];

export type FarEndStimulus =
  /** A whole utterance of this length. */
  | { readonly do: "far-end-says"; readonly words: string; readonly ms: number }
  | { readonly do: "tone"; readonly kind: ToneKind };

export const anyFarEndStimulus: fc.Arbitrary<FarEndStimulus> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("far-end-says" as const),
      words: fc.constantFrom(...MACHINE_WORDS, ...SCREENER_WORDS, ...CHATTER, ...HUMAN_WORDS),
      ms: fc.constantFrom(400, 2_600, 5_000),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant("tone" as const),
      kind: fc.constantFrom<ToneKind[]>("beep", "beep", "busy"),
    }),
  },
);

export const anyOpening: fc.Arbitrary<Pick<Rules, "greetingDelayMs" | "screening" | "voicemail">> = fc
  .record({
    greetingDelayMs: fc.constantFrom(0, 0, 1_500),
    screening: fc.constantFrom(undefined, {}, { identity: "Ada", purpose: "flowers" }),
    voicemail: fc.constantFrom(undefined, undefined, {}, { message: "Call me back soon." }),
  })
  .map(({ greetingDelayMs, screening, voicemail }) => ({
    greetingDelayMs,
    ...(screening === undefined ? {} : { screening }),
    ...(voicemail === undefined ? {} : { voicemail }),
  }));
