import { describe, expect, it } from "vitest";
import type { WindowBatch } from "../lines/window-batch.ts";
import { findPackageFile } from "../package-file.ts";
import { speakForTest } from "../test-speech.ts";
import { BatchScorer, LineMemories, type ScoreBatch } from "./batch-scorer.ts";
import { makeSileroMemory, Silero } from "./silero.ts";

describe("the batch scorer", () => {
  it("runs the windows of all calls that have arrived as one batch", async () => {
    const sizes: number[] = [];
    const scorer = makeScorer(sizes);
    const lines = [new LineMemories(), new LineMemories()];
    await Promise.all(lines.map((line) => add(scorer, line, [1, 2, 3])));
    expect(sizes).toEqual([6]);
  });

  it("runs the windows of one call one after the other", async () => {
    const sizes: number[] = [];
    const scorer = makeScorer(sizes);
    await add(scorer, new LineMemories(), [1, 2, 1, 1]);
    expect(sizes).toEqual([2, 1, 1]);
  });

  it("splits what is too large for one batch", async () => {
    const sizes: number[] = [];
    await add(
      makeScorer(sizes),
      new LineMemories(),
      Array.from({ length: 100 }, (_, i) => i),
    );
    expect(sizes).toEqual([64, 36]);
  });

  it("gives 0 for windows that fail, reports why, and goes on", async () => {
    const errors: unknown[] = [];
    let runs = 0;
    const score: ScoreBatch = async (windows) => {
      if (runs++ === 0) throw new Error("broken");
      return new Float32Array(windows.length).fill(0.75);
    };
    const scorer = new BatchScorer(score, (error) => errors.push(error));
    expect([...(await add(scorer, new LineMemories(), [1, 1]))]).toEqual([0, 0.75]);
    expect(errors).toEqual([new Error("broken")]);
  });

  it("answers those who came with few windows before it is through with those who came with many", async () => {
    const scorer = makeScorer([]);
    const order: string[] = [];
    const many = add(scorer, new LineMemories(), [1, 1, 1, 1]).then(() => order.push("many"));
    const few = add(scorer, new LineMemories(), [1]).then(() => order.push("few"));
    await Promise.all([many, few]);
    expect(order).toEqual(["few", "many"]);
  });

  it("answers one line in the order in which it asked", async () => {
    const scorer = makeScorer([]);
    const line = new LineMemories();
    const order: string[] = [];
    const first = add(scorer, line, [1, 2, 2]).then(() => order.push("first"));
    const second = add(scorer, line, [1]).then(() => order.push("second"));
    await Promise.all([first, second]);
    expect(order).toEqual(["first", "second"]);
  });

  it("gives a call a fresh memory after it was closed", async () => {
    const memories = new Set<unknown>();
    const score: ScoreBatch = async (windows) => {
      for (const window of windows) memories.add(window.memory);
      return new Float32Array(windows.length);
    };
    const scorer = new BatchScorer(score, () => undefined);
    const line = new LineMemories();
    await add(scorer, line, [1]);
    await add(scorer, line, [1], [1]);
    await add(scorer, line, [1]);
    expect(memories.size).toBe(2);
  });
});

describe("Silero", () => {
  it("is sure of speech while it lasts, and of silence", async () => {
    const silero = await Silero.load(findPackageFile("@ricky0123/vad-web", "dist/silero_vad_v6.onnx"));
    const speech = await speakForTest("Could you repeat that please?");
    const memory = makeSileroMemory();
    const scores: number[] = [];
    for (let start = 0; start + 512 <= speech.length; start += 512) {
      scores.push((await silero.score([{ memory, samples: speech.subarray(start, start + 512) }]))[0] ?? -1);
    }
    expect(Math.max(...scores.slice(0, 14), ...scores.slice(-12))).toBeLessThan(0.1);
    expect(Math.min(...scores.slice(20, 70))).toBeGreaterThan(0.9);
  });

  it("hears the end of the window before", async () => {
    const silero = await Silero.load(findPackageFile("@ricky0123/vad-web", "dist/silero_vad_v6.onnx"));
    const memory = makeSileroMemory();
    await silero.score([{ memory, samples: Int16Array.from({ length: 512 }, (_, i) => i) }]);
    expect(memory.context).toEqual(Float32Array.from({ length: 64 }, (_, i) => (448 + i) / 32_768));
  });

  it("scores a batch exactly as it scores its calls one by one", async () => {
    const silero = await Silero.load(findPackageFile("@ricky0123/vad-web", "dist/silero_vad_v6.onnx"));
    const speech = await speakForTest("Could you repeat that please?");
    const calls = Array.from({ length: 4 }, (_, i) => speech.subarray(i * 3000, i * 3000 + 20 * 512));
    const together = calls.map(() => makeSileroMemory());
    const alone = calls.map(() => makeSileroMemory());
    for (let window = 0; window < 20; window++) {
      const slices = calls.map((call) => call.subarray(window * 512, (window + 1) * 512));
      const batch = await silero.score(
        slices.map((samples, i) => ({ samples, memory: together[i] ?? makeSileroMemory() })),
      );
      for (const [i, samples] of slices.entries()) {
        const [single] = await silero.score([{ samples, memory: alone[i] ?? makeSileroMemory() }]);
        expect(batch[i]).toBeCloseTo(single ?? -1, 5);
      }
    }
  });
});

function makeScorer(sizes: number[]): BatchScorer {
  const score: ScoreBatch = async (windows) => {
    sizes.push(windows.length);
    return new Float32Array(windows.length);
  };
  return new BatchScorer(score, () => undefined);
}

function add(
  scorer: BatchScorer,
  line: LineMemories,
  streamIds: readonly number[],
  closedIds: readonly number[] = [],
): Promise<Float32Array> {
  const batch: WindowBatch = {
    type: "windows",
    model: "test",
    streamIds: Uint32Array.from(streamIds),
    samples: new Int16Array(streamIds.length * 512),
    closedIds,
  };
  return new Promise((resolve) => scorer.add(line, batch, resolve));
}
