import type { Call, JournalEntry } from "@earshot/sdk";
import { describe, expect, it } from "vitest";
import type { Mark } from "../callers/caller-step.ts";
import { beginCourse, type Course } from "../callers/course.ts";
import { expectationShape } from "./expectation-shape.ts";
import { judge } from "./judge.ts";

type Told = readonly [atMs: number, type: string, details?: object, effect?: object];

const journalOf = (...told: Told[]): JournalEntry[] =>
  told.map(([atMs, type, details = {}, effect], index) => ({
    seq: index + 1,
    atMs,
    event: { type, atMs, ...details },
    effects: effect === undefined ? [] : [effect],
  })) as unknown as JournalEntry[];

const call = {
  endReason: "caller-hung-up",
  transcript: [
    { role: "agent", text: "Hello, Bloom Dental.", atMs: 200 },
    { role: "caller", text: "how much is a cleaning", atMs: 3000 },
    { role: "agent", text: "A cleaning costs eighty dollars.", atMs: 6000 },
  ],
  turns: [
    { replyId: "r2", atMs: 5000, responseMs: 900, segments: {} },
    { replyId: "r3", atMs: 9000, responseMs: 2100, segments: {} },
  ],
} as unknown as Call;

function judgeWith(
  expected: object,
  given: { journal?: JournalEntry[]; course?: Partial<Course>; call?: Partial<Call> } = {},
) {
  const course: Course = { ...beginCourse({ isGreetingExpected: true }), endReason: "caller-hung-up", ...given.course };
  const expectations = expectationShape.parse(expected);
  const judged = { expect: expectations, course, call: { ...call, ...given.call }, journal: given.journal ?? [] };
  return judge(judged).map(({ name, hasPassed, observed }) => ({ name, hasPassed, observed }));
}

const verdicts = (...parameters: Parameters<typeof judgeWith>) =>
  Object.fromEntries(judgeWith(...parameters).map(({ name, hasPassed }) => [name, hasPassed]));

