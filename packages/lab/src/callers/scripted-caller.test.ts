import { FRAME_MS } from "@earshot/engine";
import type { JournalEntry } from "@earshot/sdk";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { CallerOrder, CallerStep } from "./caller-step.ts";
import { beginScriptedCaller, type ScriptedCaller, stepScriptedCaller } from "./scripted-caller.ts";

const PAUSE_MS = 400;
const say = (text: string): CallerStep => ({
  kind: "say",
  manner: "turn",
  text,
  when: { after: "agent", pauseMs: PAUSE_MS },
});

/** The far end of a script: a clock, an agent that says what the test has it say, and a caller who speaks for a while. */
class Play {
  caller: ScriptedCaller;
  readonly orders: { readonly atMs: number; readonly order: CallerOrder }[] = [];
  #seq = 0;
  #replies = 0;
  #speakingMs = 0;
  #isAudible = false;

  constructor(steps: readonly CallerStep[], { isGreetingExpected = true } = {}) {
    this.caller = beginScriptedCaller(steps, { isGreetingExpected });
  }

  get nowMs(): number {
    return this.caller.course.hearing.nowMs;
  }

  get done(): readonly string[] {
    return this.orders.map(({ order }) => {
      if ("text" in order) return order.text;
      return "digit" in order ? order.digit : order.type;
    });
  }

  run(ms: number): this {
    for (let passed = 0; passed < ms; passed += FRAME_MS) {
      const isCallerSpeaking = this.#speakingMs > 0;
      this.#speakingMs = Math.max(0, this.#speakingMs - FRAME_MS);
      this.#take({ type: "tick", isAgentAudible: this.#isAudible, isCallerSpeaking });
    }
    return this;
  }

  /** The agent says something from beginning to end, a word each 200 ms. */
  agent(text: string, purpose = "answer"): this {
    return this.begin(text, purpose).end();
  }

