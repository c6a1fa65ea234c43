import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";

const script = join(import.meta.dirname, "../testing/rules/prove-guards.ts");

/** All of them take a minute: `node packages/engine/src/testing/rules/prove-guards.ts`. */
const EVERY = "6";

it("has no guard that can be taken out without a rule being broken", { timeout: 300_000 }, async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [script, EVERY]);
  const report = JSON.parse(stdout) as { guards: number; survivors: unknown[] };
  expect(report.guards).toBeGreaterThan(12);
  expect(report.survivors).toEqual([]);
});
