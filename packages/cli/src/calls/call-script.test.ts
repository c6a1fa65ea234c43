import type { JournalEntry } from "@earshot/sdk";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  beginScriptedCall,
  type CallInput,
  type CallScript,
  type ScriptedCall,
  stepScriptedCall,
  TICK_MS,
} from "./call-script.ts";

const greeted: CallScript = { utteranceTicks: [50], wait: { for: "greeting", isExpected: true } };
const atOnce: CallScript = { utteranceTicks: [50], wait: { for: "time", ms: 0 } };

describe("waiting for the greeting", () => {
  it("speaks 300 ms after the greeting has been heard out", () => {
    const caller = new Caller(greeted);
    caller.fact("call-started", {}, startReply("r1", "greeting"));
    caller.pass(3000);
    caller.fact("reply-ended", { replyId: "r1" });
    caller.pass(1000);
    expect(caller.spokeAtMs).toBe(3300);
  });

  it("waits on while the last of the greeting is still playing", () => {
    const caller = new Caller(greeted);
    caller.fact("call-started", {}, startReply("r1", "greeting"));
    caller.fact("reply-ended", { replyId: "r1" });
    caller.pass(1000, { isAgentAudible: true });
    caller.pass(100);
    expect(caller.spokeAtMs).toBe(1020);
  });

  it("speaks after 1.5 s to an agent without a greeting", () => {
    const caller = new Caller({ ...greeted, wait: { for: "greeting", isExpected: false } });
    caller.pass(3000);
    expect(caller.spokeAtMs).toBe(1520);
  });

  it("speaks after 30 s when the greeting never comes", () => {
    const caller = new Caller(greeted);
    caller.pass(40_000);
    expect(caller.spokeAtMs).toBe(30_020);
  });

  it("hears a greeting of more than 30 s out", () => {
    const caller = new Caller(greeted);
    caller.fact("call-started", {}, startReply("r1", "greeting"));
    caller.pass(45_000);
    caller.fact("reply-ended", { replyId: "r1" });
    caller.pass(1000);
    expect(caller.spokeAtMs).toBe(45_300);
  });

  it("speaks at a given time, over the greeting", () => {
    const caller = new Caller({ ...greeted, wait: { for: "time", ms: 500 } });
    caller.fact("call-started", {}, startReply("r1", "greeting"));
    caller.pass(2000, { isAgentAudible: true });
    expect(caller.spokeAtMs).toBe(520);
  });
});

describe("waiting for the answer", () => {
  it("says the whole utterance once, then hangs up when it has been quiet for 1.5 s after the answer", () => {
    const caller = new Caller(atOnce);
    caller.pass(1020);
    caller.speech();
    caller.answer("r1", 2000);
    const answeredAtMs = caller.nowMs;
    caller.pass(3000);
    expect(caller.speechTicks).toEqual(Array.from({ length: 50 }, (_, tick) => tick));
    expect(caller.hungUpAtMs).toBe(answeredAtMs + 1500);
    caller.close("caller-hung-up");
    expect(caller.call.outcome).toBe("answered");
  });

  it("keeps sending a frame each tick, whatever happens", () => {
    const caller = new Caller(atOnce);
    caller.pass(1020);
    caller.speech();
    caller.answer("r1", 500);
    caller.pass(1000);
    expect(caller.frames).toBe(caller.nowMs / TICK_MS);
  });

  it("does not take what the agent said before the caller's last words for the answer", () => {
    const caller = new Caller(atOnce);
    caller.pass(200);
    caller.speech();
    caller.fact("timer-fired", {}, startReply("r1", "answer"));
    caller.pass(300);
    caller.speech();
    caller.fact("reply-cancelled", { replyId: "r1" });
    caller.pass(10_000);
    expect(caller.hungUpAtMs).toBeUndefined();
    caller.answer("r2", 500);
    caller.pass(2000);
    expect(caller.call.outcome).toBe("answered");
  });

  it("wants a new answer when the caller is heard again after one", () => {
    const caller = new Caller(atOnce);
    caller.pass(200);
    caller.speech();
    caller.answer("r1", 200);
    caller.speech();
    caller.pass(5000);
    expect(caller.hungUpAtMs).toBeUndefined();
    caller.answer("r2", 200);
    caller.pass(2000);
    expect(caller.call.outcome).toBe("answered");
  });

  it("waits for what a tool brings", () => {
    const caller = new Caller(atOnce);
    caller.pass(1020);
    caller.speech();
    caller.answer("r1", 500);
    caller.fact("tool-requested", {}, { type: "run-tool", toolCallId: "t1" });
    caller.pass(10_000);
    expect(caller.hungUpAtMs).toBeUndefined();
    caller.fact("tool-finished", { toolCallId: "t1" }, startReply("r2", "answer"));
    caller.pass(1000);
    caller.fact("reply-ended", { replyId: "r2" });
    caller.pass(2000);
    expect(caller.call.outcome).toBe("answered");
  });

  it("does not take a reminder for an answer and gives up after 30 s", () => {
    const caller = new Caller(atOnce);
    caller.pass(1020);
    caller.speech();
    caller.fact("timer-fired", {}, startReply("r1", "reminder"));
    caller.pass(1000);
    caller.fact("reply-ended", { replyId: "r1" });
    caller.pass(40_000);
    expect(caller.call.outcome).toBe("not-answered");
    expect(caller.hungUpAtMs).toBeLessThan(33_000);
  });

  it("tells a caller whom the agent did not hear", () => {
    const caller = new Caller(atOnce);
    caller.pass(40_000);
    expect(caller.call.outcome).toBe("not-heard");
  });

  it("listens to a long answer beyond 30 s", () => {
    const caller = new Caller(atOnce);
    caller.pass(1020);
    caller.speech();
    caller.answer("r1", 60_000);
    caller.pass(2000);
    expect(caller.call.outcome).toBe("answered");
  });

  it("says the next utterance when the first has been answered", () => {
    const caller = new Caller({ ...atOnce, utteranceTicks: [10, 5] });
    caller.pass(220);
    caller.speech();
    caller.answer("r1", 100);
    caller.pass(2000);
    expect(caller.hungUpAtMs).toBeUndefined();
    caller.speech();
    caller.answer("r2", 100);
    caller.pass(2000);
    expect(caller.speechTicks).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 2, 3, 4]);
    expect(caller.call.outcome).toBe("answered");
  });
});

