import { FRAME_SAMPLES, type LegHandlers, type Samples } from "@earshot/engine";
import { FakeClock } from "@earshot/engine/testing";
import { describeCallLeg } from "@earshot/engine/testing/contracts/call-leg-contract";
import { describe, expect, it } from "vitest";
import { AudioSocketEnd } from "../asterisk/testing/audiosocket-end.ts";
import { ChanWebSocketEnd } from "../asterisk/testing/chan-websocket-end.ts";
import { PlivoEnd } from "../plivo/testing/plivo-end.ts";
import { TelnyxEnd } from "../telnyx/testing/telnyx-end.ts";
import { TwilioEnd } from "../twilio/testing/twilio-end.ts";
import { VonageEnd } from "../vonage/testing/vonage-end.ts";
import { streamCodecs } from "./stream-codecs.ts";
import { StreamLeg } from "./stream-leg.ts";
import type { FromStream, StreamCarrier } from "./stream-messages.ts";
import type { CarrierEnd } from "./testing/carrier-end.ts";

const silence = new Int16Array(FRAME_SAMPLES);
const frameOf = (level: number): Samples => new Int16Array(FRAME_SAMPLES).fill(level);
/** In thousands: past the filters' delay, and past what mu-law makes of it. */
const levelOf = (frame: Samples): number => Math.round((frame[frame.length >> 1] ?? 0) / 1000);

/** A leg and its carrier, to whom every message comes at once. */
function makeLeg(carrier: StreamCarrier, end: CarrierEnd) {
  const clock = new FakeClock();
  const log: string[] = [];
  const heard: Samples[] = [];
  const handlers: LegHandlers = {
    onAudio: (frame) => heard.push(frame),
    onDigit: (digit) => log.push(`digit ${digit}`),
    onPlayed: (samples) => log.push(`played ${samples / FRAME_SAMPLES}`),
    onLost: () => log.push("lost"),
    onResumed: () => log.push("resumed"),
    onClosed: (reason) => log.push(`closed ${reason}`),
  };
  const leg: StreamLeg = new StreamLeg({
    codec: streamCodecs[carrier](),
    clock,
    tell(report: FromStream) {
      if (report.kind === "message") end.hear(report.message);
      else log.push(Object.values(report).join(" "));
    },
    onReady: () => log.push("ready"),
  });
  const greet = () => {
    for (const message of end.greet()) leg.receive(message);
  };
  /** 20 ms, in which the caller says something. */
  const tick = async (frame: Samples | undefined = silence) => {
    if (frame) leg.receive(end.say(frame));
    await clock.advance(20);
    for (const message of end.tick()) leg.receive(message);
  };
  return { clock, leg, end, log, heard, handlers, greet, tick };
}

type Fixture = ReturnType<typeof makeLeg>;

const CARRIERS: readonly [StreamCarrier, string, () => CarrierEnd][] = [
  ["twilio", "Twilio", () => new TwilioEnd()],
  ["telnyx", "Telnyx", () => new TelnyxEnd()],
  ["plivo", "Plivo", () => new PlivoEnd()],
  ["vonage", "Vonage", () => new VonageEnd()],
  ["asterisk", "chan_websocket", () => new ChanWebSocketEnd()],
  ["audiosocket", "AudioSocket", () => new AudioSocketEnd()],
];

/** Those whose sound comes through unchanged. */
for (const [carrier, name, makeEnd] of CARRIERS.slice(3))
  describeCallLeg(`a stream of ${name}`, () => {
    const end = makeEnd();
    const { leg, greet, clock } = makeLeg(carrier, end);
    greet();
    leg.receive(end.say(silence));
    return {
      leg,
      sendFrame: (frame) => leg.receive(end.say(frame)),
      pressDigit: (digit) => leg.receive(end.press(digit) ?? ""),
      hangUp: () => {
        const message = end.hangUp();
        if (message !== undefined) leg.receive(message);
        leg.lose(true);
      },
      settle: async () => {
        await clock.advance(20);
        for (const message of end.tick()) leg.receive(message);
      },
      played: () => end.played,
    };
  });

