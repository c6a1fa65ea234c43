/** Reads Vitest's JSON report and prints one plain line, "123 passed, 0 failed". Fails when tests failed or none ran. */
import { readFileSync } from "node:fs";

const file = process.argv[2] ?? "test-results/vitest.json";
const report = readReport(file);
const passed = report?.numPassedTests ?? 0;
/** A file that can't be loaded holds no test that could fail, yet it is a failure. */
const brokenFiles = (report?.testResults ?? []).filter(
  ({ status, assertionResults }) => status === "failed" && assertionResults.every((test) => test.status !== "failed"),
).length;
const failed = (report?.numFailedTests ?? 0) + brokenFiles;

if (!report) console.error(`There is no test report at ${file}: the tests did not run to their end.`);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = report && failed === 0 && passed > 0 ? 0 : 1;

/**
 * @param {string} path
 * @returns {{ numPassedTests: number, numFailedTests: number,
 *   testResults: { status: string, assertionResults: { status: string }[] }[] } | undefined}
 */
function readReport(path) {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return undefined;
  }
}
