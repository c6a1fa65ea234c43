import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { systemWallClock as clock } from "../wall-clock.ts";
import { expireRecordings } from "./expire-recordings.ts";

let dataDirectory: string;
beforeEach(async () => {
  dataDirectory = await mkdtemp(join(tmpdir(), "earshot-expire-"));
});
afterEach(() => rm(dataDirectory, { recursive: true }));

test("deletes recordings past their time, and nothing else in the folder", async () => {
  const folder = join(dataDirectory, "recordings");
  await mkdir(folder);
  for (const [name, ageDays] of [
    ["call_old.wav", 31],
    ["call_new.wav", 29],
    ["notes.txt", 99],
  ] as const) {
    await writeFile(join(folder, name), "");
    const at = new Date(Date.now() - ageDays * 86_400_000);
    await utimes(join(folder, name), at, at);
  }
  expect(await expireRecordings({ dataDirectory, retentionDays: 30, clock })).toBe(1);
  expect(await expireRecordings({ dataDirectory, retentionDays: 30, clock })).toBe(0);
  expect((await readdir(folder)).toSorted()).toEqual(["call_new.wav", "notes.txt"]);
});

test("finds nothing to do before the first recording", async () => {
  expect(await expireRecordings({ dataDirectory, retentionDays: 1, clock })).toBe(0);
});
