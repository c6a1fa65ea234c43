import { FRAME_SAMPLES, type LegHandlers, type Samples } from "@earshot/engine";
import { FakeClock } from "@earshot/engine/testing";
import { describeCallLeg } from "@earshot/engine/testing/contracts/call-leg-contract";
import { expect, it } from "vitest";
import { createBridge } from "./bridge-leg.ts";

const frameOf = (level: number): Samples => new Int16Array(FRAME_SAMPLES).fill(level);

/** Handlers that write down what they are told; silence is left out. */
function listen() {
  const log: string[] = [];
  const handlers: LegHandlers = {
    onAudio: (frame) => void (frame[0] !== 0 && log.push(`hears ${frame[0]}`)),
    onDigit: (digit) => log.push(`digit ${digit}`),
    onPlayed: (samples) => log.push(`played ${samples / FRAME_SAMPLES}`),
    onLost: () => log.push("lost"),
    onResumed: () => log.push("resumed"),
    onClosed: (reason) => log.push(`closed ${reason}`),
  };
  return { log, handlers };
}

function makeBridge() {
  const clock = new FakeClock();
  const [a, b] = createBridge(clock);
  const [ofA, ofB] = [listen(), listen()];
  a.open(ofA.handlers);
  b.open(ofB.handlers);
  return { clock, a, b, ofA, ofB };
}

describeCallLeg("one end of a bridge", () => {
  const clock = new FakeClock();
  const [leg, other] = createBridge(clock);
  const played: Samples[] = [];
  other.open({ ...listen().handlers, onAudio: (frame) => void played.push(frame) });
  return {
    leg,
    sendFrame: (frame) => other.play(frame),
    pressDigit: (digit) => other.sendDigits(digit),
    hangUp: () => other.close(),
    settle: () => clock.advance(20),
    played: () => played,
  };
});

it("brings what one end plays to the other, 20 ms at a time, and reports it as played then", async () => {
  const { clock, a, ofA, ofB } = makeBridge();
  for (const level of [1, 2, 3]) a.play(frameOf(level));
  await clock.advance(40);
  expect(ofB.log).toEqual(["hears 1", "hears 2"]);
  expect(ofA.log).toEqual(["played 1", "played 2"]);
});

it("drops what was not heard yet when it is cleared, and says where it stopped", async () => {
  const { clock, a, ofA, ofB } = makeBridge();
  for (const level of [1, 2, 3]) a.play(frameOf(level));
  await clock.advance(20);
  a.clear();
  await clock.advance(60);
  expect(ofB.log).toEqual(["hears 1"]);
  expect(ofA.log).toEqual(["played 1", "played 1"]);
});

it("keeps what was played until the other end is there", async () => {
  const clock = new FakeClock();
  const [a, b] = createBridge(clock);
  const [ofA, ofB] = [listen(), listen()];
  a.open(ofA.handlers);
  a.play(frameOf(1));
  await clock.advance(100);
  expect(ofA.log).toEqual([]);
  b.open(ofB.handlers);
  await clock.advance(20);
  expect(ofB.log).toEqual(["hears 1"]);
});

it("takes digits across, and hangs up on both sides once", async () => {
  const { clock, a, b, ofA, ofB } = makeBridge();
  a.sendDigits("4w#");
  b.close();
  a.close();
  a.play(frameOf(1));
  await clock.advance(100);
  expect(ofB.log).toEqual(["digit 4", "digit #"]);
  expect(ofA.log).toEqual(["closed caller-hung-up"]);
});

it("makes up for a stall, so that no delay stays", async () => {
  let nowMs = 0;
  let tick = () => {};
  const every = (_periodMs: number, run: () => void) => {
    tick = run;
    return () => {};
  };
  const [a, b] = createBridge(Object.assign(new FakeClock(), { nowMs: () => nowMs, every }));
  const [ofA, ofB] = [listen(), listen()];
  a.open(ofA.handlers);
  b.open(ofB.handlers);
  for (const level of [1, 2, 3, 4]) a.play(frameOf(level));
  nowMs = 70;
  tick();
  expect(ofB.log).toEqual(["hears 1", "hears 2", "hears 3"]);
});
