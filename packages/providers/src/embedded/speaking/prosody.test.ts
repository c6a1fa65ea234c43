/** The prosody tracker with real voices, as a telephone carries them: sentences that are finished, and cut off. */
import { FRAME_SAMPLES, ProsodyTracker, type Samples, toSamples, type UtteranceProsody } from "@earshot/engine";
import { expect, it } from "vitest";
import { throughTelephone } from "../testing/speakerphone.ts";
import { Flite } from "./flite.ts";

/** The fourth, robotic one hardly moves its pitch. */
const VOICES = ["flite:rms", "flite:slt", "flite:awb"] as const;
const SENTENCES = [
  "I would like to book an appointment for Tuesday afternoon.",
  "Could you please tell me where my order is.",
  "The delivery was supposed to arrive yesterday morning.",
  "Please send the invoice to my office address.",
  "I want to cancel my subscription at the end of the month.",
  "The printer on the second floor is broken again.",
];

function describeSpeech(tracker: ProsodyTracker, speech: Samples): UtteranceProsody | undefined {
  tracker.begin();
  for (let at = 0; at + FRAME_SAMPLES <= speech.length; at += FRAME_SAMPLES)
    tracker.push(speech.subarray(at, at + FRAME_SAMPLES));
  return tracker.describe();
}

/** How often a value of the first list is below one of the second. */
function shareBelow(first: readonly number[], second: readonly number[]): number {
  const pairs = first.flatMap((one) => second.map((other) => (one < other ? 1 : 0)));
  return pairs.reduce<number>((sum, isBelow) => sum + isBelow, 0) / pairs.length;
}

it("hears that a voice is lower at a sentence's end than where it was cut off", async () => {
  const flite = await Flite.load();
  const shares = VOICES.map((id) => {
    const tracker = new ProsodyTracker();
    const finished: number[] = [];
    const cut: number[] = [];
    for (const text of SENTENCES) {
      const spoken = flite.speak({ text, voiceId: id, speed: 1 });
      if (!spoken) throw new Error("nothing was said");
      const speech = throughTelephone(spoken.samples);
      finished.push(describeSpeech(tracker, speech)?.finalPitch ?? 0);
      for (const word of spoken.words.slice(4, -2)) {
        const prosody = describeSpeech(tracker, speech.subarray(0, toSamples(word.endMs)));
        if (prosody) cut.push(prosody.finalPitch);
      }
    }
    return shareBelow(finished, cut);
  });
  expect(Math.min(...shares)).toBeGreaterThan(0.75);
}, 60_000);