async function begin([carrier, , makeEnd]: (typeof CARRIERS)[number]): Promise<Fixture> {
  const fixture = makeLeg(carrier, makeEnd());
  fixture.greet();
  fixture.leg.open(fixture.handlers);
  await fixture.tick();
  expect(fixture.log).toEqual(["ready"]);
  fixture.log.length = 0;
  return fixture;
}

describe.each(CARRIERS)("a stream of %s", (...carrier) => {
  it("hears the caller in whole frames, and plays the agent in order", async () => {
    const { leg, end, heard, tick } = await begin(carrier);
    for (const level of [1000, 2000, 3000]) leg.play(frameOf(level));
    for (const level of [4000, 5000, 6000]) await tick(frameOf(level));
    for (let n = 0; n < 3; n++) await tick();
    expect(heard.every((frame) => frame.length === FRAME_SAMPLES)).toBe(true);
    expect(heard.map(levelOf).filter((level) => level > 0)).toEqual([4, 5, 6]);
    expect(end.played.map(levelOf)).toEqual([1, 2, 3]);
  });

  it("tells how far its agent was heard, to the end", async () => {
    const { leg, log, tick } = await begin(carrier);
    for (let n = 0; n < 7; n++) leg.play(frameOf(1000));
    for (let n = 0; n < 12; n++) await tick();
    const positions = log.map((line) => Number(line.replace("played ", "")));
    expect(positions.at(-1)).toBe(7);
    expect(positions).toEqual(positions.toSorted((a, b) => a - b));
  });

  it("drops what was not heard when the agent is cut off, and says so at once", async () => {
    const { leg, end, log, tick } = await begin(carrier);
    for (let n = 0; n < 20; n++) leg.play(frameOf(1000));
    for (let n = 0; n < 6; n++) await tick();
    leg.clear();
    const told = Number(log.at(-1)?.replace("played ", ""));
    for (let n = 0; n < 10; n++) await tick();
    const heard = end.played.length;
    expect(heard).toBeLessThanOrEqual(8);
    expect(Math.abs(told - heard)).toBeLessThanOrEqual(1);
    leg.play(frameOf(2000));
    for (let n = 0; n < 4; n++) await tick();
    expect(log.at(-1)).toBe(`played ${told + 1}`);
    expect(end.played.map(levelOf).at(-1)).toBe(2);
  });

  it("takes digits and sends some", async () => {
    const { leg, end, log, tick } = await begin(carrier);
    leg.receive(end.press("5") ?? "");
    leg.receive(end.press("A") ?? "");
    expect(log).toEqual(["digit 5"]);
    leg.sendDigits("4w#");
    for (let n = 0; n < 25; n++) await tick();
    const tones = end.played.filter((frame) => frame.filter((sample) => Math.abs(sample) > 4000).length > 40).length;
    expect([end.digits, log.at(-1), tones]).toEqual(
      {
        twilio: ["", "digit 5", 10],
        asterisk: ["", "digit 5", 10],
        audiosocket: ["", "digit 5", 10],
        plivo: ["4#", "digit 5", 0],
        telnyx: ["", "digits 4#", 0],
        vonage: ["", "digits 4#", 0],
      }[carrier[0]],
    );
  });

  it("hears silence while nothing comes, and goes on afterwards", async () => {
    const { leg, end, heard, tick, clock } = await begin(carrier);
    await clock.advance(1_000);
    expect(heard.length).toBeGreaterThan(38);
    leg.receive(end.say(frameOf(3000)));
    await tick();
    expect(heard.map(levelOf)).toContain(3);
  });

  it("is over when the caller hangs up, and once", async () => {
    const { leg, end, log } = await begin(carrier);
    const message = end.hangUp();
    if (message !== undefined) leg.receive(message);
    leg.lose(true);
    leg.lose(false);
    expect(log).toEqual(["closed caller-hung-up"]);
  });

  it("is lost when its connection breaks", async () => {
    const { leg, log } = await begin(carrier);
    leg.lose(false);
    expect(log).toEqual(["closed connection-lost"]);
  });

  it("hangs up once, and sends nothing afterwards", async () => {
    const { leg, end, log, tick } = await begin(carrier);
    leg.close("agent-hung-up");
    leg.close("again");
    const played = end.played.length;
    leg.play(frameOf(1000));
    leg.clear();
    leg.sendDigits("1");
    await tick();
    expect(end.played).toHaveLength(played);
    expect(log).toEqual(["hang-up agent-hung-up"]);
    if (end instanceof AudioSocketEnd || end instanceof ChanWebSocketEnd) expect(end.hasHungUp).toBe(true);
  });

  it("bears some garbage, and no more than that", async () => {
    const { leg, end, log, tick, heard } = await begin(carrier);
    for (let n = 0; n < 99; n++) leg.receive("{");
    expect(log).toHaveLength(1);
    leg.receive(end.say(frameOf(3000)));
    await tick();
    expect(heard.map(levelOf)).toContain(3);
    for (let n = 0; n < 200; n++) leg.receive("{");
    expect(log.at(-1)).toBe("closed failed");
  });
});

