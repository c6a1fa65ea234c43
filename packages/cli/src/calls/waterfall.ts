import type { Call } from "@earshot/sdk";

type Turn = Call["turns"][number];

const BAR_COLUMNS = 40;

/** Where the time between the caller's last sound and the agent's first went, turn by turn. */
export function toWaterfall(turns: readonly Turn[]): string {
  return turns.map(toLines).join("\n\n");
}

function toLines(turn: Turn, index: number): string {
  const segments = completeSegments(turn);
  const width = Math.max(...segments.map(({ label }) => label.length), "response".length);
  const figures = String(Math.round(turn.responseMs)).length;
  const line = (label: string, ms: number, bar: string) =>
    `  ${label.padEnd(width)}  ${String(ms).padStart(figures)} ms  ${bar}`.trimEnd();
  let elapsedMs = 0;
  const bars = segments.map(({ label, ms }) => {
    const from = columnOf(elapsedMs, turn.responseMs);
    elapsedMs += ms;
    const to = columnOf(elapsedMs, turn.responseMs);
    return line(label, ms, " ".repeat(from) + "█".repeat(Math.max(to - from, 0)));
  });
  const head = `Turn ${index + 1} at ${(turn.atMs / 1000).toFixed(1)} s`;
  const saved = turn.savedMs === undefined ? [] : [line("saved", Math.round(turn.savedMs), "by a reply begun early")];
  return [head, ...bars, line("response", Math.round(turn.responseMs), ""), ...saved].join("\n");
}

/** Whole milliseconds that sum to the response time; what no segment claims is "other". */
function completeSegments({ segments, responseMs }: Turn): { label: string; ms: number }[] {
  let exact = 0;
  let whole = 0;
  const rows = Object.entries(segments).map(([name, ms]) => {
    exact += ms;
    const rounded = Math.round(exact) - whole;
    whole += rounded;
    return { label: toWords(name), ms: rounded };
  });
  const rest = Math.round(responseMs) - whole;
  return rest === 0 ? rows : [...rows, { label: "other", ms: rest }];
}

function columnOf(ms: number, wholeMs: number): number {
  const share = wholeMs <= 0 ? 0 : ms / wholeMs;
  return Math.round(Math.min(Math.max(share, 0), 1) * BAR_COLUMNS);
}

function toWords(name: string): string {
  return name
    .replace(/Ms$/, "")
    .replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
    .trim();
}
