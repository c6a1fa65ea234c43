/** Settings of an agent, as small choices that shrink to the defaults. */

import fc from "fast-check";
import { DEFAULT_RULES, type Rules } from "../../conversation/rules.ts";
import { anyFlow } from "./any-flow.ts";
import { anyOpening } from "./far-end-stimuli.ts";

const { endOfTurn, bargeIn, silence } = DEFAULT_RULES;

const anyGreeting = fc.constantFrom<Rules["greeting"][]>(
  { mode: "off" },
  { mode: "dynamic" },
  { mode: "static", text: "Hello there caller." },
);

const usualRules: fc.Arbitrary<Rules> = fc
  .record({ greeting: anyGreeting, isEnabled: fc.boolean(), maxDurationMs: fc.constantFrom(4_000, 3_600_000) })
  .map(({ greeting, isEnabled, maxDurationMs }) => ({
    ...DEFAULT_RULES,
    greeting,
    maxDurationMs,
    bargeIn: { ...bargeIn, isEnabled },
  }));

const realtimeRules = usualRules.map((rules): Rules => ({ ...rules, isRealtime: true }));

const unusualRules: fc.Arbitrary<Rules> = fc
  .record({
    greeting: anyGreeting,
    opening: anyOpening,
    flow: fc.option(anyFlow, { nil: undefined, freq: 1 }),
    maxDurationMs: fc.constantFrom(4_000, 3_600_000),
    hasWarning: fc.boolean(),
    consent: fc.constantFrom("none", "none", "told", "asked"),
    canInterrupt: fc.boolean(),
    minSpeechMs: fc.constantFrom(300, 0, 1_500),
    minWords: fc.constantFrom(0, 3),
    isPreemptive: fc.constantFrom(true, true, false),
    strategies: fc.constantFrom<Rules["endOfTurn"]["strategies"][]>(endOfTurn.strategies, []),
    hasBackchannel: fc.boolean(),
    isAutonomous: fc.constantFrom(false, false, true),
    fillPauseAfterMs: fc.constantFrom(1_500, 0),
    isRealtime: fc.constantFrom(false, false, true),
  })
  .map((drawn) => ({
    ...DEFAULT_RULES,
    greeting: drawn.greeting,
    ...drawn.opening,
    ...(drawn.flow === undefined ? {} : { flow: drawn.flow }),
    maxDurationMs: drawn.maxDurationMs,
    ...(drawn.hasWarning ? { maxDurationWarning: { beforeMs: 2_000, text: "Two seconds left." } } : {}),
    ...(drawn.consent === "none"
      ? {}
      : { recordingConsent: { message: "This call is recorded.", isAsked: drawn.consent === "asked", key: "1" } }),
    bargeIn: {
      ...bargeIn,
      isEnabled: drawn.canInterrupt,
      minSpeechMs: drawn.minSpeechMs,
      minWords: drawn.minWords,
    },
    endOfTurn: { ...endOfTurn, isPreemptive: drawn.isPreemptive, strategies: drawn.strategies },
    backchannel: { isEnabled: drawn.hasBackchannel, everyMs: 1_000 },
    silence: { ...silence, isAutonomous: drawn.isAutonomous },
    fillPauseAfterMs: drawn.fillPauseAfterMs,
    ...(drawn.isRealtime ? { isRealtime: true } : {}),
  }));

/** Every setting, but not all at a time: what is rare to meet is rarer still among many others. */
export const anyRules: fc.Arbitrary<Rules> = fc.oneof(
  { weight: 2, arbitrary: usualRules },
  { weight: 1, arbitrary: realtimeRules },
  { weight: 2, arbitrary: unusualRules },
);
