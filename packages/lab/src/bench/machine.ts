import { readFile } from "node:fs/promises";
import { availableParallelism, cpus, loadavg, totalmem } from "node:os";

/** What the figures were measured on, and how busy it was with other things: a load of 0 is a quiet machine. */
export function describeMachine(): string {
  const [cpu] = cpus();
  const gigabytes = Math.round(totalmem() / 2 ** 30);
  const load = (loadavg()[0] ?? 0).toFixed(1);
  const model = cpu?.model.trim() ?? "unknown processor";
  return `${model}, ${availableParallelism()} cores, ${gigabytes} GB, Node ${process.version}, load ${load}`;
}

/** Of a line of /proc/stat: user, nice, system, idle, iowait, irq, softirq, steal. */
const STEAL = 7;
const COUNTED = 8;

/**
 * How much of the processors the host gave to others while these figures were measured; the load doesn't show it.
 * @returns what tells the share since now, 0 to 1; undefined where the system doesn't know
 */
export async function watchStolen(): Promise<() => Promise<number | undefined>> {
  const before = await readTicks();
  return async () => {
    const ticks = (await readTicks()).map((each, index) => each - (before[index] ?? 0));
    const total = ticks.reduce((sum, each) => sum + each, 0);
    return total > 0 ? (ticks[STEAL] ?? 0) / total : undefined;
  };
}

export function toPercent(share: number | undefined): string {
  return share === undefined ? "unknown" : `${(100 * share).toFixed(1)} %`;
}

async function readTicks(): Promise<readonly number[]> {
  const text = await readFile("/proc/stat", "utf8").catch(() => "");
  return (text.split("\n", 1)[0] ?? "")
    .split(/\s+/)
    .slice(1, COUNTED + 1)
    .map(Number);
}
