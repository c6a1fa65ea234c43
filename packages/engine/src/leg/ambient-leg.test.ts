import { describe, expect, it } from "vitest";
import type { Ambience } from "../audio/ambience/ambience.ts";
import { FRAME_SAMPLES, type Samples } from "../audio/frame.ts";
import { describeCallLeg } from "../testing/contracts/call-leg-contract.ts";
import { FakeClock } from "../testing/fake-clock.ts";
import { ScriptedCaller } from "../testing/scripted-caller.ts";
import { AmbientLeg } from "./ambient-leg.ts";

const BED = 7;
const frameOf = (level: number): Samples => new Int16Array(FRAME_SAMPLES).fill(level);

/** A bed of one level: what it is mixed into is that much louder. */
function levelBed(level: number): Ambience {
  return {
    mixInto: (frame) => {
      for (let i = 0; i < frame.length; i++) frame[i] = (frame[i] ?? 0) + level;
    },
    nextFrame: () => frameOf(level),
  };
}

function makeLeg(options: { leadMs?: number; reportPlayback?: boolean; level?: number } = {}) {
  const { leadMs = 100, reportPlayback = true, level = BED } = options;
  const clock = new FakeClock();
  const caller = new ScriptedCaller(clock, { leadMs, reportPlayback });
  const leg = new AmbientLeg({ inner: caller, ambience: levelBed(level), clock });
  const log: string[] = [];
  const open = () =>
    leg.open({
      onAudio: () => {},
      onDigit: (digit) => log.push(`digit ${digit}`),
      onPlayed: (samples) => log.push(`played ${samples / FRAME_SAMPLES}`),
      onLost: () => log.push("lost"),
      onResumed: () => log.push("resumed"),
      onClosed: (reason) => log.push(`closed ${reason}`),
    });
  const levels = () => caller.heard.map((frame) => frame[0]);
  return { clock, caller, leg, log, open, levels };
}

describeCallLeg("a leg with a bed of sound", () => {
  const { clock, caller, leg } = makeLeg({ level: 0 });
  return {
    leg,
    sendFrame: (frame) => caller.say(frame),
    pressDigit: (digit) => caller.press(digit),
    hangUp: () => caller.hangUp(),
    settle: () => clock.advance(20),
    played: () => caller.heard,
  };
});

describe("a leg with a bed of sound", () => {
  it.each([{ leadMs: 0 }, { leadMs: 60 }, { leadMs: 120 }])(
    "plays the bed without a gap: $leadMs ms ahead",
    async ({ leadMs }) => {
      const { clock, caller, open, levels } = makeLeg({ leadMs });
      open();
      await clock.advance(1000);
      expect(caller.heard.length).toBe(50);
      expect(new Set(levels())).toEqual(new Set([BED]));
    },
  );

  it("lays it under the voice, which never waits for it", async () => {
    const { clock, leg, open, levels } = makeLeg();
    open();
    await clock.advance(500);
    for (const level of [100, 200, 300]) leg.play(frameOf(level));
    await clock.advance(100);
    expect(levels().slice(25)).toEqual([107, 207, 307, 7, 7]);
  });

  it("does not drop voice that waits when a gap in the voice was filled", async () => {
    const { clock, leg, open, levels } = makeLeg();
    open();
    leg.play(frameOf(100));
    leg.play(frameOf(200));
    leg.play(frameOf(300));
    await clock.advance(20);
    leg.play(frameOf(400));
    await clock.advance(100);
    expect(levels().filter((level) => level !== BED)).toEqual([107, 207, 307, 407]);
  });

  it("tells the session of its own frames alone", async () => {
    const { clock, leg, log, open } = makeLeg();
    open();
    await clock.advance(300);
    expect(new Set(log)).toEqual(new Set(["played 0"]));
    for (const level of [100, 200, 300]) leg.play(frameOf(level));
    await clock.advance(200);
    expect(log.at(-1)).toBe("played 3");
    leg.play(frameOf(400));
    await clock.advance(200);
    expect(log.at(-1)).toBe("played 4");
  });

  it("says at once where a voice that is stopped has come to, and goes on with the bed", async () => {
    const { clock, leg, log, open, levels } = makeLeg();
    open();
    await clock.advance(100);
    for (const level of [100, 200, 300, 400]) leg.play(frameOf(level));
    await clock.advance(40);
    leg.clear();
    expect(log.at(-1)).toBe("played 2");
    await clock.advance(100);
    expect(levels().slice(5)).toEqual([107, 207, 7, 7, 7, 7, 7]);
    expect(log.at(-1)).toBe("played 2");
  });

  it("keeps a far end that does not report in step: no frame late, none twice", async () => {
    const { clock, leg, open, levels } = makeLeg({ leadMs: 0, reportPlayback: false });
    open();
    await clock.advance(110);
    leg.play(frameOf(100));
    await clock.advance(20);
    leg.play(frameOf(200));
    await clock.advance(100);
    expect(levels()).toEqual([7, 7, 7, 7, 7, 107, 207, 7, 7, 7, 7]);
  });

  it("is quiet while the far end is out of reach", async () => {
    const { clock, caller, log, open } = makeLeg();
    open();
    await clock.advance(100);
    caller.loseConnection();
    await clock.advance(5000);
    caller.reconnect();
    await clock.advance(1000);
    expect(log.filter((line) => !line.startsWith("played"))).toEqual(["lost", "resumed"]);
    expect(caller.heard.length).toBe(5 + 50);
  });

  it.each(["closed", "left"])("sends nothing more once the call is %s", async (end) => {
    const { clock, caller, leg, open } = makeLeg();
    open();
    await clock.advance(100);
    if (end === "closed") leg.close("api-request");
    else caller.hangUp();
    const sent = caller.heard.length;
    leg.play(frameOf(100));
    await clock.advance(1000);
    expect(caller.heard.length).toBe(sent);
  });

  it("can lower the voice at once where the leg inside can", () => {
    const { clock, caller, leg } = makeLeg();
    expect(leg.duck).toBeUndefined();
    const log: boolean[] = [];
    const inner = Object.assign(caller, { duck: (isDucked: boolean) => log.push(isDucked) });
    new AmbientLeg({ inner, ambience: levelBed(BED), clock }).duck?.(true);
    expect(log).toEqual([true]);
  });
});
