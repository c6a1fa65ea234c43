import { toSamples } from "@earshot/engine";
import { describe, expect, it } from "vitest";
import { type Ear, type Heard, Transcriber } from "./transcriber.ts";

const SECOND = toSamples(1000);

describe("the transcriber", () => {
  it("recognises an utterance once it has ended", async () => {
    const { transcriber, work } = setUp();
    const call = open(transcriber);
    say(call.ear, 1, 1);
    expect(work.begun).toEqual(["final 1.0 s"]);
    await work.finish("hello");
    expect(call.heard).toEqual([{ type: "final", utteranceId: 1, text: "hello", modelMs: 0 }]);
  });

  it("gives partials each half second while somebody speaks", async () => {
    const { transcriber, work } = setUp();
    const call = open(transcriber, 500);
    call.ear.begin(1);
    push(call.ear, 0.4);
    expect(work.begun).toEqual([]);
    push(call.ear, 0.1);
    await work.finish("i would");
    push(call.ear, 0.5);
    await work.finish("i would like");
    expect(work.begun).toEqual(["partial 0.5 s", "partial 1.0 s"]);
    expect(call.heard.map((heard) => "text" in heard && heard.text)).toEqual(["i would", "i would like"]);
  });

  it("begins with the final words at a pause and gives them when the utterance ends", async () => {
    const { transcriber, work } = setUp();
    const call = open(transcriber, 60_000);
    call.ear.begin(1);
    push(call.ear, 1);
    call.ear.mayEnd(1);
    push(call.ear, 0.1);
    await work.finish("hello");
    const probable = { type: "probable", utteranceId: 1, text: "hello" };
    expect(call.heard).toEqual([probable]);
    call.ear.end(1);
    expect(work.begun).toEqual(["final 1.0 s"]);
    expect(call.heard).toEqual([probable, { type: "final", utteranceId: 1, text: "hello", modelMs: 0 }]);
  });

  it("gives the words so far when they are asked for, even none", async () => {
    const { transcriber, work } = setUp();
    const call = open(transcriber, 0);
    call.ear.begin(1);
    push(call.ear, 0.3);
    call.ear.glance(1);
    await work.finish("");
    call.ear.glance(1);
    await work.finish("wait");
    expect(call.heard).toEqual([
      { type: "partial", utteranceId: 1, text: "" },
      { type: "partial", utteranceId: 1, text: "wait" },
    ]);
  });

  it("waits for the words begun at a pause when the utterance ends meanwhile", async () => {
    const { transcriber, work } = setUp();
    const call = open(transcriber, 60_000);
    call.ear.begin(1);
    push(call.ear, 1);
    call.ear.mayEnd(1);
    call.ear.end(1);
    await work.finish("hello");
    expect(work.begun).toEqual(["final 1.0 s"]);
    expect(call.heard).toMatchObject([{ type: "final", text: "hello" }]);
  });

  it("recognises the utterance once more when what it began at a pause failed", async () => {
    const { transcriber, work } = setUp();
    const call = open(transcriber, 60_000);
    call.ear.begin(1);
    push(call.ear, 1);
    call.ear.mayEnd(1);
    call.ear.end(1);
    await work.fail("no memory");
    await work.finish("hello");
    expect(work.begun).toEqual(["final 1.0 s", "final 1.0 s"]);
    expect(call.heard).toMatchObject([{ type: "final", text: "hello" }]);
  });

  it("drops what it began at a pause that was not the last", async () => {
    const { transcriber, work } = setUp();
    const call = open(transcriber, 60_000);
    call.ear.begin(1);
    push(call.ear, 1);
    call.ear.mayEnd(1);
    push(call.ear, 1);
    call.ear.mayEnd(1);
    call.ear.end(1);
    await work.finish("hello");
    await work.finish("hello there");
    expect(work.begun).toEqual(["final 1.0 s", "final 2.0 s"]);
    expect(call.heard).toMatchObject([{ type: "final", text: "hello there" }]);
  });

  it("begins nothing at a pause while other words are awaited, or where partials are off", () => {
    const { transcriber, work } = setUp();
    const [first, second, third] = [open(transcriber), open(transcriber, 60_000), open(transcriber, 0)];
    third.ear.begin(1);
    push(third.ear, 3);
    third.ear.mayEnd(1);
    say(first.ear, 1, 1);
    second.ear.begin(1);
    push(second.ear, 2);
    second.ear.mayEnd(1);
    expect(work.begun).toEqual(["final 1.0 s"]);
  });

  it("gives no partials where they are turned off", () => {
    const { transcriber, work } = setUp();
    const call = open(transcriber, 0);
    call.ear.begin(1);
    push(call.ear, 5);
    expect(work.begun).toEqual([]);
  });

  it("never queues partials: one that could not be had is skipped", async () => {
    const { transcriber, work } = setUp();
    const [first, second] = [open(transcriber, 500), open(transcriber, 500)];
    first.ear.begin(1);
    second.ear.begin(1);
    push(first.ear, 0.5);
    for (let i = 0; i < 10; i++) push(second.ear, 0.5);
    expect(work.begun).toEqual(["partial 0.5 s"]);
    await work.finish("a");
    expect(work.begun).toEqual(["partial 0.5 s", "partial 5.0 s"]);
  });

  it("lets finals go before partials", async () => {
    const { transcriber, work } = setUp();
    const [first, second] = [open(transcriber), open(transcriber, 500)];
    say(first.ear, 1, 1);
    say(first.ear, 2, 2);
    second.ear.begin(1);
    push(second.ear, 3);
    expect(work.begun).toEqual(["final 1.0 s"]);
    await work.finish("one");
    expect(work.begun).toEqual(["final 1.0 s", "final 2.0 s"]);
    await work.finish("two");
    expect(work.begun.at(-1)).toBe("partial 3.0 s");
  });

  it("drops the partial of an utterance that ended meanwhile", async () => {
    const { transcriber, work } = setUp();
    const call = open(transcriber, 500);
    call.ear.begin(1);
    push(call.ear, 1);
    call.ear.end(1);
    await work.finish("partial", 0);
    await work.finish("final");
    expect(call.heard.map((heard) => heard.type)).toEqual(["final"]);
  });

  it("gives partials less often when they cost much", async () => {
    const { transcriber, work } = setUp();
    const call = open(transcriber, 500);
    call.ear.begin(1);
    push(call.ear, 0.5);
    work.nowMs += 400;
    await work.finish("slow");
    push(call.ear, 1.5);
    expect(work.begun).toHaveLength(1);
    push(call.ear, 0.2);
    expect(work.begun).toHaveLength(2);
  });

  it("cuts ten minutes of talk into pieces, joins their words and keeps little of the audio", async () => {
    const { transcriber, work } = setUp();
    const call = open(transcriber);
    call.ear.begin(1);
    for (let second = 0; second < 600; second++) {
      push(call.ear, 1);
      if (work.isBusy) await work.finish("words");
    }
    expect(call.ear.speaking?.audio.length).toBeLessThanOrEqual(15 * SECOND);
    call.ear.end(1);
    while (work.isBusy) await work.finish("words");
    expect(call.heard).toHaveLength(1);
    const [final] = call.heard;
    const pieces = final?.type === "final" ? final.text.split(" ").length : 0;
    expect(pieces).toBeGreaterThanOrEqual(40);
    expect(pieces).toBeLessThanOrEqual(80);
  });

  it("tells of utterances in the order they ended though a later one is ready first", async () => {
    const { transcriber, work } = setUp({ lanes: 2 });
    const call = open(transcriber);
    say(call.ear, 1, 2);
    say(call.ear, 2, 1);
    await work.finish("second", 1);
    expect(call.heard).toEqual([]);
    await work.finish("first");
    expect(call.heard.map((heard) => heard.utteranceId)).toEqual([1, 2]);
  });

  it("lets a caller's sentence go before the rest of a long recording", async () => {
    const { transcriber, work } = setUp();
    const [recording, caller] = [open(transcriber), open(transcriber)];
    say(recording.ear, 1, 60);
    await work.finish("first piece");
    say(caller.ear, 1, 1);
    await work.finish("second piece");
    expect(work.begun.at(-1)).toBe("final 1.0 s");
  });

  it("fails the utterance whose recognition fails, and no other", async () => {
    const { transcriber, work } = setUp();
    const call = open(transcriber);
    say(call.ear, 1, 1);
    say(call.ear, 2, 1);
    await work.fail("broken");
    await work.finish("fine");
    expect(call.heard).toMatchObject([
      { type: "failed", utteranceId: 1, kind: "internal", reason: "broken" },
      { type: "final", utteranceId: 2, text: "fine" },
    ]);
  });

  it("refuses what it could not keep up with", () => {
    const { transcriber } = setUp();
    const call = open(transcriber);
    for (let id = 1; id <= 162; id++) say(call.ear, id, 0.1);
    const other = open(transcriber);
    say(other.ear, 1, 0.1);
    expect(other.heard).toMatchObject([{ type: "failed", utteranceId: 1, kind: "overloaded" }]);
  });

  it("answers an utterance without audio at once, and ignores audio and ends outside one", () => {
    const { transcriber, work } = setUp();
    const call = open(transcriber);
    push(call.ear, 1);
    call.ear.end(9);
    say(call.ear, 1, 0);
    expect(call.heard).toEqual([{ type: "final", utteranceId: 1, text: "", modelMs: 0 }]);
    expect(work.begun).toEqual([]);
  });

  it("forgets what waits when a call is closed", async () => {
    const { transcriber, work } = setUp();
    const [first, second] = [open(transcriber), open(transcriber)];
    say(first.ear, 1, 1);
    say(first.ear, 2, 2);
    say(second.ear, 1, 3);
    first.ear.close();
    await work.finish("nobody listens");
    expect(work.begun).toEqual(["final 1.0 s", "final 3.0 s"]);
    expect(first.heard).toEqual([]);
  });
});

