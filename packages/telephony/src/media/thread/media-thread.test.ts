import { afterEach, expect, it } from "vitest";
import { FRAME_SAMPLES } from "../../codecs/audio-codec.ts";
import { acceptAnswer, answerOffer, makeOffer, startNegotiation } from "../../sdp/negotiation.ts";
import { shareHeard } from "../../testing/correlation.ts";
import { syntheticVoice } from "../../testing/synthetic-voice.ts";
import { MediaThread, type ThreadedHandlers } from "./media-thread.ts";
import type { ThreadedMedia } from "./threaded-media.ts";

const HOST = "127.0.0.1";
const threads: MediaThread[] = [];

function startThread(ports = {}, bindAddress = HOST): MediaThread {
  const thread = new MediaThread({ bindAddress, ports: { from: 50_000, to: 59_999, ...ports } });
  threads.push(thread);
  return thread;
}

afterEach(async () => {
  for (const thread of threads.splice(0)) await thread.close();
});

async function connect(
  thread: MediaThread,
  handlers: readonly [Partial<ThreadedHandlers>, Partial<ThreadedHandlers>],
): Promise<[ThreadedMedia, ThreadedMedia]> {
  const ports = [await thread.openPorts(), await thread.openPorts()] as const;
  const capabilities = { address: HOST, codecs: ["PCMU"], makeKey: (bytes: number) => new Uint8Array(bytes) } as const;
  const offered = makeOffer(startNegotiation({ ...capabilities, rtpPort: ports[0].rtpPort }, "1"));
  const answered = answerOffer(
    startNegotiation({ ...capabilities, rtpPort: ports[1].rtpPort }, "2"),
    offered.description,
  );
  const { agreement } = acceptAnswer(offered.negotiation, answered.description);
  const all = (given: Partial<ThreadedHandlers>) => ({ onFrame: () => {}, onFailed: () => {}, ...given });
  return [ports[0].start(agreement, all(handlers[0])), ports[1].start(answered.agreement, all(handlers[1]))];
}

it("carries speech and digits between two calls of the thread, and counts what went out", async () => {
  const voice = syntheticVoice(1.5, 16_000);
  const heard = new Int16Array(16_000 * 4);
  let frames = 0;
  let next = 0;
  let digits = "";
  const { promise: done, resolve } = Promise.withResolvers<void>();
  const [caller, callee] = await connect(startThread(), [
    {
      onFrame: () => {
        if (next + FRAME_SAMPLES <= voice.length) caller.send(voice.subarray(next, next + FRAME_SAMPLES));
        else if (digits === "") caller.sendDigits("8");
        next += FRAME_SAMPLES;
      },
    },
    {
      onFrame: (frame) => {
        if (frames < 200) heard.set(frame, frames++ * FRAME_SAMPLES);
      },
      onDigit: (digit) => {
        digits += digit;
        resolve();
      },
    },
  ]);
  await done;
  // A busy machine delays some of it beyond what counts.
  expect(shareHeard(voice, heard, { rateHz: 16_000, least: 0.9, lateMs: 400 })).toBeGreaterThan(0.4);
  // Frames wait while the digit goes out.
  expect(caller.framesSent).toBeGreaterThan(50);
  expect(caller.framesSent + caller.queuedFrames).toBe(75);
  expect(callee.statistics?.received.lost).toBe(0);
  caller.close();
  caller.close();
  expect(caller.send(voice)).toBe(false);
}, 20_000);

it("refuses frames when as many wait as may, and drops them when told to", async () => {
  const { promise: dropped, resolve } = Promise.withResolvers<void>();
  const [caller] = await connect(startThread(), [
    {
      onFrame: () => {
        if (isCleared && caller.queuedFrames === 0) resolve();
      },
    },
    {},
  ]);
  let isCleared = false;
  const frame = new Int16Array(FRAME_SAMPLES);
  const accepted = Array.from({ length: 300 }, () => caller.send(frame)).filter((isAccepted) => isAccepted).length;
  expect(accepted).toBe(250);
  expect(caller.clear()).toBe(250);
  isCleared = true;
  await dropped;
  expect(caller.framesSent).toBeLessThan(50);
});

it("fails the calls that are left when the thread ends, and opens no more", async () => {
  const thread = startThread();
  const { promise: failed, resolve } = Promise.withResolvers<string>();
  await connect(thread, [{ onFailed: ({ code }) => resolve(code) }, {}]);
  await thread.close();
  expect(await failed).toBe("thread_ended");
  await expect(thread.openPorts()).rejects.toMatchObject({ code: "thread_ended" });
});

it("says why no port can be opened", async () => {
  await expect(startThread({}, "192.0.2.1").openPorts()).rejects.toMatchObject({ code: "EADDRNOTAVAIL" });
  const small = startThread({ from: 58_000, to: 58_001, start: 0 });
  const ports = await small.openPorts();
  await expect(small.openPorts()).rejects.toMatchObject({ code: "no_free_port" });
  ports.close();
  ports.close();
  expect(() => ports.start({} as never, {} as never)).toThrow(expect.objectContaining({ code: "already_used" }));
});

it("ends one call, and no other, over a key that its suite can't have", async () => {
  const thread = startThread();
  const { promise: failed, resolve } = Promise.withResolvers<string>();
  const [caller, other] = await connect(thread, [{ onFailed: ({ message }) => resolve(message) }, {}]);
  const encryption = { suite: "AEAD_AES_128_GCM", sendKey: new Uint8Array(3), receiveKey: new Uint8Array(3) } as const;
  caller.update({ ...caller.agreement, encryption });
  expect(await failed).toContain("takes 28");
  other.update(other.agreement);
  expect(other.send(new Int16Array(FRAME_SAMPLES))).toBe(true);
  expect((await thread.openPorts()).rtpPort % 2).toBe(0);
});
