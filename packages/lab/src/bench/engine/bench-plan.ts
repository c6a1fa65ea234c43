import { type CallPlan, DEFAULT_RULES } from "@earshot/engine";

/** An agent that never speaks up on its own. */
export const BENCH_PLAN: CallPlan = {
  rules: { ...DEFAULT_RULES, silence: { ...DEFAULT_RULES.silence, remindAfterMs: 60_000 } },
  scenes: { main: { system: "", tools: [], variables: [], voiceId: "scripted:tone", speed: 1 } },
  language: "en-US",
  keyterms: [],
  partialEveryMs: 0,
};
