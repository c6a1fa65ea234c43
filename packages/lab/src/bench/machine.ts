import { availableParallelism, cpus, loadavg, totalmem } from "node:os";

/** What the figures were measured on, and how busy it was with other things: a load of 0 is a quiet machine. */
export function describeMachine(): string {
  const [cpu] = cpus();
  const gigabytes = Math.round(totalmem() / 2 ** 30);
  const load = (loadavg()[0] ?? 0).toFixed(1);
  const model = cpu?.model.trim() ?? "unknown processor";
  return `${model}, ${availableParallelism()} cores, ${gigabytes} GB, Node ${process.version}, load ${load}`;
}
