import { describe, expect, it } from "vitest";
import { FakeClock } from "../testing/fake-clock.ts";
import { BatchingJournal } from "./batching-journal.ts";
import type { JournalEntry } from "./journal.ts";

const entry = (seq: number): JournalEntry => ({ seq, atMs: seq, event: { type: "leg-lost", atMs: seq }, effects: [] });

function makeJournal(fail: (batch: number) => boolean = () => false) {
  const clock = new FakeClock();
  const batches: number[][] = [];
  let attempts = 0;
  const journal = new BatchingJournal((entries) => {
    if (fail(++attempts)) return Promise.reject(new Error("no space left"));
    batches.push(entries.map(({ seq }) => seq));
    return Promise.resolve();
  }, clock);
  return { clock, journal, batches };
}

describe("a batching journal", () => {
  it("stores what came within 100 ms as one batch", async () => {
    const { clock, journal, batches } = makeJournal();
    journal.append(entry(1));
    await clock.advance(60);
    journal.append(entry(2));
    await clock.advance(39);
    expect(batches).toEqual([]);
    await clock.advance(1);
    expect(batches).toEqual([[1, 2]]);
  });

  it("stores at once when it is flushed", async () => {
    const { journal, batches } = makeJournal();
    journal.append(entry(1));
    await journal.flush();
    expect(batches).toEqual([[1]]);
    await journal.flush();
    expect(batches).toEqual([[1]]);
  });

  it("keeps what can't be stored, in order, and tries again each second", async () => {
    const { clock, journal, batches } = makeJournal((attempt) => attempt <= 2);
    journal.append(entry(1));
    await clock.advance(100);
    expect(journal.hasTrouble).toBe(true);
    journal.append(entry(2));
    await clock.advance(1_000);
    expect(batches).toEqual([]);
    await clock.advance(1_000);
    expect(batches).toEqual([[1, 2]]);
    expect(journal.hasTrouble).toBe(false);
  });

  it("keeps each of two flushes at once waiting until all is stored", async () => {
    const clock = new FakeClock();
    const stored = Promise.withResolvers<void>();
    const journal = new BatchingJournal(() => stored.promise, clock);
    journal.append(entry(1));
    const done: string[] = [];
    const flushes = [journal.flush().then(() => done.push("first")), journal.flush().then(() => done.push("second"))];
    await clock.advance(0);
    expect(done).toEqual([]);
    stored.resolve();
    await Promise.all(flushes);
    expect(done).toHaveLength(2);
  });

  it("tells whoever flushes that it could not store", async () => {
    const { journal, batches } = makeJournal((attempt) => attempt === 1);
    journal.append(entry(1));
    await expect(journal.flush()).rejects.toThrow("no space left");
    await journal.flush();
    expect(batches).toEqual([[1]]);
  });
});
