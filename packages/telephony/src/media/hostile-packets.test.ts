import { expect, it } from "vitest";
import { FRAME_SAMPLES } from "../codecs/audio-codec.ts";
import { shareHeard } from "../testing/correlation.ts";
import { seededRandom } from "../testing/seeded-random.ts";
import { syntheticVoice } from "../testing/synthetic-voice.ts";
import {
  listenerAddress,
  makeVirtualLine,
  placeVirtualCall,
  speakerAddress,
  speakFrames,
} from "../testing/virtual-call.ts";
import { writeBindingRequest } from "./stun-message.ts";

const VOICE = syntheticVoice(3, 16_000);
const PACKETS_A_FRAME = 4;

/** Two calls on one line; whatever `attack` makes reaches the first one's listener as if its own peer had sent it. */
function talk(attack: (line: ReturnType<typeof makeVirtualLine>) => Uint8Array | undefined) {
  const line = makeVirtualLine({}, 1);
  const heard = [1, 2].map(() => ({ samples: new Int16Array(VOICE.length + 16_000), frames: 0 }));
  const calls = heard.map((one, index) =>
    placeVirtualCall(line, {
      number: index + 1,
      onHeard: (frame) => one.samples.set(frame, one.frames++ * FRAME_SAMPLES),
    }),
  );
  speakFrames(
    line,
    calls.map(({ speaker }) => speaker),
    VOICE,
    () => {
      for (let i = 0; i < PACKETS_A_FRAME; i++) {
        const bytes = attack(line);
        if (bytes === undefined) continue;
        const isControl = i % 2 === 1;
        const port = isControl ? 1 : 0;
        const from = { address: speakerAddress(1), port: 4000 + port };
        line.network.send(bytes, from, { address: listenerAddress(1), port: 5000 + port });
      }
    },
  );
  line.clock.advance(300);
  const refused = calls[0]?.listener.statistics.received.refused ?? 0;
  for (const call of calls) call.close();
  line.clock.advance(1_000);
  expect(line.clock.pending).toBe(0);
  return { attacked: heard[0]?.samples, other: heard[1]?.samples ?? new Int16Array(0), refused };
}

/** Random bytes, and packets that were sent before with bits turned, cut short or grown. */
function hostile(seed: number) {
  const random = seededRandom(seed);
  const upTo = (count: number) => Math.floor(random() * count);
  const noise = (length: number) => Uint8Array.from({ length }, () => upTo(256));
  const stun = writeBindingRequest(noise(12), { username: "abcd:efgh" }, "0123456789abcdefghijkl");
  return ({ network }: ReturnType<typeof makeVirtualLine>): Uint8Array => {
    const before = network.sent[upTo(network.sent.length)]?.bytes;
    const kind = upTo(4);
    if (kind === 0 || before === undefined) return noise(upTo(1600));
    const bytes = (kind === 1 ? stun : before).slice(0, kind === 2 ? upTo(before.length) : undefined);
    for (let i = upTo(6); i > 0 && bytes.length > 0; i--) bytes[upTo(bytes.length)] = upTo(256);
    return kind === 3 ? Uint8Array.from([...bytes, ...noise(upTo(300))]) : bytes;
  };
}

const quiet = talk(() => undefined);

it.each([1, 2, 3])("nothing that a peer sends throws, or is heard on another call (seed %i)", (seed) => {
  const { other, refused } = talk(hostile(seed));
  expect(other).toEqual(quiet.other);
  expect(refused).toBeGreaterThan(100);
});

it("does not hear strangers at all once the peer is known", () => {
  const random = seededRandom(9);
  const line = makeVirtualLine({}, 1);
  const heard = new Int16Array(VOICE.length + 16_000);
  let frames = 0;
  const call = placeVirtualCall(line, { onHeard: (frame) => heard.set(frame, frames++ * FRAME_SAMPLES) });
  speakFrames(line, [call.speaker], VOICE, () => {
    const bytes = Uint8Array.from({ length: 172 }, () => Math.floor(random() * 256));
    bytes.set([0x80, 0]);
    line.network.send(bytes, { address: "203.0.113.9", port: 9 }, { address: listenerAddress(1), port: 5000 });
  });
  line.clock.advance(300);
  call.close();
  expect(shareHeard(VOICE, heard, { rateHz: 16_000, least: 0.97, lateMs: 200 })).toBeGreaterThan(0.9);
});
