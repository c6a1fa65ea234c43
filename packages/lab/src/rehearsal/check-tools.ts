import { isDeepStrictEqual } from "node:util";
import { parsePattern } from "../callers/text-pattern.ts";
import type { ToolRun } from "./call-facts.ts";
import { type Check, toCheck } from "./check.ts";
import type { Expectations } from "./expectation-shape.ts";

type WantedTool = NonNullable<Expectations["tools"]>[number];

export function checkTools(
  wanted: Pick<Expectations, "tools" | "neverCalls" | "eachToolOnce">,
  runs: readonly ToolRun[],
): Check[] {
  return [
    ...(wanted.tools ?? []).map((tool) => checkTool(tool, runs)),
    ...(wanted.neverCalls ?? []).map((name) => checkNever(name, runs)),
    ...(wanted.eachToolOnce ? [checkOnce(runs)] : []),
  ];
}

function checkTool(wanted: WantedTool, runs: readonly ToolRun[]): Check {
  const fitting = runs.filter((run) => fits(wanted, run));
  const hasPassed = wanted.times === undefined ? fitting.length > 0 : fitting.length === wanted.times;
  const often = wanted.times === undefined ? "" : `, ${wanted.times} times`;
  const outcome = wanted.outcome === undefined ? "" : ` ${wanted.outcome}`;
  return toCheck(`calls ${wanted.name}`, hasPassed, {
    wanted: `${wanted.name}(${wanted.arguments === undefined ? "" : JSON.stringify(wanted.arguments)})${outcome}${often}`,
    observed:
      describeRuns(runs.filter(({ name }) => name === wanted.name)) || describeRuns(runs) || "no tool was called",
    atMs: fitting[0]?.atMs,
  });
}

function checkNever(name: string, runs: readonly ToolRun[]): Check {
  const found = runs.filter((run) => run.name === name);
  const observed = describeRuns(found) || "never called";
  return toCheck(`never calls ${name}`, found.length === 0, { wanted: "never", observed, atMs: found[0]?.atMs });
}

function checkOnce(runs: readonly ToolRun[]): Check {
  const twice = runs.filter((run, index) => runs.slice(0, index).some((other) => isSame(run, other)));
  return toCheck("calls each tool once", twice.length === 0, {
    wanted: "no tool twice with the same arguments",
    observed: describeRuns(twice) || "none twice",
    atMs: twice[0]?.atMs,
  });
}

function isSame(one: ToolRun, other: ToolRun): boolean {
  return one.name === other.name && isDeepStrictEqual(one.arguments, other.arguments);
}

function fits(wanted: WantedTool, run: ToolRun): boolean {
  if (wanted.name !== run.name) return false;
  if (wanted.outcome !== undefined && wanted.outcome !== run.outcome) return false;
  return wanted.arguments === undefined || isWithin(wanted.arguments, run.arguments);
}

/** Whether everything of `wanted` is in `value`: texts as patterns, objects in part, all else exactly. */
export function isWithin(wanted: unknown, value: unknown): boolean {
  if (typeof wanted === "string") return typeof value === "string" && parsePattern(wanted).isIn(value);
  if (typeof wanted !== "object" || wanted === null || Array.isArray(wanted)) return isDeepStrictEqual(wanted, value);
  if (typeof value !== "object" || value === null) return false;
  const given = value as Readonly<Record<string, unknown>>;
  return Object.entries(wanted).every(([key, part]) => isWithin(part, given[key]));
}

function describeRuns(runs: readonly ToolRun[]): string {
  return runs
    .map(
      ({ name, arguments: given, outcome }) =>
        `${name}(${JSON.stringify(given)})${outcome === undefined ? "" : ` ${outcome}`}`,
    )
    .join(", ");
}
