import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { FRAME_SAMPLES } from "../../codecs/audio-codec.ts";
import { shareHeard } from "../../testing/correlation.ts";
import { seededRandom } from "../../testing/seeded-random.ts";
import { syntheticVoice } from "../../testing/synthetic-voice.ts";
import { WebRtcCaller } from "../../testing/web-rtc-caller.ts";
import { FrameTicker } from "../frame-ticker.ts";
import { MediaSession } from "../media-session.ts";
import type { MediaTransport } from "../media-transport.ts";
import { PortRange } from "../port-range.ts";
import { SystemClock } from "../system-clock.ts";
import { MediaThread } from "../thread/media-thread.ts";
import { openPortPair } from "../udp-port-pair.ts";
import { openPeer } from "./open-peer.ts";

const HOST = "127.0.0.1";
const callers: WebRtcCaller[] = [];
let thread: MediaThread;

beforeAll(() => {
  thread = new MediaThread({ bindAddress: "0.0.0.0", ports: { from: 40_000, to: 49_999 }, browserAddresses: [HOST] });
});
afterAll(() => thread.close());

function startCaller(): WebRtcCaller {
  const caller = new WebRtcCaller();
  callers.push(caller);
  return caller;
}

afterEach(async () => {
  await Promise.all(callers.splice(0).map((one) => one.close()));
});

it("carries speech both ways with a caller that offers WebRTC", async () => {
  const voice = syntheticVoice(1.5, 16_000);
  const heard = new Int16Array(16_000 * 5);
  let frames = 0;
  let isConnected = false;
  const { promise: done, resolve } = Promise.withResolvers<void>();
  const caller = startCaller();
  const { answer, media } = await thread.answerOffer(await caller.offer(), {
    onConnected: () => {
      isConnected = true;
    },
    onFrame: (frame) => {
      const at = frames * FRAME_SAMPLES;
      const next = voice.subarray(at, at + FRAME_SAMPLES);
      if (next.length === FRAME_SAMPLES) {
        media.send(next);
        caller.say(next);
      }
      heard.set(frame, at);
      if (++frames === 100) resolve();
    },
    onFailed: () => {},
  });
  await caller.accept(answer);
  await done;
  expect(isConnected).toBe(true);
  for (const side of [heard, caller.heard])
    expect(shareHeard(voice, side, { rateHz: 16_000, least: 0.8, lateMs: 600 })).toBeGreaterThan(0.7);
  expect(media.statistics).toMatchObject({ codec: "opus", isEncrypted: true });
  media.close();
}, 20_000);

it("lets nobody in whose certificate is another than the offer says", async () => {
  const { promise: failed, resolve } = Promise.withResolvers<string>();
  const caller = startCaller();
  const offer = (await caller.offer()).replace(/(a=fingerprint:sha-256 )../, "$100");
  const { answer } = await thread.answerOffer(offer, {
    onFrame: () => {},
    onFailed: ({ code, message }) => resolve(`${code}: ${message}`),
  });
  await caller.accept(answer);
  expect(await failed).toBe("no_keys: The browser's certificate is another than it said.");
}, 20_000);

it("says why an offer can't be answered", async () => {
  const handlers = { onFrame: () => {}, onFailed: () => {} };
  await expect(thread.answerOffer("v=1", handlers)).rejects.toMatchObject({ code: "missing_version" });
  const telephones = new MediaThread({ bindAddress: HOST });
  await expect(telephones.answerOffer("v=0", handlers)).rejects.toThrow("no WebRTC");
  await telephones.close();
});

it("keeps speech understandable while packets are lost, late and out of order", async () => {
  const voice = syntheticVoice(2, 16_000);
  const heard = new Int16Array(16_000 * 6);
  const { promise: done, resolve } = Promise.withResolvers<void>();
  const clock = new SystemClock();
  const caller = startCaller();
  const peer = await openPeer(await caller.offer(), {
    clock,
    addresses: [HOST],
    isAllowed: () => true,
    openPorts: async () => impaired(await openPortPair(new PortRange(clock, { from: 40_000, to: 49_999 }), "0.0.0.0")),
  });
  await caller.accept(peer.answer);
  let frames = 0;
  const session = new MediaSession({
    clock,
    ticker: new FrameTicker(clock),
    transport: peer.transport,
    agreement: await peer.connected,
    handlers: {
      onFrame: (frame) => {
        const at = frames * FRAME_SAMPLES;
        const next = voice.subarray(at, at + FRAME_SAMPLES);
        if (next.length === FRAME_SAMPLES) caller.say(next);
        heard.set(frame, at);
        if (++frames === 130) resolve();
      },
    },
  });
  await done;
  expect(session.statistics.received.lost).toBeGreaterThan(0);
  expect(shareHeard(voice, heard, { rateHz: 16_000, least: 0.7, lateMs: 800 })).toBeGreaterThan(0.4);
  session.close();
}, 20_000);

/** Of what comes: one in twenty is lost, one in ten comes 30 ms late and so behind the next. Handshakes go through. */
function impaired(ports: MediaTransport): MediaTransport {
  const random = seededRandom(3);
  return {
    rtpPort: ports.rtpPort,
    rtcpPort: ports.rtcpPort,
    sendRtp: (bytes, to) => ports.sendRtp(bytes, to),
    sendRtcp: (bytes, to) => ports.sendRtcp(bytes, to),
    close: () => ports.close(),
    open: ({ onRtp, onRtcp }) =>
      ports.open({
        onRtcp,
        onRtp: (bytes, from) => {
          const chance = (bytes[0] ?? 0) < 128 ? 1 : random();
          if (chance < 0.05) return;
          if (chance < 0.15) setTimeout(() => onRtp(bytes, from), 30);
          else onRtp(bytes, from);
        },
      }),
  };
}
