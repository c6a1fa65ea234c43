import type { Call } from "@earshot/sdk";
import { describe, expect, it } from "vitest";
import { toJsonReport } from "./json-report.ts";
import { toJunitReport } from "./junit-report.ts";
import { outcomeOf, type Rehearsal, type RehearsedCall } from "./rehearsal.ts";
import { scenarioShape } from "./scenario.ts";
import { toGateLine, toProgressLine, toTextReport } from "./text-report.ts";

const scenario = (name: string) => scenarioShape.parse({ name, agent: "Desk", script: ["Hi."] });
const call = {
  transcript: [{ role: "agent", text: 'We say "no" & <yes>.', atMs: 1500 }],
  turns: [],
  endReason: "caller-hung-up",
} as unknown as Call;

const ended = (name: string, hasPassed: boolean): RehearsedCall => ({
  file: "a.yaml",
  scenario: scenario(name),
  round: 1,
  seed: 7,
  status: hasPassed ? "passed" : "failed",
  callId: "call_1",
  checks: [
    { name: "course", hasPassed: true, wanted: "w", observed: "done" },
    { name: "agent says", hasPassed, wanted: "eighty", observed: '"ninety"', atMs: 1500 },
  ],
  call,
  durationMs: 20_000,
  wallMs: 4000,
});
const broken: RehearsedCall = {
  file: "b.yaml",
  scenario: scenario("Broken"),
  round: 1,
  seed: 7,
  status: "broken",
  error: "There is no agent.",
  wallMs: 10,
};
const rehearsalOf = (...calls: RehearsedCall[]): Rehearsal => ({ seed: 1, wallMs: 5000, calls });

describe("the report of a rehearsal", () => {
  it("says in one line whether to deploy", () => {
    expect(toGateLine(rehearsalOf(ended("A", true)))).toBe("PASS  1 of 1 passed in 5.0 s, seed 1");
    expect(toGateLine(rehearsalOf(ended("A", true), ended("B", false)))).toBe(
      'FAIL  1 of 2 passed, 1 failed in 5.0 s, seed 1; first: B: agent says: wanted eighty, observed "ninety"',
    );
    expect(toGateLine(rehearsalOf(ended("B", false), broken))).toMatch(
      /^BROKEN {2}0 of 2 passed, 1 failed, 1 could not/,
    );
  });

  it("tells what could not be rehearsed from what failed", () => {
    expect(outcomeOf(rehearsalOf(ended("A", true)))).toBe("passed");
    expect(outcomeOf(rehearsalOf(ended("A", true), ended("B", false)))).toBe("failed");
    expect(outcomeOf(rehearsalOf(ended("B", false), broken))).toBe("broken");
  });

  it("shows a failed call with what was wanted, what was observed, when, and what was said", () => {
    expect(toTextReport(rehearsalOf(ended("A", true), ended("B", false)))).toBe(
      [
        "FAILED  B  (a.yaml, call call_1, seed 7)",
        "  agent says, at 1.5 s",
        "    wanted    eighty",
        '    observed  "ninety"',
        '     1.5 s  AGENT   We say "no" & <yes>.',
        "",
        'FAIL  1 of 2 passed, 1 failed in 5.0 s, seed 1; first: B: agent says: wanted eighty, observed "ninety"',
      ].join("\n"),
    );
  });

  it("has a line for each call as it is over", () => {
    expect(toProgressLine(ended("A", true), 1)).toBe("ok      A  (2 of 2 checks, 20.0 s of call, 5.0 times real time)");
    expect(toProgressLine(ended("B", false), 3)).toContain("FAILED  B (1 of 3)  (1 of 2 checks");
    expect(toProgressLine(broken, 1)).toBe("BROKEN  Broken: There is no agent.");
  });

  it("is JSON for programs", () => {
    const report = toJsonReport(rehearsalOf(ended("B", false), broken));
    expect(JSON.parse(JSON.stringify(report))).toMatchObject({
      outcome: "broken",
      total: 2,
      calls: [
        { scenario: "B", status: "failed", callId: "call_1", checks: [{ name: "course" }, { observed: '"ninety"' }] },
        { scenario: "Broken", error: "There is no agent." },
      ],
    });
  });

  it("is JUnit XML for CI, with nothing in it that XML doesn't take", () => {
    const xml = toJunitReport(rehearsalOf(ended("A & \u0007 B", true), ended('C "<x>"', false), broken));
    expect(xml).toContain('<testsuites name="earshot rehearse" tests="3" failures="1" errors="1" time="5.000">');
    expect(xml).toContain('<testcase classname="Desk" name="A &amp;  B" time="4.000">');
    expect(xml).toContain(
      '<failure message="agent says at 1.500 s">wanted eighty&#10;observed &quot;ninety&quot;</failure>',
    );
    expect(xml).toContain('<error message="There is no agent."/>');
    expect(xml.match(/<testsuite /g)).toHaveLength(2);
  });
});