describe("the end", () => {
  it.each([
    ["agent-hung-up", "ended-by-agent"],
    ["max-duration", "ended-by-agent"],
    ["provider-failure", "failed"],
  ])("closed by the other side with %s is %s", (reason, outcome) => {
    const caller = new Caller(atOnce);
    caller.pass(100);
    caller.close(reason);
    caller.pass(1000);
    expect(caller.call).toMatchObject({ phase: "over", outcome });
    expect(caller.frames).toBe(5);
  });

  it("is an answered call when the agent hangs up right after its answer", () => {
    const caller = new Caller(atOnce);
    caller.pass(1020);
    caller.speech();
    caller.answer("r1", 100);
    caller.close("agent-hung-up");
    expect(caller.call.outcome).toBe("answered");
  });

  it("hangs up once when interrupted, and drops a connection that stays open for 5 s", () => {
    const caller = new Caller(atOnce);
    caller.pass(100);
    caller.take({ type: "interrupt" });
    caller.take({ type: "interrupt" });
    caller.pass(10_000);
    expect(caller.call).toMatchObject({ phase: "over", outcome: "interrupted", nowMs: 5100 });
    expect(caller.hangUps).toBe(1);
    expect(caller.isDropped).toBe(true);
  });

  it("always comes, whatever the agent does", () => {
    const types = ["caller-speech-started", "caller-speech-ended", "reply-ended", "reply-cancelled", "tool-finished"];
    const effect = fc.oneof(
      fc.constantFrom("r1", "r2").map((id) => startReply(id, "answer")),
      fc.constant(startReply("r3", "greeting")),
      fc.constant({ type: "run-tool" }),
    );
    const fact = fc.record({
      type: fc.constantFrom(...types),
      replyId: fc.constantFrom("r1", "r2", "r3"),
      effects: fc.array(effect, { maxLength: 1 }),
      delayMs: fc.nat(3000),
    });
    const scripts = fc.constantFrom(greeted, atOnce);
    fc.assert(
      fc.property(scripts, fc.array(fact, { maxLength: 20 }), fc.boolean(), (script, facts, isAgentAudible) => {
        const caller = new Caller(script);
        for (const { type, replyId, effects, delayMs } of facts) {
          caller.fact(type, { replyId }, ...effects);
          caller.pass(delayMs, { isAgentAudible });
        }
        caller.pass(700_000, { isAgentAudible });
        expect(caller.call.phase).toBe("over");
        expect(caller.speechTicks).toHaveLength(50);
        expect(caller.hangUps).toBe(1);
      }),
      { numRuns: 40 },
    );
  });
});

function startReply(replyId: string, purpose: string): JournalEntry["effects"][number] {
  return { type: "start-reply", replyId, purpose };
}

/** Drives a script and keeps what it ordered. */
class Caller {
  call: ScriptedCall;
  frames = 0;
  hangUps = 0;
  isDropped = false;
  spokeAtMs: number | undefined;
  hungUpAtMs: number | undefined;
  readonly speechTicks: number[] = [];
  #seq = 0;

  constructor(script: CallScript) {
    this.call = beginScriptedCall(script);
  }

  get nowMs(): number {
    return this.call.nowMs;
  }

  take(input: CallInput): void {
    const { call, orders } = stepScriptedCall(this.call, input);
    this.call = call;
    for (const order of orders) {
      if (order.type === "drop") this.isDropped = true;
      if (order.type.startsWith("send")) this.frames += 1;
      if (order.type === "send-speech") {
        this.spokeAtMs ??= call.nowMs;
        this.speechTicks.push(order.tick);
      }
      if (order.type === "hang-up") {
        this.hangUps += 1;
        this.hungUpAtMs = call.nowMs;
      }
    }
  }

  pass(ms: number, { isAgentAudible = false } = {}): void {
    for (let passed = 0; passed < ms; passed += TICK_MS) this.take({ type: "tick", isAgentAudible });
  }

  fact(type: string, details: object = {}, ...effects: JournalEntry["effects"][number][]): void {
    this.#seq += 1;
    const event = { type, atMs: this.nowMs, ...details };
    this.take({ type: "entry", entry: { seq: this.#seq, atMs: this.nowMs, event, effects } });
  }

  /** The agent hears one piece of speech. */
  speech(): void {
    this.fact("caller-speech-started");
    this.pass(100);
    this.fact("caller-speech-ended");
  }

  answer(replyId: string, durationMs: number): void {
    this.fact("timer-fired", {}, startReply(replyId, "answer"));
    this.pass(durationMs, { isAgentAudible: true });
    this.fact("reply-ended", { replyId });
  }

  close(reason: string): void {
    this.take({ type: "closed", reason });
  }
}
