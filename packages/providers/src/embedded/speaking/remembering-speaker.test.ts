import { expect, it } from "vitest";
import type { Spoken } from "./flite.ts";
import { RememberingSpeaker } from "./remembering-speaker.ts";

const PIECE_SAMPLES = 16_000;

function makeSpeaker(pieceSamples = PIECE_SAMPLES) {
  const orders: string[] = [];
  const speaker = new RememberingSpeaker({
    name: "a voice",
    voices: [],
    async *speak({ text, voiceId, speed }) {
      orders.push(`${voiceId} ${speed} ${text}`);
      for (const word of text.split(" "))
        yield {
          samples: new Int16Array(pieceSamples).fill(word.length),
          words: [{ text: word, startMs: 0, endMs: 1 }],
        };
    },
  });
  const say = async (text: string, { voiceId = "v", speed = 1, most = Number.POSITIVE_INFINITY } = {}) => {
    const pieces: Spoken[] = [];
    for await (const piece of speaker.speak({ text, voiceId, speed }, () => pieces.length >= most)) {
      pieces.push({ ...piece, samples: piece.samples.slice() });
      // As when it is given to another thread.
      structuredClone(piece.samples, { transfer: [piece.samples.buffer] });
    }
    return pieces;
  };
  return { orders, say };
}

it("makes a phrase twice, and has it ready, the same to the sample, from then on", async () => {
  const { orders, say } = makeSpeaker();
  const said: (readonly Spoken[])[] = [];
  for (let time = 0; time < 5; time++) said.push(await say("hello there"));
  expect(orders.length).toBe(2);
  expect(said[0]?.map(({ words }) => words[0]?.text)).toEqual(["hello", "there"]);
  for (const again of said) expect(again).toEqual(said[0]);
});

it("takes another voice, speed or word for something else", async () => {
  const { orders, say } = makeSpeaker();
  for (let time = 0; time < 2; time++) await say("hello");
  await say("hello", { voiceId: "w" });
  await say("hello", { speed: 1.2 });
  await say("Hello");
  expect(orders).toEqual(["v 1 hello", "v 1 hello", "w 1 hello", "v 1.2 hello", "v 1 Hello"]);
});

it("keeps nothing that was broken off, and breaks off what it kept", async () => {
  const { orders, say } = makeSpeaker();
  await say("one two three");
  expect((await say("one two three", { most: 1 })).length).toBe(3);
  expect((await say("one two three")).length).toBe(3);
  expect((await say("one two three", { most: 2 })).length).toBe(2);
  expect(orders.length).toBe(3);
});

it("lets go of what was not said for longest when there is too much of it", async () => {
  const minute = 60 * PIECE_SAMPLES;
  const { orders, say } = makeSpeaker(minute);
  const phrases = Array.from({ length: 9 }, (_, index) => `phrase${index}`);
  for (const phrase of phrases) for (let time = 0; time < 2; time++) await say(phrase);
  orders.splice(0);
  await say("phrase8");
  expect(orders).toEqual([]);
  await say("phrase0");
  expect(orders).toEqual(["v 1 phrase0"]);
});

it("neither keeps nor notes what is too long to come again", async () => {
  const { orders, say } = makeSpeaker();
  const story = "word ".repeat(100).trim();
  for (let time = 0; time < 3; time++) await say(story);
  expect(orders.length).toBe(3);
});
