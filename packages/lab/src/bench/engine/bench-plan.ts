import { type CallPlan, DEFAULT_RULES } from "@earshot/engine";

/** An agent that never speaks up on its own, and begins no reply before the turn is over: that would hide what is measured. */
export const BENCH_PLAN: CallPlan = {
  rules: {
    ...DEFAULT_RULES,
    silence: { ...DEFAULT_RULES.silence, remindAfterMs: 60_000 },
    endOfTurn: { ...DEFAULT_RULES.endOfTurn, isPreemptive: false },
  },
  scenes: { main: { system: "", tools: [], variables: [], voiceId: "scripted:tone", speed: 1 } },
  language: "en-US",
  keyterms: [],
  partialEveryMs: 0,
};
