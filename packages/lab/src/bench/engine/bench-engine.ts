import { printTable } from "../table.ts";
import { measureLeak } from "./measure-leak.ts";
import { runNullLoop } from "./null-loop.ts";
import { type EngineResult, runCalls, TURN_DELAYS_MS } from "./run-calls.ts";

const OVERHEAD_LIMIT_MS = 30;
const TURNS = 2;
/** Where the aim stands. */
const AIM_CALLS = 20;
const LEAK_CALLS = 3_000;

/** Overhead per turn, and how many conversations one thread holds before its p95 passes 30 ms. */
export async function benchEngine(options: { isQuick: boolean }): Promise<EngineResult[]> {
  const steps = options.isQuick ? [2] : [1, AIM_CALLS, 50, 100, 200, 300, 400, 600, 800];
  const results: EngineResult[] = [];
  const floor = await runNullLoop({
    calls: AIM_CALLS,
    spreadMs: options.isQuick ? 200 : 2_000,
    delaysMs: TURN_DELAYS_MS,
  });
  console.log("## Engine: scripted models, one thread, overhead over the models' own time and the endpointing\n");
  for (const calls of steps) {
    const result = await runCalls({ calls, ...(options.isQuick ? { turns: 1, rampMs: 200 } : { turns: TURNS }) });
    results.push(result);
    if (result.overheadMs.p95 > OVERHEAD_LIMIT_MS || result.missed > 0) break;
  }
  printTable(results.map(toRow));
  const aimed = results.findLast(({ calls }) => calls <= AIM_CALLS);
  const ratio = (aimed?.overheadMs.p95 ?? Number.NaN) / floor.p95;
  console.log(
    `\nBaseline, the timers of ${AIM_CALLS} turns without a session: p50 ${floor.p50.toFixed(1)} ms, ` +
      `p95 ${floor.p95.toFixed(1)} ms; at ${aimed?.calls} calls the p95 is ${ratio.toFixed(1)} times that\n`,
  );
  const leak = await measureLeak(options.isQuick ? 100 : LEAK_CALLS);
  console.log(
    `Left on the heap by each of ${leak.calls} calls that are over: ${Math.round(leak.heapBytesPerCall)} bytes\n`,
  );
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
