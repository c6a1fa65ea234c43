import { afterEach, expect, it } from "vitest";
import { FRAME_SAMPLES } from "../../codecs/audio-codec.ts";
import { shareHeard } from "../../testing/correlation.ts";
import { syntheticVoice } from "../../testing/synthetic-voice.ts";
import { WebRtcCaller } from "../../testing/web-rtc-caller.ts";
import { MediaThread } from "../thread/media-thread.ts";

const HOST = "127.0.0.1";
const threads: MediaThread[] = [];
const callers: WebRtcCaller[] = [];

function startThread(data: { browserSources?: readonly string[] } = {}): MediaThread {
  const ports = { from: 40_000, to: 49_999 };
  const thread = new MediaThread({ bindAddress: "0.0.0.0", ports, browserAddresses: [HOST], ...data });
  threads.push(thread);
  return thread;
}

function startCaller(): WebRtcCaller {
  const caller = new WebRtcCaller();
  callers.push(caller);
  return caller;
}

afterEach(async () => {
  await Promise.all([...callers.splice(0).map((one) => one.close()), ...threads.splice(0).map((one) => one.close())]);
});

it("carries speech both ways with a caller that offers WebRTC", async () => {
  const voice = syntheticVoice(1.5, 16_000);
  const heard = new Int16Array(16_000 * 5);
  let frames = 0;
  let isConnected = false;
  const { promise: done, resolve } = Promise.withResolvers<void>();
  const thread = startThread();
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
