/** The bed of sound around every leg that there is. */
import {
  type Ambience,
  AmbientLeg,
  FastClock,
  FRAME_SAMPLES,
  type LegHandlers,
  type Samples,
  SystemClock,
} from "@earshot/engine";
import { FakeClock } from "@earshot/engine/testing";
import { describeCallLeg } from "@earshot/engine/testing/contracts/call-leg-contract";
import { expect, it } from "vitest";
import { createBridge } from "./bridge-leg.ts";
import { BrowserLeg } from "./browser-leg.ts";
import { LockstepLeg } from "./lockstep-leg.ts";

const frameOf = (level: number): Samples => new Int16Array(FRAME_SAMPLES).fill(level);
const bedOf = (level: number): Ambience => ({
  mixInto: (frame) => {
    for (let i = 0; i < frame.length; i++) frame[i] = (frame[i] ?? 0) + level;
  },
  nextFrame: () => frameOf(level),
});

const deaf: LegHandlers = {
  onAudio: () => {},
  onDigit: () => {},
  onPlayed: () => {},
  onLost: () => {},
  onResumed: () => {},
  onClosed: () => {},
};

/** A client that plays a frame each 20 ms and reports it, as the SDK's does. */
function makeBrowser(level: number) {
  const clock = new FakeClock();
  const browser = new BrowserLeg({ callId: "call_1", clock });
  const played: Samples[] = [];
  let queue: Samples[] = [];
  const report = () => browser.receiveText(JSON.stringify({ type: "played", samples: played.length * FRAME_SAMPLES }));
  browser.attach({
    sendAudio: (frame) => void queue.push(frame),
    sendText: (message) => {
      if (message["type"] !== "clear") return;
      queue = [];
      report();
    },
    close: () => {},
  });
  clock.every(20, () => {
    const frame = queue.shift();
    if (!frame) return;
    played.push(frame);
    report();
  });
  const leg = new AmbientLeg({ inner: browser, ambience: bedOf(level), clock });
  return { clock, browser, leg, played };
}

function makeLockstep(level: number) {
  const clock = new FastClock(new SystemClock());
  const lockstep = new LockstepLeg({ callId: "call_1", clock });
  const toSend: Samples[] = [];
  const played: Samples[] = [];
  lockstep.attach({
    sendAudio: (frame) => {
      played.push(frame);
      setImmediate(() => lockstep.receiveAudio(toSend.shift() ?? frameOf(0)));
    },
    sendText: () => {},
    close: () => {},
  });
  const leg = new AmbientLeg({ inner: lockstep, ambience: bedOf(level), clock });
  const settle = async () => {
    const frames = played.length;
    for (let turn = 0; turn < 50 && played.length < frames + 2; turn++)
      await new Promise((resolve) => setImmediate(resolve));
  };
  return { clock, lockstep, leg, toSend, played, settle };
}

function makeBridgeEnd(level: number) {
  const clock = new FakeClock();
  const [inner, other] = createBridge(clock);
  const played: Samples[] = [];
  other.open({ ...deaf, onAudio: (frame) => void played.push(frame) });
  return { clock, other, played, leg: new AmbientLeg({ inner, ambience: bedOf(level), clock }) };
}

describeCallLeg("a browser with a bed of sound", () => {
  const { clock, browser, leg, played } = makeBrowser(0);
  return {
    leg,
    sendFrame: (samples) => browser.receiveAudio(samples),
    pressDigit: (digit) => browser.receiveText(JSON.stringify({ type: "digit", digit })),
    hangUp: () => browser.receiveText(JSON.stringify({ type: "hang-up" })),
    settle: () => clock.advance(20),
    played: () => played,
  };
});

describeCallLeg("a client in lockstep with a bed of sound", () => {
  const { leg, lockstep, toSend, played, settle } = makeLockstep(0);
  return {
    leg,
    sendFrame: (frame) => void toSend.push(frame),
    pressDigit: (digit) => lockstep.receiveText(JSON.stringify({ type: "digit", digit })),
    hangUp: () => lockstep.receiveText(JSON.stringify({ type: "hang-up" })),
    settle,
    played: () => played,
  };
});

describeCallLeg("one end of a bridge with a bed of sound", () => {
  const { clock, other, leg, played } = makeBridgeEnd(0);
  return {
    leg,
    sendFrame: (frame) => other.play(frame),
    pressDigit: (digit) => other.sendDigits(digit),
    hangUp: () => other.close(),
    settle: () => clock.advance(20),
    played: () => played,
  };
});

it("is heard in a browser without a gap, and drops out of the voice's way", async () => {
  const { clock, leg, played } = makeBrowser(7);
  const reports: number[] = [];
  leg.open({ ...deaf, onPlayed: (samples) => reports.push(samples / FRAME_SAMPLES) });
  await clock.advance(400);
  leg.play(frameOf(100));
  leg.play(frameOf(200));
  await clock.advance(200);
  expect(played.map((frame) => frame[0]).slice(-12)).toEqual([7, 7, 107, 207, ...Array(8).fill(7)]);
  expect(played.length).toBeGreaterThanOrEqual(29);
  expect(reports.at(-1)).toBe(2);
});

it("is heard at the other end of a bridge without a gap, and drops out of the voice's way", async () => {
  const { clock, leg, played } = makeBridgeEnd(7);
  const reports: number[] = [];
  leg.open({ ...deaf, onPlayed: (samples) => reports.push(samples / FRAME_SAMPLES) });
  await clock.advance(400);
  leg.play(frameOf(100));
  leg.play(frameOf(200));
  await clock.advance(200);
  expect(played.map((frame) => frame[0])).toEqual([...Array(20).fill(7), 107, 207, ...Array(8).fill(7)]);
  expect(reports.at(-1)).toBe(2);
});

it("fills every frame of a client in lockstep, and leaves the voice's frames where they were", async () => {
  const { clock, leg, played, settle } = makeLockstep(7);
  leg.open(deaf);
  await settle();
  const stop = clock.every(20, () => {
    stop();
    leg.play(frameOf(100));
  });
  for (let round = 0; round < 5; round++) await settle();
  leg.close("test");
  const levels = played.map((frame) => frame[0]);
  expect(levels.filter((level) => level === 107)).toHaveLength(1);
  expect(new Set(levels)).toEqual(new Set([7, 107]));
});
