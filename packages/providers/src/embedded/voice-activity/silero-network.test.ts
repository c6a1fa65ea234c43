import { readFile } from "node:fs/promises";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { describe, expect, it } from "vitest";
import { findPackageFile } from "../package-file.ts";
import { speakForTest } from "../test-speech.ts";
import { makeSileroMemory, Silero } from "./silero.ts";
import { makeSileroNetwork } from "./silero-network.ts";

const MODEL = findPackageFile("@ricky0123/vad-web", "dist/silero_vad_v6.onnx");
const WINDOW = 512;

/** The file as its authors wrote it, one call at a time. */
async function scoreByFile(speech: Int16Array): Promise<number[]> {
  const session = await InferenceSession.create(MODEL);
  const probabilities: number[] = [];
  const input = new Float32Array(64 + WINDOW);
  let state = new Tensor("float32", new Float32Array(256), [2, 1, 128]);
  for (let start = 0; start + WINDOW <= speech.length; start += WINDOW) {
    input.copyWithin(0, WINDOW);
    for (let i = 0; i < WINDOW; i++) input[64 + i] = (speech[start + i] ?? 0) / 32_768;
    const feeds = {
      input: new Tensor("float32", input, [1, 64 + WINDOW]),
      state,
      sr: new Tensor("int64", [16_000n], []),
    };
    const output = await session.run(feeds);
    probabilities.push(Number(output["output"]?.data[0]));
    state = output["stateN"] as typeof state;
  }
  return probabilities;
}

describe("Silero's network as matrices", () => {
  it("gives what the file gives, window after window, for calls of a batch as for one", async () => {
    const speech = await speakForTest("It was supposed to arrive on Monday but it is still not here.");
    const expected = await scoreByFile(speech);
    const silero = await Silero.load(MODEL);
    // The second call is half a second ahead of the first.
    const calls = [0, 16 * WINDOW].map((ahead) => ({
      ahead,
      memory: makeSileroMemory(),
      probabilities: [] as number[],
    }));
    for (let window = 0; window < expected.length; window++) {
      const windows = calls.map(({ ahead, memory }) => {
        const start = (window * WINDOW + ahead) % (expected.length * WINDOW);
        return { memory, samples: speech.slice(start, start + WINDOW) };
      });
      const scores = await silero.score(windows);
      for (const [index, call] of calls.entries()) call.probabilities.push(scores[index] ?? Number.NaN);
    }
    const first = calls[0]?.probabilities ?? [];
    expect(Math.max(...expected)).toBeGreaterThan(0.9);
    expect(Math.max(...expected.map((value, index) => Math.abs(value - (first[index] ?? Number.NaN))))).toBeLessThan(
      1e-5,
    );
    expect(calls[1]?.probabilities[20]).toBeGreaterThan(0.5);
  });

  it("says which weights a file lacks that is another model", async () => {
    const file = await readFile(findPackageFile("@ricky0123/vad-web", "dist/silero_vad_legacy.onnx"));
    expect(() => makeSileroNetwork(file)).toThrow('no weights "stft.forward_basis_buffer" of shape [258,1,256]');
  });
});
