import { failedChecks, type Rehearsal, type RehearsedCall, titleOf } from "./rehearsal.ts";
import { roundsOf } from "./text-report.ts";

/** The rehearsal as JUnit XML, a suite for each file, as CI systems read it. */
export function toJunitReport(rehearsal: Rehearsal): string {
  const files = [...new Set(rehearsal.calls.map(({ file }) => file))];
  const rounds = roundsOf(rehearsal);
  const suites = files.map((file) =>
    toSuite(
      file,
      rehearsal.calls.filter((call) => call.file === file),
      rounds,
    ),
  );
  const counts = countsOf(rehearsal.calls, rehearsal.wallMs);
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="earshot rehearse" ${counts}>\n${suites.join("\n")}\n</testsuites>\n`;
}

function toSuite(file: string, calls: readonly RehearsedCall[], rounds: number): string {
  const wallMs = calls.reduce((sum, call) => sum + call.wallMs, 0);
  const cases = calls.map((call) => toCase(call, rounds)).join("\n");
  return `  <testsuite name="${toXml(file)}" ${countsOf(calls, wallMs)}>\n${cases}\n  </testsuite>`;
}

function countsOf(calls: readonly RehearsedCall[], wallMs: number): string {
  const count = (status: RehearsedCall["status"]) => calls.filter((call) => call.status === status).length;
  return `tests="${calls.length}" failures="${count("failed")}" errors="${count("broken")}" time="${toSeconds(wallMs)}"`;
}

function toCase(call: RehearsedCall, rounds: number): string {
  const head = `    <testcase classname="${toXml(call.scenario.agent)}" name="${toXml(titleOf(call, rounds))}" time="${toSeconds(call.wallMs)}"`;
  if (call.status === "broken") return `${head}>\n      <error message="${toXml(call.error)}"/>\n    </testcase>`;
  const failures = failedChecks(call).map(({ name, wanted, observed, atMs }) => {
    const at = atMs === undefined ? "" : ` at ${toSeconds(atMs)} s`;
    return `      <failure message="${toXml(`${name}${at}`)}">${toXml(`wanted ${wanted}\nobserved ${observed}`)}</failure>`;
  });
  const said = call.call.transcript.map(({ role, text, atMs }) => `${toSeconds(atMs)} ${role}: ${text}`).join("\n");
  const out = `      <system-out>${toXml(`${call.callId}\n${said}`)}</system-out>`;
  return `${head}>\n${[...failures, out].join("\n")}\n    </testcase>`;
}

function toSeconds(ms: number): string {
  return (ms / 1000).toFixed(3);
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "\n": "&#10;",
};

/** For attributes and content alike; XML has no way to write most control characters. */
function toXml(text: string): string {
  return text
    .replace(/(?![\t\n\r])\p{Cc}|[\ufffe\uffff]/gu, "")
    .replace(/[&<>"\n]/g, (character) => ENTITIES[character] ?? "");
}