  begin(text: string, purpose = "answer"): this {
    this.#replies += 1;
    this.fact("timer-fired", {}, { type: "start-reply", purpose, replyId: `r${this.#replies}` });
    this.#isAudible = true;
    for (const word of text.split(" ")) {
      this.run(200);
      if (!this.#isAudible) return this;
      this.fact("reply-heard", { replyId: `r${this.#replies}`, text: word });
    }
    return this;
  }

  end(type = "reply-ended"): this {
    this.#isAudible = false;
    return this.fact(type, { replyId: `r${this.#replies}` });
  }

  fact(type: string, details: object = {}, ...effects: object[]): this {
    const entry = { seq: ++this.#seq, atMs: this.nowMs, event: { type, atMs: this.nowMs, ...details }, effects };
    this.#take({ type: "entry", entry: entry as unknown as JournalEntry });
    return this;
  }

  close(reason: string): this {
    this.#take({ type: "closed", reason });
    return this;
  }

  #take(input: Parameters<typeof stepScriptedCaller>[1]): void {
    const { caller, orders } = stepScriptedCaller(this.caller, input);
    this.caller = caller;
    for (const order of orders) {
      this.orders.push({ atMs: this.nowMs, order });
      if (order.type === "say") this.#speakingMs = 600;
      if (order.type === "sound") this.#speakingMs = 300;
      if (order.type === "hush") this.#speakingMs = 0;
    }
  }
}

describe("a scripted caller", () => {
  it("waits for the greeting, then for each answer, and hangs up at the end", () => {
    const play = new Play([say("Hello."), say("And on Sundays?")]);
    play.run(3000);
    expect(play.orders).toEqual([]);
    play.agent("Good morning to you", "greeting").run(300);
    expect(play.orders).toEqual([]);
    play.run(200);
    expect(play.done).toEqual(["Hello."]);
    play.run(4000);
    expect(play.done).toEqual(["Hello."]);
    play.agent("We open at nine").run(500);
    expect(play.done).toEqual(["Hello.", "And on Sundays?"]);
    play.run(700).agent("Closed").run(1000);
    expect(play.done.at(-1)).toBe("hang-up");
    play.close("caller-hung-up");
    expect(play.caller.course).toMatchObject({ phase: "over", trouble: undefined, endReason: "caller-hung-up" });
  });

  it("speaks first where no greeting comes", () => {
    const play = new Play([say("Hello?")], { isGreetingExpected: false });
    expect(play.run(1400).done).toEqual([]);
    expect(play.run(200).done).toEqual(["Hello?"]);
  });

  it("isn't content with a reminder, nor while a tool runs", () => {
    const play = new Play([say("One."), say("Two.")]).agent("Hello", "greeting").run(1000);
    play.agent("Are you there", "reminder").run(1000);
    expect(play.done).toEqual(["One."]);
    play.fact("tool-requested", {}, { type: "run-tool" });
    play.agent("One moment").run(5000);
    expect(play.done).toEqual(["One."]);
    play.fact("tool-finished").agent("Done").run(500);
    expect(play.done).toEqual(["One.", "Two."]);
  });

  it("takes an answer that is taken up again for an answer", () => {
    const play = new Play([say("Hours?"), say("Thanks.")]).agent("Hello", "greeting").run(1100);
    play.begin("We open").end("reply-cancelled").run(1000);
    expect(play.done).toEqual(["Hours?"]);
    play.agent("at nine", "resume").run(500);
    expect(play.done).toEqual(["Hours?", "Thanks."]);
  });

  it("cuts in at the word that it is told, and then wants another answer", () => {
    const when = { after: "agent-words", count: 3 } as const;
    const interrupt: CallerStep = { kind: "say", manner: "interruption", text: "Wait!", when };
    const play = new Play([say("Hours?"), interrupt, say("Thanks.")]).agent("Hello", "greeting").run(1100);
    play.begin("We open at nine");
    expect(play.done).toEqual(["Hours?", "Wait!"]);
    expect(play.orders[1]?.atMs).toBe(play.nowMs - 200 + FRAME_MS);
    play.end("reply-cancelled").run(3000);
    expect(play.done).toEqual(["Hours?", "Wait!"]);
    play.agent("Yes please").run(500);
    expect(play.done).toEqual(["Hours?", "Wait!", "Thanks."]);
    expect(play.caller.course.marks.map(({ did }) => did)).toEqual(["said", "interrupted", "said"]);
  });

  it.each([
    ["words", { after: "agent-words", count: 9 }],
    ["a text", { after: "agent-says", pattern: "eleven" }],
    ["a time", { after: "agent-sound", ms: 9000 }],
  ] as const)("says what it missed when the moment, %s, never comes", (_, when) => {
    const play = new Play([{ kind: "say", manner: "backchannel", text: "Yeah.", when }]);
    play.agent("We open at nine", "greeting").run(2000);
    expect(play.done).toEqual(["hang-up"]);
    expect(play.caller.course.trouble?.message).toContain('never came: the agent said only "We open at nine"');
  });

  it("checks what it hears, and goes on whether it was that or not", () => {
    const hear = (pattern: string): CallerStep => ({ kind: "hear", pattern, when: { after: "agent", pauseMs: 300 } });
    const play = new Play([hear("morning"), hear("/evening|night/"), say("Hi.")]);
    play.agent("Good morning!", "greeting").run(1000);
    expect(play.done).toEqual(["Hi."]);
    expect(play.caller.course.heardChecks.map(({ hasPassed, heard }) => [hasPassed, heard])).toEqual([
      [true, "Good morning!"],
      [false, "Good morning!"],
    ]);
  });

  it("presses keys one after the other", () => {
    const play = new Play([{ kind: "press", digits: "12#", when: { after: "agent", pauseMs: 100 } }]);
    play.agent("Your number", "greeting").run(1000);
    expect(play.done).toEqual(["1", "2", "#"]);
    const [first = 0, second = 0] = play.orders.map(({ atMs }) => atMs);
    expect(second - first).toBeGreaterThanOrEqual(160);
  });

  it("says nothing for as long as it is told, and that is nobody's dead air", () => {
    const play = new Play([say("Hi."), { kind: "wait", ms: 9000 }, say("Sorry.")]).agent("Hello", "greeting");
    play.run(1000).agent("Yes").run(8000);
    expect(play.done).toEqual(["Hi."]);
    play.run(1500);
    expect(play.done).toEqual(["Hi.", "Sorry."]);
    expect(play.caller.course.longestSilence.ms).toBeLessThan(1000);
  });

  it("measures how long the agent left it waiting", () => {
    const play = new Play([say("Hi.")]).agent("Hello", "greeting").run(1000);
    const fromMs = play.nowMs;
    play.run(5000).agent("Yes");
    const { ms, atMs } = play.caller.course.longestSilence;
    expect(ms).toBeGreaterThanOrEqual(5000);
    expect(ms).toBeLessThan(5300);
    expect(Math.abs(atMs - fromMs)).toBeLessThan(100);
  });

  it("loses its patience with an agent that doesn't answer", () => {
    const play = new Play([say("Hi."), say("Still there?")]).agent("Hello", "greeting").run(32_000);
    expect(play.done).toEqual(["Hi.", "hang-up"]);
    expect(play.caller.course.trouble?.message).toContain('did not answer within 30 s: step 2, say "Still there?"');
  });

  it("says where it was when the agent hangs up on it", () => {
    const play = new Play([say("Hi."), say("More.")]).agent("Hello", "greeting").run(1300).close("agent-hung-up");
    expect(play.caller.course.trouble?.message).toBe('The call ended (agent-hung-up) before step 2, say "More.".');
  });

  it("waits for the agent to hang up where it should", () => {
    const end: CallerStep = { kind: "await-end", withinMs: 5000 };
    const bye = () => new Play([say("Bye."), end]).agent("Hello", "greeting").run(1100);
    expect(bye().close("agent-hung-up").caller.course.trouble).toBeUndefined();
    expect(bye().run(6000).caller.course.trouble?.message).toContain("did not end the call within 5 s");
  });

  it("is an answering machine that greets, beeps, and counts what comes after", () => {
    const afterCaller = (pauseMs: number) => ({ after: "caller", pauseMs }) as const;
    const play = new Play([
      { kind: "say", manner: "machine", text: "Leave a message.", when: afterCaller(700) },
      { kind: "sound", sound: "beep", when: afterCaller(400) },
      { kind: "await-end", withinMs: 30_000 },
    ]);
    play.begin("Hello", "greeting").end().run(2000);
    expect(play.done).toEqual(["Leave a message.", "sound"]);
    play.agent("Please call back");
    expect(play.caller.course.hearing.words).toBe("Please call back");
  });

  it("is a switchboard that leads on by the agent's keys", () => {
    const menus = {
      main: { prompt: "Press 1 for sales.", keys: { "1": "sales", "9": "hang-up" } },
      sales: { prompt: "Press 2 for Ann.", keys: { "2": "connect" } },
    };
    const press = (play: Play, digits: string) =>
      play.fact("tool-requested", { name: "send_dtmf", arguments: JSON.stringify({ digits }) });
    const play = new Play([{ kind: "menu", menus, begin: "main" }, say("Ann speaking.")]).run(800);
    expect(play.done).toEqual(["Press 1 for sales."]);
    press(play, "1").run(200);
    expect(play.done).toEqual(["Press 1 for sales.", "hush", "Press 2 for Ann."]);
    press(play.run(1000), "2").run(100).agent("Hello Ann").run(600);
    expect(play.done.at(-1)).toBe("Ann speaking.");
    const lost = new Play([{ kind: "menu", menus, begin: "main" }]).run(40_000);
    expect(lost.caller.course.trouble?.message).toContain("did not find its way");
    expect(lost.done.filter((done) => done === "Press 1 for sales.")).toHaveLength(3);
  });

  it("ends whatever the agent does, and does nothing afterwards", () => {
    const happening = fc.oneof(
      fc.record({ run: fc.integer({ min: 20, max: 40_000 }) }),
      fc.record({
        agent: fc.constantFrom("Hello there", "Yes"),
        purpose: fc.constantFrom("answer", "reminder", "greeting"),
      }),
      fc.record({
        fact: fc.constantFrom("caller-speech-started", "caller-speech-ended", "tool-finished", "digit-pressed"),
      }),
    );
    fc.assert(
      fc.property(fc.array(happening, { maxLength: 25 }), (happenings) => {
        const play = new Play([say("One."), { kind: "wait", ms: 500 }, say("Two.")]);
        for (const one of happenings) {
          if ("run" in one) play.run(one.run);
          else if ("agent" in one) play.agent(one.agent, one.purpose);
          else play.fact(one.fact);
        }
        play.run(905_000).run(10_000);
        expect(play.caller.course.phase).toBe("over");
        expect(play.done.filter((done) => done === "hang-up")).toHaveLength(1);
        const before = play.orders.length;
        play.agent("More").run(1000).close("late");
        expect(play.orders).toHaveLength(before);
      }),
      { numRuns: 15 },
    );
  });
});
