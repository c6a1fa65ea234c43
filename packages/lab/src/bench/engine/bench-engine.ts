import { printTable } from "../table.ts";
import { type EngineResult, runCalls } from "./run-calls.ts";

const OVERHEAD_LIMIT_MS = 30;
const TURNS = 3;

/** Overhead per turn, and how many conversations one thread holds before its p95 passes 30 ms. */
export async function benchEngine(options: { isQuick: boolean }): Promise<EngineResult[]> {
  const steps = options.isQuick ? [1, 20] : [1, 20, 50, 100, 200, 300, 400, 600, 800];
  const results: EngineResult[] = [];
  console.log("## Engine: scripted models, one thread, overhead over the models' own time and the endpointing\n");
  for (const calls of steps) {
    const result = await runCalls({ calls, turns: TURNS });
    results.push(result);
    if (result.overheadMs.p95 > OVERHEAD_LIMIT_MS || result.missed > 0) break;
  }
  printTable(results.map(toRow));
  return results;
}

function toRow(result: EngineResult): Record<string, string | number> {
  const { overheadMs } = result;
  return {
    calls: result.calls,
    turns: result.turns,
    missed: result.missed,
    "overhead p50 ms": overheadMs.p50.toFixed(1),
    "p95 ms": overheadMs.p95.toFixed(1),
    "p99 ms": overheadMs.p99.toFixed(1),
    "CPU s per call-minute": result.cpuSecondsPerCallMinute.toFixed(3),
    "kB per call": Math.round(result.memoryBytesPerCall / 1000),
  };
}
