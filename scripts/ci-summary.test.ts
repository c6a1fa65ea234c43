import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "earshot-summary-"));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function summaryOf(report: string | undefined) {
  const file = join(folder, "report.json");
  if (report !== undefined) writeFileSync(file, report);
  const script = join(import.meta.dirname, "ci-summary.mjs");
  const { stdout, status } = spawnSync(process.execPath, [script, file], { encoding: "utf8" });
  return { stdout, status };
}

const testFile = (status: string, ...tests: string[]) => ({
  status,
  assertionResults: tests.map((each) => ({ status: each })),
});

it("counts tests and succeeds when all passed", () => {
  const report = { numPassedTests: 12, numFailedTests: 0, testResults: [testFile("passed", "passed")] };
  expect(summaryOf(JSON.stringify(report))).toEqual({ stdout: "12 passed, 0 failed\n", status: 0 });
});

it("fails when a test failed", () => {
  const report = { numPassedTests: 11, numFailedTests: 1, testResults: [testFile("failed", "passed", "failed")] };
  expect(summaryOf(JSON.stringify(report))).toEqual({ stdout: "11 passed, 1 failed\n", status: 1 });
});

it("counts a file that could not be loaded as a failure", () => {
  const report = { numPassedTests: 11, numFailedTests: 0, testResults: [testFile("failed")] };
  expect(summaryOf(JSON.stringify(report))).toEqual({ stdout: "11 passed, 1 failed\n", status: 1 });
});

it.each([
  ["no test ran", '{"numPassedTests":0,"numFailedTests":0,"testResults":[]}'],
  ["there is no report", undefined],
  ["the report was cut off", '{"numPassedTests":3,'],
])("fails when %s", (_, report) => {
  expect(summaryOf(report)).toEqual({ stdout: "0 passed, 0 failed\n", status: 1 });
});
