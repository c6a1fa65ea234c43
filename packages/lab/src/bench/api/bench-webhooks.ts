/** How many webhooks are delivered a second, on either database, against posting alone. */
import { execFile, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { percentile } from "../statistics.ts";
import { printTable } from "../table.ts";

const MEASURE = fileURLToPath(new URL("../../../../server/scripts/measure-webhooks.ts", import.meta.url));
const RECEIVER = fileURLToPath(new URL("./webhook-receiver.ts", import.meta.url));
const ENDPOINTS = 200;

type Measured = {
  readonly barePerSecond: number;
  readonly recordedPerSecond: number;
  readonly deliveredPerSecond: number;
  readonly latenciesMs: readonly number[];
};

export async function benchWebhooks({ isQuick }: { isQuick: boolean }): Promise<void> {
  const events = isQuick ? 1_000 : 20_000;
  console.log(
    `## Webhooks: ${events.toLocaleString("en")} deliveries to ${ENDPOINTS} endpoints, 1 % of them dead (one silent, one refusing)\n`,
  );
  const rows: ReturnType<typeof toRow>[] = [];
  for (const kind of ["embedded", "postgres"]) {
    const receiver = await startReceiver();
    try {
      const args = [MEASURE, kind, receiver.url, String(events), String(ENDPOINTS)];
      const { stdout } = await promisify(execFile)(process.execPath, args);
      rows.push(toRow(kind, JSON.parse(stdout) as Measured));
    } finally {
      receiver.stop();
    }
  }
  printTable(rows);
  console.log(
    "\nBare: the same HTTP client and receiver, without database, signature and log. Latency: one event at a time, from " +
      "its commit to the receiver's answer. Postgres writes to the disk at each commit.\n",
  );
}

function toRow(database: string, measured: Measured): Record<string, string | number> {
  const { barePerSecond, deliveredPerSecond, recordedPerSecond, latenciesMs } = measured;
  const latency = (percent: number) => percentile(latenciesMs, percent).toFixed(1);
  return {
    database,
    "recorded/s": Math.round(recordedPerSecond),
    "delivered/s": Math.round(deliveredPerSecond),
    "bare posts/s": Math.round(barePerSecond),
    "of bare": `${Math.round((100 * deliveredPerSecond) / barePerSecond)} %`,
    "latency p50 ms": latency(50),
    "p99 ms": latency(99),
  };
}

/** In a process of its own, as a receiver is. */
async function startReceiver(): Promise<{ readonly url: string; stop(): void }> {
  const receiver = spawn(process.execPath, [RECEIVER], { stdio: ["ignore", "pipe", "inherit"] });
  const stop = () => void receiver.kill();
  process.once("exit", stop);
  const url = await new Promise<string>((resolve, reject) => {
    receiver.stdout.once("data", (line: Buffer) => resolve(line.toString().trim()));
    receiver.once("exit", () => reject(new Error("the receiver ended")));
  });
  return { url, stop };
}
