import { MessageChannel } from "node:worker_threads";
import { afterEach, describe, expect, it } from "vitest";
import type { WindowBatch, WindowResults } from "./window-batch.ts";
import { WindowClient } from "./window-client.ts";
import { WorkerLine } from "./worker-line.ts";

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

describe("the window client", () => {
  it("sends the windows of many streams that come in one turn as one message", async () => {
    const { client, batches, answered } = connect();
    const scores: string[] = [];
    for (let call = 0; call < 300; call++) {
      client.open().push(new Int16Array(4).fill(call), (value) => scores.push(`${call}:${value}`));
    }
    await answered(1);
    expect(batches).toHaveLength(1);
    expect(batches[0]?.streamIds).toHaveLength(300);
    expect(scores).toHaveLength(300);
    expect(scores[299]).toBe("299:299");
  });

  it("calls back in order", async () => {
    const { client, answered } = connect();
    const stream = client.open();
    const order: number[] = [];
    for (let i = 0; i < 5; i++) stream.push(new Int16Array(4).fill(i), (value) => order.push(value));
    await answered(1);
    expect(order).toEqual([0, 1, 2, 3, 4]);
  });

  it("gives the fallback for windows under way when the line goes down, and for later ones", async () => {
    const { client, line } = connect();
    const stream = client.open();
    const values: number[] = [];
    stream.push(new Int16Array(4), (value) => values.push(value));
    line.close();
    stream.push(new Int16Array(4), (value) => values.push(value));
    expect(values).toEqual([-1, -1]);
  });

  it("gives the fallback when far more is under way than a live worker leaves, and takes up afresh", async () => {
    const { client, answered } = connect();
    const stream = client.open();
    let fallbacks = 0;
    for (let i = 0; i < 3001; i++) stream.push(new Int16Array(4), (value) => (fallbacks += value === -1 ? 1 : 0));
    expect(fallbacks).toBe(3001);
    const values: number[] = [];
    stream.push(new Int16Array(4).fill(7), (value) => values.push(value));
    await answered(1);
    expect(values).toEqual([7]);
  });

  it("tells the worker which streams are closed and calls back no more", async () => {
    const { client, batches, answered } = connect();
    const stream = client.open();
    const other = client.open();
    let late = 0;
    stream.push(new Int16Array(4), () => late++);
    other.push(new Int16Array(4), () => undefined);
    stream.close();
    stream.close();
    await answered(1);
    expect(late).toBe(0);
    expect(batches[0]?.closedIds).toEqual([1]);
  });

  it("has windows of many streams wait for each other, and those of a few not", async () => {
    const { client, batches, answered } = connect({ gatherMs: 60_000 });
    const streams = Array.from({ length: 8 }, () => client.open());
    for (const stream of streams) stream.push(new Int16Array(4), () => undefined);
    await answered(1);
    expect(batches[0]?.streamIds).toHaveLength(8);
    const ninth = client.open();
    for (const stream of [...streams, ninth]) {
      stream.push(new Int16Array(4), () => undefined);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(batches).toHaveLength(1);
  });

  it("copies a window, which is the caller's again at once, and grows with what comes", async () => {
    const { client, answered } = connect();
    const stream = client.open();
    const window = new Int16Array(4);
    const values: number[] = [];
    for (let index = 0; index < 100; index++) stream.push(window.fill(index), (value) => values.push(value));
    await answered(1);
    expect(values).toEqual(Array.from({ length: 100 }, (_, index) => index));
  });

  it("uses the arrays again that a worker gives back", async () => {
    const { client, answered } = connect();
    const stream = client.open();
    const values: number[] = [];
    for (let round = 1; round <= 5; round++) {
      stream.push(new Int16Array(4).fill(round), (value) => values.push(value));
      stream.push(new Int16Array(4).fill(-round), (value) => values.push(value));
      await answered(round);
    }
    expect(values).toEqual([1, -1, 2, -2, 3, -3, 4, -4, 5, -5]);
  });
});

/** A worker that answers each window with its first sample. */
function connect(options: { gatherMs?: number } = {}) {
  const { port1, port2 } = new MessageChannel();
  const line = new WorkerLine(port1);
  const batches: WindowBatch[] = [];
  const client = new WindowClient<Float32Array, number>({
    line,
    model: "test",
    windowSamples: 4,
    resultAt: (values, index) => values[index] ?? -2,
    fallback: () => -1,
    keepsWindows: false,
    ...options,
  });
  port2.on("message", (batch: WindowBatch) => {
    batches.push(batch);
    const values = Float32Array.from(batch.streamIds, (_, i) => batch.samples[4 * i] ?? -3);
    const results: WindowResults<Float32Array> = {
      type: "window-results",
      model: "test",
      streamIds: batch.streamIds,
      values,
      spent: batch.samples,
    };
    port2.postMessage(results, [batch.samples.buffer]);
  });
  closers.push(() => {
    line.close();
    port2.close();
  });
  let count = 0;
  let notify: () => void = () => undefined;
  line.listen({
    onMessage: () => {
      count++;
      notify();
    },
    onDown: () => undefined,
  });
  const answered = (wanted: number): Promise<void> =>
    new Promise((resolve) => {
      notify = () => {
        if (count >= wanted) resolve();
      };
      notify();
    });
  return { client, line, batches, answered };
}
