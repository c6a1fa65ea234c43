/** Earshot and its peer under one driver, in one go, beside what the driver itself costs. */

import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { printTable } from "../../table.ts";
import { installPeer, prepareDriver } from "./prepare-driver.ts";
import { type DriverOrder, type DriverRun, runDriver } from "./run-driver.ts";

const RESULTS = fileURLToPath(new URL("../../../../../../test-results/bench-engine.json", import.meta.url));
/** Where the driver says that an engine bears so many calls: see its scenario. */
const OVERHEAD_LIMIT_MS = 100;
const EARSHOT = "Earshot";
const FLOOR = "floor";
const PEER_BEST = "peer, at its best";
const PEER_DEPLOYED = "peer, as deployed";
const PEER_SILERO = "peer, deployed with Silero";

type Step = Omit<DriverOrder, "windowSeconds">;

const FULL: readonly Step[] = [
  { label: FLOOR, engine: "floor", calls: 40 },
  { label: EARSHOT, engine: "earshot", calls: 40 },
  { label: PEER_SILERO, engine: "livekit", calls: 30, processes: "each", options: { vad: "silero" } },
  { label: PEER_DEPLOYED, engine: "livekit", calls: 40, processes: "each", options: { vad: "bundled" } },
  { label: FLOOR, engine: "floor", calls: 120 },
  { label: EARSHOT, engine: "earshot", calls: 120 },
  { label: PEER_BEST, engine: "livekit", calls: 120, processes: 2, options: { vad: "bundled" } },
  { label: FLOOR, engine: "floor", calls: 300 },
  { label: EARSHOT, engine: "earshot", calls: 200 },
  { label: EARSHOT, engine: "earshot", calls: 300 },
  { label: EARSHOT, engine: "earshot", calls: 400 },
];

const QUICK: readonly Step[] = [
  { label: FLOOR, engine: "floor", calls: 2 },
  { label: EARSHOT, engine: "earshot", calls: 2 },
  { label: PEER_BEST, engine: "livekit", calls: 2, options: { vad: "bundled" } },
];

export async function compareEngines(folder: string, options: { readonly isQuick: boolean }): Promise<void> {
  const copy = await prepareDriver(folder);
  await installPeer(copy);
  const windowSeconds = options.isQuick ? 15 : 60;
  console.log("## Engine beside its peer: the shared scenario, Silero on every call of Earshot's\n");
  const runs: DriverRun[] = [];
  for (const step of options.isQuick ? QUICK : FULL) runs.push(await runDriver(copy, { ...step, windowSeconds }));
  printTable(runs.map((run) => toRow(run, runs)));
  for (const line of compare(runs)) console.log(`\n${line}`);
  console.log("");
  await mkdir(dirname(RESULTS), { recursive: true });
  await writeFile(RESULTS, `${JSON.stringify(runs, undefined, 2)}\n`);
}

function toRow(run: DriverRun, runs: readonly DriverRun[]): Record<string, string | number> {
  const { order, report } = run;
  const { overheadOrdinaryMs: overhead } = report;
  return {
    engine: order.label,
    calls: order.calls,
    processes: order.processes ?? 1,
    turns: report.turns,
    "missed/wrong/double": `${report.missed}/${report.wrong}/${report.duplicates}`,
    "overhead p50 ms": overhead.p50,
    "p95 ms": overhead.p95,
    "p99 ms": overhead.p99,
    "barge-in stop p50 ms": report.bargeStopMs.p50 ?? "",
    "CPU s per call-minute": report.cpuPerCallMin.toFixed(3),
    "net of the floor": netCpu(run, runs).toFixed(3),
    "MB per call": report.rssPerCallMb,
    "loop delay p99 ms": report.eldP99,
    "others' cores": report.othersCores,
  };
}

/** The driver costs less a call the more calls there are: the floor of the nearest number of calls is taken off. */
function netCpu({ order, report }: DriverRun, runs: readonly DriverRun[]): number {
  if (order.label === FLOOR) return 0;
  const floors = runs.filter((run) => run.order.label === FLOOR);
  const distance = (run: DriverRun) => Math.abs(Math.log(run.order.calls / order.calls));
  const [nearest] = floors.toSorted((a, b) => distance(a) - distance(b));
  return report.cpuPerCallMin - (nearest?.report.cpuPerCallMin ?? 0);
}

function isBorne({ report }: DriverRun): boolean {
  const { missed, wrong, duplicates, bargeMissed, overheadOrdinaryMs } = report;
  return missed + wrong + duplicates + bargeMissed === 0 && overheadOrdinaryMs.p95 < OVERHEAD_LIMIT_MS;
}

/** The most calls that each bore, and there the ratio of what a call costs. */
function compare(runs: readonly DriverRun[]): string[] {
  const most = (label: string) =>
    runs
      .filter((run) => run.order.label === label && isBorne(run))
      .toSorted((a, b) => b.order.calls - a.order.calls)
      .at(0);
  const ours = most(EARSHOT);
  if (ours === undefined)
    return [`Earshot bore no step: p95 under ${OVERHEAD_LIMIT_MS} ms and nothing missed, wrong or double.`];
  const lines = [`Earshot bore ${ours.order.calls} calls (p95 ${ours.report.overheadOrdinaryMs.p95} ms).`];
  for (const label of [PEER_BEST, PEER_DEPLOYED, PEER_SILERO]) {
    const tried = runs.filter((run) => run.order.label === label);
    const theirs = most(label) ?? tried[0];
    if (theirs === undefined) continue;
    const bore = isBorne(theirs) ? "bore" : "did not bear";
    const calls = (ours.order.calls / theirs.order.calls).toFixed(1);
    const cpu = (netCpu(theirs, runs) / netCpu(ours, runs)).toFixed(1);
    const memory = (theirs.report.rssPerCallMb / Math.max(0.1, ours.report.rssPerCallMb)).toFixed(0);
    lines.push(
      `The ${label} ${bore} ${theirs.order.calls} calls (p95 ${theirs.report.overheadOrdinaryMs.p95} ms): ` +
        `Earshot's number of calls is ${calls} times that; a call of theirs costs ${cpu} times the CPU net of the floor ` +
        `and ${memory} times the memory.`,
    );
  }
  return lines;
}