it("tells by the clock how far an older Asterisk has come, which knows no marks", async () => {
  const { leg, log, tick, greet, handlers } = makeLeg("asterisk", new ChanWebSocketEnd({ isJson: false }));
  greet();
  leg.open(handlers);
  for (let n = 0; n < 5; n++) leg.play(frameOf(1000));
  for (let n = 0; n < 50; n++) await tick();
  expect(log).toEqual(["ready"]);
  for (let n = 0; n < 10; n++) await tick();
  expect(log).toEqual(["ready", "played 5"]);
});

it("puts what Telnyx sends out of order in order, and waits for nothing that is lost", async () => {
  const { leg, end, heard, tick, greet, handlers } = makeLeg("telnyx", new TelnyxEnd());
  greet();
  leg.open(handlers);
  const messages = Array.from({ length: 12 }, (_, n) => end.say(frameOf(1000 * (n + 1))));
  const [first, second, third, fourth, late, sixth, ...rest] = messages;
  for (const message of [first, third, second, fourth, sixth, ...rest, late]) leg.receive(message ?? "");
  await tick(undefined);
  expect(heard.map(levelOf)).toEqual([1, 2, 3, 4, 6, 7, 8, 9, 10, 11, 12]);
});

it("waits no longer than 60 ms for a piece when nothing else comes", async () => {
  const { leg, end, heard, clock } = await begin(["telnyx", "", () => new TelnyxEnd()]);
  const before = heard.length;
  const [first, , third] = Array.from({ length: 3 }, (_, n) => end.say(frameOf(1000 * (n + 1))));
  for (const message of [first, third]) leg.receive(message ?? "");
  expect(heard).toHaveLength(before + 1);
  await clock.advance(80);
  expect(heard).toHaveLength(before + 2);
});

it("hangs up on a carrier whose sound it can't play", () => {
  const { leg, log } = makeLeg("telnyx", new TelnyxEnd());
  leg.receive('{"event":"start","start":{"media_format":{"encoding":"OPUS"}}}');
  expect(log).toEqual(["problem the stream is OPUS, not PCMU or PCMA", "hang-up failed"]);
});

it("lowers its voice at once where its sound waits here", async () => {
  const { leg, end, tick } = await begin(["audiosocket", "", () => new AudioSocketEnd()]);
  expect((await begin(["twilio", "", () => new TwilioEnd()])).leg.duck).toBeUndefined();
  leg.duck?.(true);
  for (let n = 0; n < 5; n++) leg.play(frameOf(10_000));
  for (let n = 0; n < 5; n++) await tick();
  expect(end.played.at(-1)?.at(-1)).toBeCloseTo(10_000 * 10 ** (-18 / 20), -1);
});

it("drops what a carrier sends far ahead of real time", async () => {
  const { leg, end, heard } = await begin(["vonage", "", () => new VonageEnd()]);
  for (let n = 0; n < 1_000; n++) leg.receive(end.say(frameOf(1000)));
  expect(heard.length).toBeLessThan(260);
});
