import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";

const MAIN = fileURLToPath(new URL("./main.ts", import.meta.url));
const ENGINE = fileURLToPath(new URL("../../../engine/src", import.meta.url));
const PACKAGES = fileURLToPath(new URL("../../../../node_modules", import.meta.url));

const copies: string[] = [];
afterAll(() => {
  for (const copy of copies) rmSync(copy, { recursive: true });
});

function fuzz(...args: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [MAIN, ...args], { maxBuffer: 50_000_000 }, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === "number" ? error.code : 0, stdout, stderr });
    });
  });
}

/** A copy of the engine with one thing in it broken. */
function breakEngine(file: string, from: string, to: string): string {
  const folder = mkdtempSync(join(tmpdir(), "earshot-fuzz-"));
  copies.push(folder);
  cpSync(ENGINE, join(folder, "src"), { recursive: true });
  symlinkSync(PACKAGES, join(folder, "node_modules"));
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  const path = join(folder, "src", file);
  const source = readFileSync(path, "utf8");
  if (!source.includes(from)) throw new Error(`${file} has no line "${from}" to break`);
  writeFileSync(path, source.replace(from, to));
  return join(folder, "src");
}

describe("npm run fuzz", () => {
  it("plays random calls through the rules and the session, and says how many and how fast", {
    timeout: 60_000,
  }, async () => {
    const { code, stdout, stderr } = await fuzz("--runs", "60", "--seed", "7");
    expect(stderr).toBe("");
    expect(code).toBe(0);
    expect(stdout).toMatch(/^rules: rules 1 to 7 kept by 60 random histories in [\d.]+ s on 2 threads \(seed 7\)$/m);
    expect(stdout).toMatch(
      /^session: rules 1 to 7 kept by 60 random calls .+longest silence for a caller who waits [\d.]+ s with understudies, [\d.]+ s without, /m,
    );
  });

  it("finds a rule that is broken, prints the call as a play script, and how to see it again", {
    timeout: 60_000,
  }, async () => {
    const engine = breakEngine("conversation/tools.ts", "  if (hasToolCall(now, id)) return stay(now);\n", "");
    const { code, stdout } = await fuzz("rules", "--runs", "20000", "--seed", "1", "--engine", engine);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^rules: BROKEN after/);
    expect(stdout).toMatch(/^rule 7: /m);
    expect(stdout).toMatch(/toolCallId=\S+/);
    const again = /^Again: npm run fuzz -- (.+)$/m.exec(stdout)?.[1]?.split(" ") ?? [];
    const second = await fuzz(...again);
    expect(second.code).toBe(1);
    expect(messageOf(second.stdout)).toBe(messageOf(stdout));
  });

  it("finds a session that remembers what nobody heard, and plays the same call again", {
    timeout: 60_000,
  }, async () => {
    const engine = breakEngine("session/playout.ts", "takeHeard(segment.played)", "takeHeard(segment.played + 8_000)");
    const { code, stdout } = await fuzz("session", "--runs", "2000", "--seed", "1", "--engine", engine);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^rule 5: heard /m);
    expect(stdout).toMatch(/^voice: /m);
    const again = /^Again: npm run fuzz -- (.+)$/m.exec(stdout)?.[1]?.split(" ") ?? [];
    const second = await fuzz(...again, "--json");
    expect(second.code).toBe(1);
    const report = JSON.parse(second.stdout) as { outcome: string; checks: { found: { message: string } }[] };
    expect(report.outcome).toBe("broken");
    expect(report.checks[0]?.found.message).toBe(messageOf(stdout));
  });

  it("counts too long a silence for a caller who waits as a break when it is told what is too long", {
    timeout: 60_000,
  }, async () => {
    const { code, stdout } = await fuzz("session", "--runs", "400", "--seed", "1", "--max-dead-air", "100");
    expect(code).toBe(1);
    expect(stdout).toMatch(/rule 6: \d+ ms without a sound for a caller who waits/);
    expect(stdout).toContain("--max-dead-air 100");
  });

  it.each([
    [["walk"], 'There is no check "walk": there are rules and session.'],
    [["--runs", "0"], "--runs must be a whole number from 1 to 1000000000"],
    [["--path", "1"], "give its name and --seed too"],
    [["--loud"], "--loud"],
    [["rules", "--seed", "5", "--path", "1:99999999999:1"], "--path 1:99999999999:1 leads to no call from --seed 5."],
    [["session", "--seed", "5", "--path", "1:99999999999"], "by a version whose random calls were others"],
  ])("says what is wrong with %j", async (args, message) => {
    const { code, stderr } = await fuzz(...args);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
    expect(stderr).toContain("Usage: npm run fuzz");
  });
});

function messageOf(stdout: string): string | undefined {
  return /^rule \d: .+$/m.exec(stdout)?.[0];
}
