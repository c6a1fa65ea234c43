import { describe, expect, it } from "vitest";
import { type Figures, toAims, toFigures } from "./card.ts";
import { judgeOverlap, type OverlapOutcome } from "./judge-overlaps.ts";
import { judgeTools } from "./judge-tools.ts";
import { judgeTurn, type TurnOutcome } from "./judge-turns.ts";
import { type Moment, played, reply } from "./synthetic-journal.ts";

const HEARING = { listener: "earshot", endpointingMs: 300 } as const;
const ended = (replyId: string, atMs: number): Moment => [atMs, { type: "reply-ended", replyId }];
const cancelled = (replyId: string, atMs: number): Moment => [atMs, { type: "reply-cancelled", replyId }];

describe("a turn", () => {
  it("is answered as late as the answer's first sample after its last", () => {
    const outcome = judgeTurn(played("sentence", reply("a", "answer", 2_450)), HEARING);
    expect(outcome).toMatchObject({ responseMs: 450, answers: 1 });
    expect(outcome).not.toHaveProperty("cutOffAtMs");
  });

  it("is cut off by an answer that is audible before its end, and has no latency then", () => {
    const moments = [...reply("a", "answer", 1_700), cancelled("a", 1_900), ...reply("b", "answer", 2_500)];
    const outcome = judgeTurn(played("hesitation", moments), HEARING);
    expect(outcome).toMatchObject({ cutOffAtMs: 700, answers: 1 });
    expect(outcome).not.toHaveProperty("responseMs");
  });

  it("is not cut off by an answer that was ordered and taken back unheard", () => {
    const [ordered] = reply("a", "answer", 1_700);
    const moments = ordered === undefined ? [] : [ordered, cancelled("a", 1_720), ...reply("b", "answer", 2_300)];
    expect(judgeTurn(played("hesitation", moments), HEARING)).toMatchObject({ responseMs: 300, answers: 1 });
  });

  it("is missed without an answer, and answered twice with two; the greeting is no answer", () => {
    const greeting = [...reply("g", "greeting", 0), ended("g", 400)];
    expect(judgeTurn(played("date", greeting), HEARING)).toMatchObject({ answers: 0 });
    const twice = [...greeting, ...reply("a", "answer", 2_300), ended("a", 3_000), ...reply("b", "answer", 3_100)];
    expect(judgeTurn(played("date", twice), HEARING)).toMatchObject({ answers: 2, responseMs: 300 });
  });
});

describe("a sound over the agent", () => {
  const talking = reply("g", "greeting", 0);
  const duck: Moment = [
    1_070,
    { type: "caller-speech-started", utteranceId: 1, firstSampleAtMs: 1_010 },
    { type: "duck-reply", replyId: "g" },
  ];

  it("stops it when the reply is cut short: latency from the first sample, and from the telling word", () => {
    expect(judgeOverlap(played("interruption", [...talking, duck, cancelled("g", 1_420)]))).toMatchObject({
      wasStopped: true,
      yieldMs: 420,
      yieldAfterRecognisableMs: 120,
      duckMs: 70,
      isAnswered: false,
    });
  });

  it("lowers it late by the clock, and in time by what came over the line", () => {
    const outcome = judgeOverlap({
      ...played("interruption", [...talking, duck, cancelled("g", 1_420)]),
      audibleMs: 1_040,
    });
    expect(outcome).toMatchObject({ duckMs: 70, duckAfterAudibleMs: 30 });
  });

  it("is tolerated when the reply is played to its end", () => {
    const outcome = judgeOverlap(played("backchannel", [...talking, duck, ended("g", 9_000)]));
    expect(outcome).toMatchObject({ wasStopped: false, duckMs: 70 });
    expect(outcome).not.toHaveProperty("yieldMs");
  });

  it("lowers the agent at the latest when it falls silent", () => {
    expect(judgeOverlap(played("interruption", [...talking, cancelled("g", 1_300)]))).toMatchObject({ duckMs: 300 });
  });

  it("is answered by a reply that comes after it, not by what goes on", () => {
    const resumed = [...talking, cancelled("g", 1_300), ...reply("r", "resume", 3_000)];
    expect(judgeOverlap(played("noise", resumed)).isAnswered).toBe(false);
    const answered = [...talking, cancelled("g", 1_300), ...reply("a", "answer", 2_600)];
    expect(judgeOverlap(played("interruption", answered)).isAnswered).toBe(true);
  });
});

