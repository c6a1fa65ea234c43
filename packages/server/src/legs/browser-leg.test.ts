import { FRAME_SAMPLES, type Samples } from "@earshot/engine";
import { FakeClock } from "@earshot/engine/testing";
import { describeCallLeg } from "@earshot/engine/testing/contracts/call-leg-contract";
import { describe, expect, it } from "vitest";
import { BrowserLeg, type LegWire } from "./browser-leg.ts";

class FakeWire implements LegWire {
  readonly frames: Samples[] = [];
  readonly texts: Record<string, unknown>[] = [];
  isClosed = false;

  sendAudio(frame: Samples): void {
    this.frames.push(frame);
  }

  sendText(message: Readonly<Record<string, unknown>>): void {
    this.texts.push({ ...message });
  }

  close(): void {
    this.isClosed = true;
  }
}

function makeLeg() {
  const clock = new FakeClock();
  const leg = new BrowserLeg({ callId: "call_1", clock });
  const wire = new FakeWire();
  leg.attach(wire);
  const log: string[] = [];
  const heard: Samples[] = [];
  const open = () =>
    leg.open({
      onAudio: (frame) => heard.push(frame),
      onDigit: (digit) => log.push(`digit ${digit}`),
      onPlayed: (samples) => log.push(`played ${samples}`),
      onLost: () => log.push("lost"),
      onResumed: () => log.push("resumed"),
      onClosed: (reason) => log.push(`closed ${reason}`),
    });
  return { clock, leg, wire, log, heard, open };
}

const frame = (level: number) => new Int16Array(FRAME_SAMPLES).fill(level);

describeCallLeg("a browser", () => {
  const { clock, leg, wire } = makeLeg();
  return {
    leg,
    sendFrame: (samples) => leg.receiveAudio(samples),
    pressDigit: (digit) => leg.receiveText(JSON.stringify({ type: "digit", digit })),
    hangUp: () => leg.receiveText(JSON.stringify({ type: "hang-up" })),
    settle: () => clock.advance(20),
    played: () => wire.frames,
  };
});

describe("a browser that loses its connection", () => {
  it("gets what it missed and goes on", () => {
    const { leg, wire, log, open } = makeLeg();
    open();
    leg.play(frame(1));
    leg.play(frame(2));
    leg.detach(wire);
    leg.show({ type: "event", atMs: 1 });
    const second = new FakeWire();
    leg.attach(second);
    leg.receiveText(JSON.stringify({ type: "resume", received: FRAME_SAMPLES }));
    expect(second.frames.map((sent) => sent[0])).toEqual([2]);
    expect(second.texts.map((text) => text["type"])).toEqual(["open", "event"]);
    expect(log).toEqual(["lost", "resumed"]);
  });

  it("is hung up when it stays away for twenty seconds", async () => {
    const { clock, leg, wire, log, open } = makeLeg();
    open();
    leg.detach(wire);
    await clock.advance(19_000);
    expect(log).toEqual(["lost"]);
    await clock.advance(1_100);
    expect(log).toEqual(["lost", "closed connection-lost"]);
  });

  it("is taken over by a second connection", () => {
    const { leg, wire, log, open } = makeLeg();
    open();
    const second = new FakeWire();
    leg.attach(second);
    expect(wire.isClosed).toBe(true);
    leg.detach(wire);
    leg.receiveText(JSON.stringify({ type: "resume", received: 0 }));
    expect(log).toEqual(["resumed"]);
  });

  it("is not sent again what it was told to drop", () => {
    const { leg, wire, open } = makeLeg();
    open();
    leg.play(frame(1));
    leg.clear();
    leg.detach(wire);
    const second = new FakeWire();
    leg.attach(second);
    leg.receiveText(JSON.stringify({ type: "resume", received: 0 }));
    expect(second.frames).toEqual([]);
  });
});

describe("a browser whose microphone", () => {
  it("vanishes counts as silent, so that what was said comes to its end", async () => {
    const { clock, leg, heard, open } = makeLeg();
    open();
    leg.receiveAudio(frame(9));
    await clock.advance(1_000);
    expect(heard.length).toBeGreaterThan(30);
    expect(heard.slice(1).every((silent) => silent[0] === 0)).toBe(true);
  });

  it("sends far too fast is told so once, and what is too much is dropped", () => {
    const { leg, wire, heard, open } = makeLeg();
    open();
    for (let count = 0; count < 1_000; count++) leg.receiveAudio(frame(9));
    expect(heard.length).toBeLessThan(260);
    expect(wire.texts.filter((text) => text["code"] === "audio_too_fast")).toHaveLength(1);
  });

  it("sends chunks of any size is heard in frames of 20 ms", () => {
    const { leg, heard, open } = makeLeg();
    open();
    leg.receiveAudio(new Int16Array(500));
    leg.receiveAudio(new Int16Array(140));
    expect(heard.map((samples) => samples.length)).toEqual([FRAME_SAMPLES, FRAME_SAMPLES]);
  });
});

it.each([
  ["no JSON", "The message is no JSON."],
  ['{"type":"digit","digit":"x"}', "digit: must be one of 0-9, * and #"],
])("answers %s with what is wrong", (text, message) => {
  const { leg, wire, open } = makeLeg();
  open();
  leg.receiveText(text);
  expect(wire.texts.at(-1)).toEqual({ type: "error", code: "bad_message", message });
});
