import { createSocket } from "node:dgram";
import { once } from "node:events";
import { afterEach, expect, it } from "vitest";
import type { Clock } from "../clock.ts";
import { FRAME_SAMPLES } from "../codecs/audio-codec.ts";
import { acceptAnswer, answerOffer, makeOffer, startNegotiation } from "../sdp/negotiation.ts";
import { parseSdp } from "../sdp/parse-sdp.ts";
import { serialiseSdp } from "../sdp/serialise-sdp.ts";
import { shareHeard } from "../testing/correlation.ts";
import { syntheticVoice } from "../testing/synthetic-voice.ts";
import { FrameTicker } from "./frame-ticker.ts";
import { MediaSession } from "./media-session.ts";
import { PortRange } from "./port-range.ts";
import { openPortPair } from "./udp-port-pair.ts";

const HOST = "127.0.0.1";

/** Real time, for real sockets. */
const clock: Clock = {
  nowMs: () => performance.now(),
  after: (delayMs, run) => {
    const timeout = setTimeout(run, delayMs);
    return () => clearTimeout(timeout);
  },
  every: (periodMs, run) => {
    const interval = setInterval(run, periodMs);
    return () => clearInterval(interval);
  },
};

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

function freeRange(): PortRange {
  return new PortRange(clock, { from: 40_000, to: 49_999, start: Math.random() });
}

it("carries speech and digits between two real port pairs, encrypted, as their descriptions agreed", async () => {
  const ticker = new FrameTicker(clock);
  const range = freeRange();
  const transports = [await openPortPair(range, HOST), await openPortPair(range, HOST)] as const;
  const makeKey = (bytes: number) => new Uint8Array(bytes).fill(9);
  const [alice, bob] = transports.map(({ rtpPort }, index) =>
    startNegotiation(
      { address: HOST, rtpPort, codecs: ["G722", "PCMU"], encryption: index === 0 ? "required" : "allowed", makeKey },
      String(index + 1),
    ),
  );
  if (!(alice && bob)) throw new Error("Both take part.");
  const offered = makeOffer(alice);
  const answered = answerOffer(bob, parseSdp(serialiseSdp(offered.description)));
  const accepted = acceptAnswer(offered.negotiation, parseSdp(serialiseSdp(answered.description)));

  const voice = syntheticVoice(2, 16_000);
  const heard = new Int16Array(16_000 * 4);
  let frames = 0;
  let digits = "";
  const callee = new MediaSession({
    clock,
    ticker,
    transport: transports[1],
    agreement: answered.agreement,
    handlers: {
      onFrame: (frame) => {
        if (frames < 200) heard.set(frame, frames++ * FRAME_SAMPLES);
      },
      onDigit: (digit) => {
        digits += digit;
      },
    },
  });
  const { promise: done, resolve } = Promise.withResolvers<void>();
  let next = 0;
  const caller: MediaSession = new MediaSession({
    clock,
    ticker,
    transport: transports[0],
    agreement: accepted.agreement,
    handlers: {
      onFrame: () => {
        if (next + FRAME_SAMPLES <= voice.length) caller.send(voice.subarray(next, next + FRAME_SAMPLES));
        else if (next === voice.length) caller.sendDigits("19");
        else if (digits === "19") resolve();
        next += FRAME_SAMPLES;
      },
    },
  });
  closing.push(
    () => caller.close(),
    () => callee.close(),
  );
  await done;
  expect(shareHeard(voice, heard, { rateHz: 16_000, least: 0.9, lateMs: 400 })).toBeGreaterThan(0.7);
  expect(callee.statistics).toMatchObject({ codec: "G722", isEncrypted: true, received: { refused: 0 } });
}, 20_000);

it("skips ports that another process has, and gives its own back for later", async () => {
  const other = createSocket("udp4");
  other.bind(0, HOST);
  await once(other, "listening");
  const { port } = other.address();
  const from = port - (port % 2);
  closing.push(() => other.close());
  const range = new PortRange(clock, { from, to: from + 3, quarantineMs: 60_000 });
  const pair = await openPortPair(range, HOST);
  expect(pair.rtpPort).toBe(from + 2);
  await expect(openPortPair(range, HOST)).rejects.toMatchObject({ code: "no_free_port" });
  pair.close();
  pair.close();
});

it("says at once when the address isn't this machine's", async () => {
  await expect(openPortPair(freeRange(), "192.0.2.1")).rejects.toMatchObject({ code: "EADDRNOTAVAIL" });
});