describe("a tool's result", () => {
  const run = (toolCallId: string, atMs: number): Moment => [
    atMs,
    { type: "tool-requested", replyId: "g", toolCallId, name: "look_up", arguments: "{}" },
    { type: "run-tool", toolCallId, name: "look_up", arguments: "{}" },
  ];
  const result = (toolCallId: string, atMs: number): Moment => [
    atMs,
    { type: "tool-finished", toolCallId, outcome: "succeeded", result: "found" },
  ];

  it("is lost when it never came, and when the model was never told", () => {
    const call = played("interruption", [
      run("t1", 500),
      run("t2", 600),
      run("t3", 700),
      result("t1", 3_500),
      result("t2", 3_600),
    ]);
    expect(judgeTools(call, new Set(["t1"]))).toMatchObject({ runs: 3, lost: 2, duplicates: 0 });
  });

  it("is a duplicate when the tool ran twice under one id, or reported twice", () => {
    const twice = played("sentence", [run("t1", 500), run("t1", 600), result("t1", 900), result("t1", 950)]);
    expect(judgeTools(twice, new Set(["t1"]))).toMatchObject({ runs: 1, lost: 0, duplicates: 2 });
  });
});

describe("the figures", () => {
  const turn = (listener: TurnOutcome["listener"], cutOffAtMs?: number): TurnOutcome => ({
    ...{ ...HEARING, listener },
    ...{ id: "x", kind: "sentence", text: "", heard: "", answers: 1 },
    ...(cutOffAtMs === undefined ? { responseMs: 500 } : { cutOffAtMs }),
  });
  const sound = (kind: OverlapOutcome["kind"], wasStopped: boolean): OverlapOutcome => ({
    ...{ id: "x", kind, text: "", heard: "", wasStopped, isAnswered: wasStopped },
    ...(wasStopped ? { yieldMs: 400, yieldAfterRecognisableMs: 150 } : {}),
    duckMs: 80,
  });
  const verdicts = (figures: Figures) => toAims(figures).map(({ isMet }) => isMet);

  it("count backchannels for tolerance, noises too for selectivity, and interruptions for obedience", () => {
    const overlaps = [
      sound("backchannel", false),
      sound("backchannel", true),
      sound("noise", false),
      sound("interruption", true),
    ];
    const figures = toFigures({ turns: [], overlaps, tools: [], socket: [] });
    expect(figures.tolerance).toEqual({ count: 1, of: 2 });
    expect(figures.selectivity).toEqual({ count: 2, of: 3 });
    expect(figures.obedience).toEqual({ count: 1, of: 1 });
    expect(figures.yieldAfterRecognisable).toEqual({ p50: 150, p95: 150, p99: 150, count: 1 });
  });

  it("meet the aim for cut-offs only below half of plain voice activity's", () => {
    const plain = [turn("voice-activity", 700), turn("voice-activity", 700)];
    const at = (ours: readonly TurnOutcome[]) =>
      verdicts(toFigures({ turns: [...plain, ...ours], overlaps: [], tools: [], socket: [] }))[4];
    expect(at([turn("earshot", 700), turn("earshot")])).toBe(false);
    expect(at([turn("earshot"), turn("earshot")])).toBe(true);
  });

  it("count a turn that was cut off, and not answered again, as cut off alone", () => {
    const silent = { ...turn("earshot"), answers: 0 };
    const figures = toFigures({ turns: [{ ...silent, cutOffAtMs: 700 }, silent], overlaps: [], tools: [], socket: [] });
    expect(figures.turns[0]?.missed).toEqual({ count: 1, of: 2 });
  });

  it("neither meet nor miss what was not measured", () => {
    expect(new Set(verdicts(toFigures({ turns: [], overlaps: [], tools: [], socket: [] })))).toEqual(
      new Set([undefined]),
    );
  });

  it("compare the turns that were answered over a socket with the same ones in this process", () => {
    const turns = [turn("earshot"), { ...turn("earshot"), id: "y", responseMs: 900 }, turn("voice-activity")];
    const figures = toFigures({
      turns,
      overlaps: [],
      tools: [],
      socket: [{ id: "x", responseMs: 540, transportMs: 6 }, { id: "y" }],
    });
    expect(figures.transport?.inProcess).toMatchObject({ p50: 500, count: 1 });
    expect(figures.transport?.socket).toMatchObject({ p50: 540, count: 1 });
    expect(figures.transport?.transport).toMatchObject({ p50: 6, count: 1 });
    expect(toFigures({ turns, overlaps: [], tools: [], socket: [] }).transport).toBeUndefined();
  });

  it("miss the aims that are missed", () => {
    const overlaps = [
      sound("backchannel", true),
      { ...sound("interruption", true), duckMs: 130, yieldAfterRecognisableMs: 220 },
    ];
    const tools = [{ id: "x", text: "", runs: 2, lost: 1, duplicates: 0 }];
    expect(verdicts(toFigures({ turns: [], overlaps, tools, socket: [] }))).toEqual([
      false,
      false,
      false,
      true,
      undefined,
      false,
    ]);
  });
});