describe("a rehearsed call is judged", () => {
  it("by its words, whatever their case and punctuation", () => {
    expect(
      verdicts({ agentSays: "EIGHTY dollars", agentHears: ["/clean(ing|er)/"], agentNeverSays: "diagnosis" }),
    ).toEqual({
      course: true,
      "agent says": true,
      "agent hears": true,
      "agent never says": true,
    });
    expect(verdicts({ agentSays: "ninety", agentNeverSays: "/dollars\\.$/" })).toMatchObject({
      "agent says": false,
      "agent never says": false,
    });
    expect(verdicts({ agentSays: "eight" })).toMatchObject({ "agent says": false });
  });

  it("by its course: what the caller could not do, and how the call ended", () => {
    expect(verdicts({})).toEqual({ course: true });
    expect(judgeWith({}, { course: { trouble: { message: "Nobody answered.", atMs: 5 } } })[0]).toEqual({
      name: "course",
      hasPassed: false,
      observed: "Nobody answered.",
    });
    expect(verdicts({ endReason: ["agent-hung-up", "caller-hung-up"] })).toMatchObject({ ends: true });
    expect(verdicts({ endReason: "agent-hung-up" })).toMatchObject({ ends: false });
    expect(verdicts({}, { call: { endReason: "provider-failure" } })).toEqual({ course: false });
  });

  describe("by its tools:", () => {
    const request = (atMs: number, id: string, details: object): Told => [
      atMs,
      "tool-requested",
      { toolCallId: id, name: "book", arguments: JSON.stringify(details) },
    ];
    const journal = journalOf(
      request(1000, "t1", { day: "2026-03-03", people: 4, guest: { name: "Anna Miller", vip: true } }),
      [1200, "tool-finished", { toolCallId: "t1", outcome: "succeeded", result: "{}" }],
      [2000, "tool-requested", { toolCallId: "t2", name: "end_call", arguments: "{broken" }],
    );

    it.each([
      [{ name: "book" }, true],
      [{ name: "book", arguments: { people: 4, guest: { name: "anna" } }, outcome: "succeeded", times: 1 }, true],
      [{ name: "book", arguments: { people: 5 } }, false],
      [{ name: "book", arguments: { guest: { name: "Bob" } } }, false],
      [{ name: "book", times: 2 }, false],
      [{ name: "book", outcome: "failed" }, false],
      [{ name: "end_call", arguments: {} }, false],
      [{ name: "cancel", times: 0 }, true],
    ])("%j is %s", (tool, hasPassed) => {
      expect(verdicts({ tools: [tool] }, { journal })).toMatchObject({ [`calls ${tool.name}`]: hasPassed });
    });

    it("those that it must not call, and none twice", () => {
      expect(verdicts({ neverCalls: ["book", "pay"], eachToolOnce: true }, { journal })).toMatchObject({
        "never calls book": false,
        "never calls pay": true,
        "calls each tool once": true,
      });
      const again = [
        ...journal,
        ...journalOf(request(3000, "t3", { guest: { vip: true, name: "Anna Miller" }, day: "2026-03-03", people: 4 })),
      ];
      expect(verdicts({ eachToolOnce: true }, { journal: again })).toMatchObject({ "calls each tool once": false });
    });
  });

  it("by what the agent has learnt", () => {
    const journal = journalOf(
      [1000, "values-learnt", { values: { name: "Ann", people: 4 } }],
      [2000, "values-learnt", { values: { name: "Anna Miller" } }],
    );
    expect(verdicts({ variables: { name: "anna", people: 4, day: "Tuesday" } }, { journal })).toMatchObject({
      "learns name": true,
      "learns people": true,
      "learns day": false,
    });
  });

  it("by how long the agent took to answer", () => {
    expect(verdicts({ responseMs: { p50: 900, p95: 2000, max: 2100 } })).toMatchObject({
      "response p50": true,
      "response p95": false,
      "response max": true,
    });
    expect(verdicts({ responseMs: { max: 1 } }, { call: { turns: [] } })).toMatchObject({ "response max": false });
    expect(verdicts({ turns: { min: 3 } })).toMatchObject({ "answered turns": false });
    expect(verdicts({ turns: { min: 1, max: 2 } })).toMatchObject({ "answered turns": true });
  });

  describe("by how it yields and how it doesn't:", () => {
    const spoken = (end: "reply-ended" | "reply-cancelled", ...more: Told[]) =>
      journalOf(
        [900, "timer-fired", {}, { type: "start-reply", replyId: "r1", purpose: "answer" }],
        [1000, "reply-audio-started", { replyId: "r1" }],
        [2500, end, { replyId: "r1" }],
        ...more,
      );
    const marked = (did: Mark["did"]) => ({
      course: { marks: [{ did, what: "x", startMs: 2000, endMs: 2300 }] },
    });

    it("an interruption stops it in time, or never does", () => {
      const interrupted = marked("interrupted");
      expect(judgeWith({ yieldMs: { max: 500 } }, { ...interrupted, journal: spoken("reply-cancelled") })[1]).toEqual({
        name: "yield max",
        hasPassed: true,
        observed: "500 ms (500 ms)",
      });
      expect(judgeWith({ yieldMs: { max: 9000 } }, { ...interrupted, journal: spoken("reply-ended") })[1]).toEqual({
        name: "yield max",
        hasPassed: false,
        observed: "never (never)",
      });
    });

    it("a backchannel doesn't stop it, or not for good", () => {
      const hummed = marked("backchannelled");
      const name = 'keeps talking through "x"';
      const resumed: Told = [3000, "transcript-final", {}, { type: "start-reply", replyId: "r2", purpose: "resume" }];
      expect(verdicts({ keepsTalking: true }, { ...hummed, journal: spoken("reply-ended") })).toMatchObject({
        [name]: true,
      });
      expect(verdicts({ keepsTalking: true }, { ...hummed, journal: spoken("reply-cancelled") })).toMatchObject({
        [name]: false,
      });
      expect(
        verdicts({ keepsTalking: true }, { ...hummed, journal: spoken("reply-cancelled", resumed) }),
      ).toMatchObject({ [name]: true });
    });
  });

  it("by what it left on the answering machine", () => {
    const course = { marks: [{ did: "sounded", what: "beep", startMs: 4000, endMs: 4500 }] as const };
    const journal = journalOf(
      [2000, "reply-heard", { text: "Hello" }],
      [6000, "reply-heard", { text: "Please call back" }],
    );
    expect(verdicts({ afterBeep: "call back" }, { course, journal })).toMatchObject({ "after the beep": true });
    expect(verdicts({ afterBeep: "hello" }, { course, journal })).toMatchObject({ "after the beep": false });
    expect(verdicts({ afterBeep: "hello" }, { journal })).toMatchObject({ "after the beep": false });
  });

  it("by the longest silence in which the caller waited", () => {
    const course = { longestSilence: { ms: 3000, atMs: 100 } };
    expect(verdicts({ deadAirMs: 2999 }, { course })).toMatchObject({ "dead air": false });
    expect(verdicts({ deadAirMs: 3000 }, { course })).toMatchObject({ "dead air": true });
  });
});
