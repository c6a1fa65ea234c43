import { type Aim, type Figures, type Spread, toText } from "./card.ts";
import type { Scorecard } from "./score.ts";

/** The scorecard for people: turns, overlaps, tools, and each aim with its verdict. */
export function toTextCard(card: Scorecard): string {
  const { figures, aims, split, seed, perKind, machine, tookMs } = card;
  return [
    `Scorecard of the ${split} corpus, seed ${seed}, ${perKind} of each kind, in ${Math.round(tookMs / 1000)} s`,
    machine,
    "",
    toTable([
      ["turns", "silence", "response p50", "p95", "p99", "false cut-offs", "missed", "duplicate"],
      ...figures.turns.map(({ listener, endpointingMs, response, cutOff, missed, duplicate }) => [
        listener,
        `${endpointingMs} ms`,
        ...toCells(response),
        toText(cutOff),
        String(missed.count),
        String(duplicate.count),
      ]),
    ]),
    "",
    ...toTransportTable(figures.transport),
    toTable([
      ["over the agent", "p50", "p95", "p99"],
      ["yield latency, from the first sample", ...toCells(figures.yield)],
      ["yield latency, from a recognisable word", ...toCells(figures.yieldAfterRecognisable)],
      ["ducking, from the first sample", ...toCells(figures.duck)],
      ["ducking, from the first that the line carries", ...toCells(figures.duckAfterAudible)],
    ]),
    "",
    toTable([
      ["over the agent", "share"],
      ["backchannel tolerance", toText(figures.tolerance)],
      ["obedience to interruptions", toText(figures.obedience)],
      ["selectivity: backchannels and noises", toText(figures.selectivity)],
      ["interruptions without an answer", toText(figures.unanswered)],
      ["lost tool results", toText(figures.lostResults)],
      ["duplicate tool results", toText(figures.duplicateResults)],
    ]),
    "",
    toTable([["aim", "wanted", "observed", ""], ...aims.map(toRow)]),
  ].join("\n");
}

function toTransportTable(transport: Figures["transport"]): readonly string[] {
  if (transport === undefined) return [];
  const { inProcess, socket } = transport;
  const rows = [
    [`response latency of ${socket?.count ?? 0} sentences, 300 ms`, "p50", "p95", "p99"],
    ["in this process", ...toCells(inProcess)],
    ["over a WebSocket, transport counted in", ...toCells(socket)],
    ["of that, transport", ...toCells(transport.transport)],
  ];
  return [toTable(rows), ""];
}

/** Whether every aim that could be measured is met. */
export function isAsAimed({ aims }: Pick<Scorecard, "aims">): boolean {
  return aims.every(({ isMet }) => isMet !== false);
}

function toRow({ name, wanted, observed, isMet }: Aim): readonly string[] {
  if (isMet === undefined) return [name, wanted, observed, "-"];
  return [name, wanted, observed, isMet ? "met" : "MISSED"];
}

function toCells(spread: Spread | undefined): readonly string[] {
  return spread === undefined ? ["-", "-", "-"] : [spread.p50, spread.p95, spread.p99].map((ms) => `${ms} ms`);
}

function toTable(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
