/** The beep detector against people: the built-in voices, wide and as a telephone carries them. */
import { BeepDetector, FRAME_SAMPLES, type Samples, type ToneHeard } from "@earshot/engine";
import { expect, it } from "vitest";
import { speakForTest } from "../test-speech.ts";
import { throughTelephone } from "../testing/speakerphone.ts";
import { FLITE_VOICES } from "./flite-voices.ts";

const TEXTS = [
  "Hi, you have reached the Millers. We can't come to the phone right now, so please leave a message after the tone.",
  "Ooh, no, who knew? Mmm, you do, too. Whew. Uh huh. Ahhh. Hmm, hmm, hmm. Eee, we see three trees.",
  "Nine nine seven, oh oh two, double oh one. The total comes to one thousand two hundred and eighty dollars.",
];

function listenTo(samples: Samples): ToneHeard[] {
  const detector = new BeepDetector();
  const heard: ToneHeard[] = [];
  for (let at = 0; at + FRAME_SAMPLES <= samples.length; at += FRAME_SAMPLES) {
    const tone = detector.push(samples.subarray(at, at + FRAME_SAMPLES));
    if (tone) heard.push(tone);
  }
  return heard;
}

it.each(FLITE_VOICES)("takes nothing that $name says for a tone", async ({ id }) => {
  for (const text of TEXTS) {
    const speech = await speakForTest(text, id);
    expect(listenTo(speech)).toEqual([]);
    expect(listenTo(throughTelephone(speech))).toEqual([]);
  }
});

it("hears the beep that follows an answering machine's greeting", async () => {
  const greeting = await speakForTest(TEXTS[0] ?? "", "flite:slt");
  const sound = new Int16Array(greeting.length + 16_000 * 2);
  sound.set(greeting);
  for (let i = 0; i < 8000; i++) sound[greeting.length + i] = 6000 * Math.sin((2 * Math.PI * 1004 * i) / 16_000);
  const heard = listenTo(throughTelephone(sound));
  expect(heard).toHaveLength(1);
  expect(heard[0]?.kind).toBe("beep");
  expect(Math.abs((heard[0]?.frequencyHz ?? 0) - 1004)).toBeLessThan(6);
});
