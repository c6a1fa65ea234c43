import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { toMs } from "../../audio/frame.ts";
import { ProviderError } from "../../models/provider-error.ts";
import type { SpeakRequest, SpeechChunk, TextToSpeech } from "../../models/text-to-speech.ts";
import type { MakeModel } from "./contract-model.ts";

const SENTENCE = "Your table is booked for Monday at seven.";

/** Registers what every TextToSpeech must do. */
export function describeTextToSpeech(name: string, makeModel: MakeModel<TextToSpeech>): void {
  describe(`${name} as TextToSpeech`, () => {
    let model: TextToSpeech;
    let close: (() => void | Promise<void>) | undefined;
    beforeAll(async () => {
      ({ model, close } = await makeModel());
    });
    afterAll(async () => await close?.());

    const voiceId = (): string => model.voices()[0]?.id ?? "none";

    it("lists at least one voice, each once, with its language", () => {
      const ids = model.voices().map((voice) => voice.id);
      expect(ids.length).toBeGreaterThan(0);
      expect(new Set(ids).size).toBe(ids.length);
      for (const voice of model.voices()) expect(voice.language).toMatch(/^[a-z]{2,3}(-|$)/);
    });

    it("speaks with every voice", async () => {
      for (const voice of model.voices()) {
        expect(lengthOf(await speak(model, { text: SENTENCE, voiceId: voice.id }))).toBeGreaterThan(0);
      }
    });

    it("tells when each word is spoken, in order and inside the audio, where it tells at all", async () => {
      const chunks = await speak(model, { text: `${SENTENCE} Is that right?`, voiceId: voiceId() });
      const words = chunks.flatMap((chunk) => chunk.words ?? []);
      if (words.length === 0) return;
      expect(words.map((word) => word.text).join(" ")).toBe(`${SENTENCE} Is that right?`);
      for (const [i, word] of words.entries()) {
        expect(word.endMs).toBeGreaterThanOrEqual(word.startMs);
        expect(word.startMs).toBeGreaterThanOrEqual(words[i - 1]?.endMs ?? 0);
      }
      expect(words.at(-1)?.endMs).toBeLessThanOrEqual(toMs(lengthOf(chunks)));
    });

    it("speaks faster at a higher speed", async () => {
      const slow = lengthOf(await speak(model, { text: SENTENCE, voiceId: voiceId(), speed: 0.8 }));
      const fast = lengthOf(await speak(model, { text: SENTENCE, voiceId: voiceId(), speed: 1.5 }));
      expect(fast).toBeLessThan(slow);
    });

    it("gives no chunk for text without anything to say", async () => {
      for (const text of ["", "  \n", "…", "!?"]) expect(await speak(model, { text, voiceId: voiceId() })).toEqual([]);
    });

    it("gives the same audio whether or not another request is spoken at the same time", async () => {
      const alone = lengthOf(await speak(model, { text: SENTENCE, voiceId: voiceId() }));
      const [first, other] = await Promise.all([
        speak(model, { text: SENTENCE, voiceId: voiceId() }),
        speak(model, { text: "Goodbye.", voiceId: voiceId() }),
      ]);
      expect(lengthOf(first)).toBe(alone);
      expect(lengthOf(other)).toBeLessThan(alone);
    });

    it("ends without an error when it is aborted, before or while it speaks", async () => {
      expect(await speak(model, { text: SENTENCE, voiceId: voiceId() }, AbortSignal.abort())).toEqual([]);
      const controller = new AbortController();
      let chunks = 0;
      for await (const _ of model.speak({ text: `${SENTENCE} `.repeat(40), voiceId: voiceId() }, controller.signal)) {
        chunks++;
        controller.abort();
      }
      expect(chunks).toBe(1);
    });

    it("refuses a voice that it does not have, and names it", async () => {
      const refusal = await speak(model, { text: SENTENCE, voiceId: "no:such" }).catch((error: unknown) => error);
      expect(refusal).toBeInstanceOf(ProviderError);
      expect(refusal).toMatchObject({ kind: "bad-request", stage: "text-to-speech" });
      expect(String(refusal)).toContain("no:such");
    });

    it("refuses a speed out of range", async () => {
      const refusal = await speak(model, { text: SENTENCE, voiceId: voiceId(), speed: 9 }).catch(
        (error: unknown) => error,
      );
      expect(refusal).toMatchObject({ kind: "bad-request" });
    });
  });
}

async function speak(
  model: TextToSpeech,
  request: SpeakRequest,
  signal = new AbortController().signal,
): Promise<SpeechChunk[]> {
  const chunks: SpeechChunk[] = [];
  for await (const chunk of model.speak(request, signal)) chunks.push(chunk);
  return chunks;
}

function lengthOf(chunks: readonly SpeechChunk[]): number {
  return chunks.reduce((total, chunk) => total + chunk.samples.length, 0);
}
