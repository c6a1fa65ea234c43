import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const MAIN = fileURLToPath(new URL("./main.ts", import.meta.url));

function bench(...args: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [MAIN, ...args], (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === "number" ? error.code : 0, stdout, stderr });
    });
  });
}

describe("npm run bench", () => {
  it("names the benchmarks there are when one is unknown", async () => {
    const { code, stderr } = await bench("engin");
    expect(code).toBe(1);
    expect(stderr).toContain('There is no "engin"');
    expect(stderr).toContain("engine, latency, start, api, models, media, memory");
  });

  it("says which folder holds no driver", async () => {
    const { code, stderr } = await bench("engine", "--quick", "--driver", "docs");
    expect(code).toBe(1);
    expect(stderr).toMatch(/There is no benchmark driver in .*docs: it has no src\/run.ts/);
  });

  it("measures the engine quickly, with the machine and a baseline", { timeout: 60_000 }, async () => {
    const { code, stdout, stderr } = await bench("engine", "--quick", "--driver", "none");
    expect(stderr).toBe("");
    expect(code).toBe(0);
    expect(stdout).toMatch(/^# engine, on .+ cores/);
    expect(stdout).toMatch(/[\d,]+ facts a second/);
    expect(stdout).toMatch(/\| 2 +\| 2 +\| 0 /);
    expect(stdout).toMatch(/by each of 100 calls that are over: -?\d+ bytes/);
    expect(stdout).toContain("The shared driver was not wanted.");
    expect(stdout).toMatch(/Baseline.+ the p95 is -?[\d.]+ times/);
  });

  it("calls a real node by telephone, and its agent answers", { timeout: 120_000 }, async () => {
    const { code, stdout } = await bench("media", "--quick");
    expect(stdout).toMatch(/^# media, on .+ cores/);
    expect(stdout).toMatch(/\| 2 +\| 2 +\| [\d.]+ .+\| [1-9]\d*\/[1-9]\d* +\|/);
    expect(stdout).not.toContain("Calls that failed");
    expect(stdout).toMatch(/\| PCMU +\| 2 +\| [\d.]+ /);
    expect(stdout).toMatch(/\| 4 +\| 4 +\| 0 +\| \d+ \/ \d+ /);
    expect(stdout).toMatch(/Held: 4 calls a second|sipp is not installed/);
    expect(stdout).toMatch(/\| 0.00 +\| .+\| 0 +\| \d+ +\|/);
    expect(code).toBe(0);
  });
});
