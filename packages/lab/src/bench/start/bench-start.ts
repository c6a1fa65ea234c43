/** How long a server takes until it is ready, and what it holds in memory when nobody calls. */
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { promisify } from "node:util";
import { startChildServer } from "../server/child-server.ts";
import { type ResidentMemory, readResidentMemory } from "../server/resident-memory.ts";
import { median } from "../statistics.ts";
import { printTable } from "../table.ts";

/** The models that are loaded after the server is ready have come by then. */
const SETTLE_MS = 5_000;
const WARM_STARTS = 5;

/** Cold means an empty data directory; the compiled code may be there from earlier starts. */
export async function benchStart({ isQuick }: { isQuick: boolean }): Promise<void> {
  console.log("## Start and memory of an idle server\n");
  const directory = await mkdtemp(join(tmpdir(), "earshot-bench-"));
  try {
    const bare = await measureScript("");
    const speech = await measureScript(speechScript(join(directory, "speech")));
    const cold = await measureServer(directory);
    const warm: Started[] = [];
    for (let count = 0; count < (isQuick ? 1 : WARM_STARTS); count++) warm.push(await measureServer(directory));
    const readyMs = median(warm.map((start) => start.readyMs));
    printTable([
      toRow("cold (empty data directory)", cold),
      ...warm.map((start) => toRow("warm", start)),
      toRow("bare Node (baseline)", bare),
      toRow("speech models alone (baseline)", speech),
    ]);
    const memoryMb = median(warm.map((start) => start.memory.totalMb));
    console.log(
      `\nWarm, median: ready in ${Math.round(readyMs)} ms (${(readyMs / speech.readyMs).toFixed(1)} times the speech ` +
        `models alone), ${Math.round(memoryMb)} MB resident (${(memoryMb / speech.memory.totalMb).toFixed(1)} times)\n`,
    );
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

type Started = { readonly readyMs: number; readonly cpuSeconds: number; readonly memory: ResidentMemory };

async function measureServer(dataDirectory: string): Promise<Started> {
  const server = await startChildServer(dataDirectory);
  try {
    await wait(SETTLE_MS);
    return { readyMs: server.readyMs, cpuSeconds: server.cpuSeconds, memory: await readResidentMemory(server.pid) };
  } finally {
    await server.stop();
  }
}

function speechScript(cacheDir: string): string {
  return `
    const { startSpeechHost } = await import(${JSON.stringify(import.meta.resolve("@earshot/providers/embedded"))});
    await startSpeechHost({ cacheDir: ${JSON.stringify(cacheDir)} });`;
}

/** A process that does only this, with the same settings of the C library as the server's. */
async function measureScript(code: string): Promise<Started> {
  const report = `
    const usage = await import(${JSON.stringify(import.meta.resolve("../server/resident-memory.ts"))});
    const memory = await usage.readResidentMemory(process.pid);
    process.stdout.write(JSON.stringify({ memory, cpuSeconds, readyMs }));
    process.exit();`;
  const measure = `
    const readyMs = performance.now();
    const { user, system } = process.cpuUsage();
    const cpuSeconds = (user + system) / 1e6;`;
  const env = { PATH: process.env["PATH"], MALLOC_ARENA_MAX: "2", MALLOC_MMAP_THRESHOLD_: "131072" };
  const args = ["--max-semi-space-size=4", "--input-type=module", "-e", `${code}\n${measure}\n${report}`];
  const { stdout } = await promisify(execFile)(process.execPath, args, { env });
  return JSON.parse(stdout) as Started;
}

function toRow(start: string, { readyMs, cpuSeconds, memory }: Started): Record<string, string | number> {
  return {
    start,
    "ready ms": Math.round(readyMs),
    "CPU s": cpuSeconds.toFixed(1),
    "resident MB": Math.round(memory.totalMb),
    "of it anonymous": Math.round(memory.anonymousMb),
    "of it files": Math.round(memory.filesMb),
    "peak MB": Math.round(memory.peakMb),
  };
}
