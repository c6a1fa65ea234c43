/** Hours of calls on a clock that runs as fast as the machine can: whether anything of a call stays behind. */
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { printTable } from "../table.ts";

const SOAK = fileURLToPath(new URL("../../../../telephony/src/testing/soak-process.ts", import.meta.url));
/** With four calls at once that makes ten hours of calls. */
const HOURS = 2.5;
const QUICK_HOURS = 0.004;

type Soaked = {
  readonly hours: number;
  readonly calls: number;
  readonly packets: number;
  readonly heapMb: readonly number[];
  readonly growthMbPerHour: number;
  readonly timers: number;
  readonly delayMs: number;
};

export async function measureSoak(isQuick: boolean): Promise<void> {
  const hours = isQuick ? QUICK_HOURS : HOURS;
  console.log("## Soak: simulated hours of calls over a bad mobile line, sound of all codecs at both ends\n");
  const startedMs = performance.now();
  const { stdout } = await promisify(execFile)(process.execPath, [SOAK, String(hours)], { maxBuffer: 2 ** 24 });
  const soaked = JSON.parse(stdout) as Soaked;
  const [first = 0, last = 0] = [soaked.heapMb[1], soaked.heapMb.at(-1)];
  printTable([
    {
      "hours simulated": soaked.hours.toFixed(2),
      "minutes taken": ((performance.now() - startedMs) / 60_000).toFixed(1),
      calls: soaked.calls,
      "packets heard": soaked.packets,
      "heap then MB": first.toFixed(2),
      "heap at the end MB": last.toFixed(2),
      "growth kB an hour": (soaked.growthMbPerHour * 1000).toFixed(0),
      "timers left": soaked.timers,
      "longest delay ms": Math.round(soaked.delayMs),
    },
  ]);
  console.log("");
}
