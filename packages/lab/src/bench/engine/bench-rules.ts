import { type Conversation, DEFAULT_RULES, type Fact, newConversation, reduce } from "@earshot/engine";

const RUN_MS = 1_000;
const TURNS = 20;

/** One turn as the session would report it. */
function turn(number: number, startMs: number): (Fact & { atMs: number })[] {
  const replyId = `reply-${number}`;
  const at = (offsetMs: number, fact: Fact) => ({ ...fact, atMs: startMs + offsetMs });
  return [
    at(0, { type: "caller-speech-started", utteranceId: number, firstSampleAtMs: startMs }),
    at(600, { type: "transcript-partial", utteranceId: number, text: "what are" }),
    at(1_500, { type: "caller-speech-ended", utteranceId: number, lastSampleAtMs: startMs + 1_300 }),
    at(1_600, { type: "transcript-final", utteranceId: number, text: "What are your hours?" }),
    at(1_800, { type: "timer-fired", timer: "end-of-turn", timerId: 0 }),
    at(2_000, { type: "reply-text-started", replyId }),
    at(2_050, { type: "reply-sentence", replyId, text: "We open at nine." }),
    at(2_100, { type: "reply-audio-ready", replyId }),
    at(2_110, { type: "reply-audio-started", replyId }),
    at(2_400, { type: "reply-heard", replyId, text: "We open" }),
    at(2_700, { type: "reply-heard", replyId, text: "at nine." }),
    at(2_710, { type: "reply-ended", replyId }),
  ];
}

/** Facts a second through the rules, in calls of 20 turns. */
export function benchRules(): { factsPerSecond: number } {
  const call = [{ type: "call-started" as const, rules: DEFAULT_RULES, atMs: 0 }];
  const facts = [...call, ...Array.from({ length: TURNS }, (_, index) => turn(index + 1, 5_000 * (index + 1))).flat()];
  let count = 0;
  const startedMs = performance.now();
  while (performance.now() - startedMs < RUN_MS) {
    let now = newConversation();
    for (const fact of facts) now = reduce(now, asSet(now, fact)).now;
    if (now.history.length !== 2 * TURNS) throw new Error("the turns of the benchmark were not all answered");
    count += facts.length;
  }
  const factsPerSecond = count / ((performance.now() - startedMs) / 1_000);
  console.log(`## Rules\n\n${Math.round(factsPerSecond).toLocaleString("en-US")} facts a second on one thread\n`);
  return { factsPerSecond };
}

/** Timers have the ids that the rules gave them. */
function asSet(now: Conversation, fact: Fact & { atMs: number }): Fact & { atMs: number } {
  return fact.type === "timer-fired" ? { ...fact, timerId: now.timers[fact.timer] ?? 0 } : fact;
}
