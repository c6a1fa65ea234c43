import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FileRecorder, type FileRecorderOptions } from "./file-recorder.ts";
import { RECORDING_FORMATS } from "./recording-format.ts";
import { repairRecording } from "./repair-recording.ts";
import { recordTones, toneLevels } from "./testing/two-tones.ts";

const KILLED = fileURLToPath(new URL("./testing/record-until-killed.ts", import.meta.url));

let folder: string;
let path: string;
const failures: unknown[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "earshot-recorder-"));
  path = join(folder, "live", "call_1.x");
  failures.length = 0;
});
afterEach(() => rm(folder, { recursive: true }));

const record = (options: Partial<FileRecorderOptions>) =>
  new FileRecorder({ path, onFailure: (error) => failures.push(error), ...options });
const isLoud = (level: number | undefined) => (level ?? 0) > 0.5;
const isSilent = (level: number | undefined) => (level ?? 1) < 0.05;

describe.each(RECORDING_FORMATS)("a recording as %s", (format) => {
  it("has both tracks, each on its own side, at the time of the call", async () => {
    const recorder = record({ format });
    recordTones(recorder, 1_000, 2_000);
    await recorder.close();
    const file = await readFile(path);
    expect(await repairRecording(path, format)).toEqual({ sizeBytes: file.length, durationMs: 2_000 });
    for (const [track, other] of [
      ["caller", "agent"],
      ["agent", "caller"],
    ] as const) {
      const levels = toneLevels(file, format, track);
      expect([levels.length, levels.findIndex((level) => level > 0.3)]).toEqual([100, 50]);
      expect(levels.slice(51, 99).every(isLoud)).toBe(true);
      expect(toneLevels(file, format, track, other).every(isSilent)).toBe(true);
    }
    expect(failures).toEqual([]);
  });

  it("is silent while it is off, and goes on in time", async () => {
    const recorder = record({ format });
    recordTones(recorder, 0, 1_000);
    recorder.setOn(false, 16 * 1_000);
    recordTones(recorder, 1_000, 2_000);
    recorder.setOn(true, 16 * 2_000);
    recordTones(recorder, 2_000, 3_000);
    await recorder.close();
    const levels = toneLevels(await readFile(path), format, "caller");
    expect(levels).toHaveLength(150);
    expect([levels.slice(2, 49), levels.slice(102, 149)].map((part) => part.every(isLoud))).toEqual([true, true]);
    expect(levels.slice(53, 99).every(isSilent)).toBe(true);
  });

  it("begins when it is wanted, and leaves no file where it never was", async () => {
    const never = record({ format, isOn: false });
    recordTones(never, 0, 500);
    never.setOn(false, 16 * 500);
    await never.close();
    await expect(stat(path)).rejects.toThrow("ENOENT");
    const later = record({ format, isOn: false });
    recordTones(later, 0, 1_000);
    later.setOn(true, 16 * 1_000);
    recordTones(later, 1_000, 2_000);
    await later.close();
    const levels = toneLevels(await readFile(path), format, "agent");
    expect(levels).toHaveLength(100);
    expect(levels.slice(0, 49).every(isSilent) && levels.slice(52, 99).every(isLoud)).toBe(true);
  });

  it("plays up to the last second when the process is killed, and is made whole", async () => {
    const child = spawn(process.execPath, [KILLED, path, format], { stdio: ["ignore", "pipe", "inherit"] });
    let saidMs = 0;
    await new Promise<void>((resolve) =>
      child.stdout.on("data", (chunk: Buffer) => {
        saidMs = Number(chunk.toString().trim().split("\n").at(-1));
        if (saidMs > 1_500) resolve();
      }),
    );
    child.kill("SIGKILL");
    await once(child, "close");
    expect(saidMs).toBeGreaterThan(1_500);
    const heardMs = toneLevels(await readFile(path), format, "caller").length * 20;
    expect(heardMs).toBeGreaterThan(saidMs - 1_000);
    await writeFile(path, Buffer.concat([await readFile(path), Buffer.from("OggS\0half a piece")]));
    const whole = await repairRecording(path, format);
    expect(whole?.durationMs).toBeGreaterThanOrEqual(heardMs);
    const repaired = toneLevels(await readFile(path), format, "caller");
    expect(repaired.slice(2, heardMs / 20 - 2).every(isLoud)).toBe(true);
    expect(await repairRecording(path, format)).toEqual(whole);
  });
});

it("waits for a disk that can't be written, tells it once, and loses nothing", async () => {
  await writeFile(join(folder, "live"), "in the way");
  let recovered = 0;
  const recorder = record({ onRecovered: () => recovered++ });
  const step = async (fromMs: number) => {
    recordTones(recorder, fromMs, fromMs + 1_000);
    await new Promise((resolve) => setTimeout(resolve, 5));
  };
  for (let second = 0; second < 5; second++) await step(second * 1_000);
  expect([failures.length, recovered]).toEqual([1, 0]);
  await rm(join(folder, "live"));
  await mkdir(join(folder, "live"));
  for (let second = 5; second < 9; second++) await step(second * 1_000);
  await recorder.close();
  expect([failures.length, recovered]).toEqual([1, 1]);
  const levels = toneLevels(await readFile(path), "wav", "caller");
  expect([levels.length, levels.every(isLoud)]).toEqual([450, true]);
});

it("gives the recording up, and not the memory, when the disk stays full", async () => {
  await writeFile(join(folder, "live"), "in the way");
  const recorder = record({});
  for (let second = 0; second < 200; second++) {
    recordTones(recorder, second * 1_000, second * 1_000 + 200);
    recorder.advance(16 * (second + 1) * 1_000);
  }
  await rm(join(folder, "live"));
  recordTones(recorder, 200_000, 203_000);
  await recorder.close();
  expect(failures).toHaveLength(1);
  expect((await stat(path).catch(() => undefined))?.size ?? 0).toBe(0);
});