function open(transcriber: Transcriber, partialEveryMs = 0): { ear: Ear; heard: Heard[] } {
  const heard: Heard[] = [];
  return { ear: transcriber.open({ partialEveryMs, onHeard: (event) => heard.push(event) }), heard };
}

function push(ear: Ear, seconds: number): void {
  ear.push(new Int16Array(Math.round(seconds * SECOND)));
}

function say(ear: Ear, utteranceId: number, seconds: number): void {
  ear.begin(utteranceId);
  push(ear, seconds);
  ear.end(utteranceId);
}

/** A recogniser whose work is finished by hand, oldest first unless told otherwise. */
class HandWork {
  nowMs = 0;
  readonly begun: string[] = [];
  readonly #open: { resolve: (text: string) => void; reject: (error: Error) => void }[] = [];

  get isBusy(): boolean {
    return this.#open.length > 0;
  }

  start(kind: string, samples: Float32Array): Promise<string> {
    this.begun.push(`${kind} ${(samples.length / SECOND).toFixed(1)} s`);
    return new Promise((resolve, reject) => this.#open.push({ resolve, reject }));
  }

  async finish(text: string, index = 0): Promise<void> {
    this.#open.splice(index, 1)[0]?.resolve(text);
    await settle();
  }

  async fail(reason: string): Promise<void> {
    this.#open.shift()?.reject(new Error(reason));
    await settle();
  }
}

/** Lets promises that are due run. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function setUp({ lanes = 1 } = {}): { transcriber: Transcriber; work: HandWork } {
  const work = new HandWork();
  const recogniser = {
    name: "by hand",
    recognise: (samples: Float32Array) => work.start("final", samples),
    glance: (samples: Float32Array) => work.start("partial", samples),
  };
  return { transcriber: new Transcriber({ recogniser, lanes, nowMs: () => work.nowMs }), work };
}
