import { spawnSync } from "node:child_process";
import { chmod, mkdtemp, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { systemWallClock } from "../wall-clock.ts";
import { claimDataDirectory } from "./data-directory.ts";

let directory: string;
let lockPath: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "earshot-lock-"));
  lockPath = join(directory, "earshot.lock");
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const claim = (path = directory) => claimDataDirectory(path, systemWallClock);

test("makes the folder that isn't there yet, and gives it up again", async () => {
  const inner = join(directory, "a/b");
  const first = await claim(inner);
  await first.release();
  await first.release();
  await (await claim(inner)).release();
});

test("refuses a second server on the same folder", async () => {
  const first = await claim();
  await expect(claim()).rejects.toThrow(/Another Earshot server \(process \d+ on .*\) is using the data directory/);
  await first.release();
});

test("lets only one of several servers in that start at once", async () => {
  const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => claim()));
  expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
});

test("takes over from a server that died", async () => {
  await (await claim()).release();
  const { pid } = spawnSync("true");
  await writeLock({ pid });
  await (await claim()).release();
});

test("takes over when the dead server's process number belongs to another process by now", async () => {
  await writeLock({ pid: process.pid, bornAt: "1" });
  await (await claim()).release();
});

test("takes over a lock file that was cut short by a crash", async () => {
  await writeFile(lockPath, '{"pid":');
  await (await claim()).release();
});

test("judges a lock from another machine by its age", async () => {
  await writeLock({ pid: 1, host: "elsewhere" });
  await expect(claim()).rejects.toThrow("process 1 on elsewhere");
  const longAgo = new Date(Date.now() - 60_000);
  await utimes(lockPath, longAgo, longAgo);
  await (await claim()).release();
});

test("keeps its hands off a lock that has passed to another", async () => {
  const first = await claim();
  await writeLock({ pid: 1, host: "elsewhere" });
  await first.release();
  expect(JSON.parse(await readFile(lockPath, "utf8"))).toMatchObject({ host: "elsewhere" });
});

test("says so when the path is a file", async () => {
  const file = join(directory, "file");
  await writeFile(file, "");
  await expect(claim(file)).rejects.toThrow(
    `The data directory ${file} is not a folder; set EARSHOT_DATA_DIR to a folder.`,
  );
  await expect(claim(join(file, "inner"))).rejects.toThrow("is not a folder");
});

test.skipIf(process.getuid?.() === 0)("says so when the folder can't be written to", async () => {
  await chmod(directory, 0o500);
  await expect(claim()).rejects.toThrow("can't be written to; change its owner");
  await chmod(directory, 0o700);
});

async function writeLock(lock: Record<string, unknown>): Promise<void> {
  const { hostname } = await import("node:os");
  await writeFile(lockPath, JSON.stringify({ bornAt: "0", host: hostname(), nonce: "other", ...lock }));
}
