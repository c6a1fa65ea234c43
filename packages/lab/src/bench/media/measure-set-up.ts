/** From the INVITE to what the caller hears, at a rate of calls; and the rate at which no call is lost. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { toPercent, watchStolen } from "../machine.ts";
import { readResidentMemory } from "../server/resident-memory.ts";
import { percentile } from "../statistics.ts";
import { printTable } from "../table.ts";
import { type AgentNode, waitUntilQuiet } from "./agent-node.ts";
import type { LoadClient } from "./load-client.ts";

const PER_SECOND = [5, 10, 20];
const SECONDS = 10;
const HOLD_MS = 500;

const SIPP = ["/usr/bin/sipp", "/usr/local/bin/sipp"];
const SIPP_RATES = [5, 10, 20, 40, 80, 160];
const SIPP_SECONDS = 8;
const SIPP_HOLD_MS = 500;
const SIPP_WITHIN_S = 45;

export async function measureSetUp(load: LoadClient, node: AgentNode, isQuick: boolean): Promise<void> {
  console.log("## Set-up: from the INVITE, calls with a static greeting that last about a second\n");
  const rows: Record<string, string | number>[] = [];
  const failures = new Set<string>();
  for (const perSecond of isQuick ? [4] : PER_SECOND) {
    const calls = isQuick ? 4 : perSecond * SECONDS;
    const plan = { target: node.target, pid: node.pid, codec: "PCMU", isEncrypted: false, holdMs: HOLD_MS } as const;
    if (!isQuick) await waitUntilQuiet(node);
    const readStolen = await watchStolen();
    const result = await load.setUp({ ...plan, calls, perSecond });
    for (const failure of result.failures) failures.add(failure);
    const both = (values: readonly number[]) =>
      [50, 95].map((share) => percentile(values, share).toFixed(0)).join(" / ");
    rows.push({
      "calls a second": perSecond,
      calls,
      failed: result.failures.length,
      "200 p50 / p95 ms": both(result.answeredMs),
      "first packet p50 / p95 ms": both(result.packetMs),
      "greeting p50 / p95 ms": both(result.soundMs),
      "stolen by the host": toPercent(await readStolen()),
    });
  }
  printTable(rows);
  if (failures.size > 0) console.log(`\nCalls that failed: ${[...failures].join("; ")}`);
  console.log("");
}

export async function measureCallRate(node: AgentNode, isQuick: boolean): Promise<void> {
  console.log("## sipp: calls a second without a lost one, each answered and hung up after half a second\n");
  const program = SIPP.find((path) => existsSync(path));
  if (program === undefined) return console.log("Skipped: sipp is not installed (Debian package sip-tester).\n");
  const rows: Record<string, string | number>[] = [];
  let held = 0;
  for (const rate of isQuick ? [4] : SIPP_RATES) {
    const calls = isQuick ? 4 : rate * SIPP_SECONDS;
    const problem = await runSipp(program, node, { rate, calls });
    if (!isQuick) await waitUntilQuiet(node);
    const { totalMb } = await readResidentMemory(node.pid);
    rows.push({ "calls a second": rate, calls, lost: problem ?? "none", "node MB afterwards": totalMb.toFixed(0) });
    if (problem !== undefined) break;
    held = rate;
  }
  printTable(rows);
  console.log(`\nHeld: ${held} calls a second.\n`);
}

async function runSipp(
  program: string,
  { target, sipAddress }: AgentNode,
  { rate, calls }: { rate: number; calls: number },
): Promise<string | undefined> {
  const service = target.slice("sip:".length).split("@")[0] ?? "";
  const child = spawn(
    program,
    [
      ...["-sn", "uac", "-s", service, "-i", "127.0.0.1", "-r", String(rate), "-m", String(calls)],
      ...["-d", String(SIPP_HOLD_MS), "-nostdin", "-timeout", String(SIPP_WITHIN_S), "-timeout_error"],
      ...["-max_retrans", "10", "-l", "10000", sipAddress],
    ],
    { cwd: tmpdir(), stdio: ["ignore", "pipe", "pipe"] },
  );
  let words = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (words += chunk));
  const [code] = await once(child, "close");
  if (code === 0) return undefined;
  const failed = /Failed call\s*\|[^|]*\|\s*(\d+)/g;
  return `${[...words.matchAll(failed)].at(-1)?.[1] ?? "some"} failed (sipp ended with ${code})`;
}
