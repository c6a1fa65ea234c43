import type { JournalEntry } from "@earshot/sdk";
import { expect, it } from "vitest";
import type { CallerInput, CallerOrder } from "./caller-step.ts";
import { beginGoalCaller, stepGoalCaller } from "./goal-caller.ts";

function begin(options: { maxTurns?: number } = {}) {
  let caller = beginGoalCaller({ isGreetingExpected: true, pauseMs: 400, maxTurns: options.maxTurns ?? 20 });
  let seq = 0;
  const orders: CallerOrder[] = [];
  const take = (input: CallerInput) => {
    const stepped = stepGoalCaller(caller, input);
    caller = stepped.caller;
    orders.push(...stepped.orders);
  };
  const fact = (type: string, details: object = {}, ...effects: object[]) => {
    const entry = { seq: ++seq, atMs: 0, event: { type, atMs: 0, ...details }, effects };
    take({ type: "entry", entry: entry as unknown as JournalEntry });
  };
  const run = (ms: number, isCallerSpeaking = false) => {
    for (let passed = 0; passed < ms; passed += 20) take({ type: "tick", isAgentAudible: false, isCallerSpeaking });
  };
  const agent = (text: string, purpose = "answer") => {
    const replyId = `r${seq}`;
    fact("timer-fired", {}, { type: "start-reply", purpose, replyId });
    fact("reply-heard", { replyId, text });
    fact("reply-ended", { replyId });
    run(500);
  };
  return { take, run, agent, orders, course: () => caller.course };
}

it("thinks about each of the agent's turns, says what it thought, and hangs up with its last words", () => {
  const call = begin();
  call.agent("Hello, how can I help?", "greeting");
  expect(call.orders).toEqual([{ type: "think", heard: "Hello, how can I help?" }]);
  call.take({ type: "thought", thought: { do: "say", text: "A table, please." } });
  call.run(600, true);
  call.agent("For how many?");
  expect(call.orders.slice(1)).toEqual([
    { type: "say", text: "A table, please." },
    { type: "think", heard: "For how many?" },
  ]);
  call.take({ type: "thought", thought: { do: "press", digits: "4#" } });
  call.agent("Thank you.");
  call.take({ type: "thought", thought: { do: "hang-up", text: "Bye." } });
  call.run(600, true);
  call.run(100);
  expect(call.orders.slice(3).map(({ type }) => type)).toEqual(["press", "press", "think", "say", "hang-up"]);
  call.take({ type: "closed", reason: "caller-hung-up" });
  expect(call.course()).toMatchObject({ phase: "over", trouble: undefined });
});

it("gives up after so many turns, and with an agent that says nothing", () => {
  const talkative = begin({ maxTurns: 1 });
  talkative.agent("Hello.", "greeting");
  talkative.take({ type: "thought", thought: { do: "say", text: "Hi." } });
  talkative.run(200, true);
  talkative.agent("Yes?");
  expect(talkative.course().trouble?.message).toBe("The goal was not reached in 1 turns.");
  const silent = begin();
  silent.run(31_000);
  expect(silent.course().trouble?.message).toContain("did not answer within 30 s");
  expect(silent.orders).toEqual([{ type: "hang-up" }]);
});

it("makes nothing of a thought that it didn't have, nor of one that comes too late", () => {
  const call = begin();
  call.take({ type: "thought", thought: { do: "say", text: "Hm." } });
  call.take({ type: "interrupt" });
  call.take({ type: "thought", thought: { do: "say", text: "Hm." } });
  expect(call.orders).toEqual([{ type: "hang-up" }]);
});
