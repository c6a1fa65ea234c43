/** Runs simulated hours of calls for the benchmark, and prints one line of JSON. Argument: how many hours. */
import process from "node:process";
import { soak } from "./soak.ts";

const hours = Number(process.argv[2]);
/** At least a few rounds, however short the time. */
const callMinutes = Math.min(3, (hours * 60) / 4);
const { samples, calls, packets, heapGrowthBytesPerHour } = soak({ minutes: hours * 60, callMinutes });
process.stdout.write(
  JSON.stringify({
    hours,
    calls,
    packets,
    heapMb: samples.map(({ heapBytes }) => heapBytes / 1e6),
    growthMbPerHour: heapGrowthBytesPerHour / 1e6,
    timers: samples.at(-1)?.timers ?? 0,
    delayMs: Math.max(...samples.map(({ delayMs }) => delayMs)),
  }),
);
