import type { Call } from "@earshot/sdk";
import { parsePattern } from "../callers/text-pattern.ts";
import { type Check, toCheck } from "./check.ts";

type Line = Call["transcript"][number];

/** All of the patterns are somewhere in the lines. */
export function checkSaid(name: string, patterns: readonly string[], lines: readonly Line[]): Check[] {
  return patterns.map((pattern) => {
    const found = findLine(lines, pattern);
    const whole = lines.map(({ text }) => text).join("\n");
    const hasPassed = found !== undefined || parsePattern(pattern).isIn(whole);
    const observed = hasPassed ? quote(found?.text ?? whole) : lines.map(({ text }) => quote(text)).join(" ");
    return toCheck(name, hasPassed, { wanted: pattern, observed: observed || "nothing", atMs: found?.atMs });
  });
}

export function checkNeverSaid(name: string, patterns: readonly string[], lines: readonly Line[]): Check[] {
  return patterns.map((pattern) => {
    const found = findLine(lines, pattern);
    const observed = found === undefined ? "never said" : quote(found.text);
    return toCheck(name, found === undefined, { wanted: `never ${pattern}`, observed, atMs: found?.atMs });
  });
}

export function linesOf({ transcript }: Call, role: Line["role"]): readonly Line[] {
  return transcript.filter((line) => line.role === role);
}

export function quote(text: string): string {
  return `"${text}"`;
}

function findLine(lines: readonly Line[], pattern: string): Line | undefined {
  const { isIn } = parsePattern(pattern);
  return lines.find(({ text }) => isIn(text));
}
