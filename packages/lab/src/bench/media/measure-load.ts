/** Calls at once, in steps, until their sound comes late; then other codecs and encryption, and no agents at all. */
import process from "node:process";
import { toPercent } from "../machine.ts";
import { percentile } from "../statistics.ts";
import { printTable } from "../table.ts";
import { type AgentNode, readTurns, waitUntilQuiet } from "./agent-node.ts";
import { type LoadClient, startBareNode } from "./load-client.ts";
import type { CallPlan, TalkPlan, TalkResult } from "./messages.ts";

/** Later than this is a frame too late. */
const LATE_MS = 20;
const CALLS = [25, 50, 100, 150, 200, 300, 400];
const QUICK_CALLS = 2;
const CALLS_OF_SOUNDS = 50;
const SENTENCE_EVERY_MS = 8_000;
const WINDOW_OF_SOUNDS_MS = 20_000;
/** How much of what was said may stay unanswered. */
const MAX_UNANSWERED = 0.01;

const PACE: Omit<TalkPlan, "kind" | "calls" | keyof CallPlan> = {
  ...{ perSecond: 15, settleMs: 5_000, windowMs: 30_000, cycleMs: SENTENCE_EVERY_MS, drainMs: 5_000 },
};
const QUICK_PACE = { ...PACE, settleMs: 0, windowMs: 4_000, cycleMs: 4_000, drainMs: 4_000 };

const SOUNDS = [
  { name: "PCMU", codec: "PCMU", isEncrypted: false },
  { name: "PCMU, SRTP", codec: "PCMU", isEncrypted: true },
  { name: "G.722", codec: "G722", isEncrypted: false },
  { name: "Opus", codec: "opus", isEncrypted: false },
] as const;

type Measured = TalkResult & { readonly calls: number; readonly responsesMs: readonly number[] };

/** Returns the most calls whose sound was in time and whose every sentence was answered; 0 when none were. */
export async function measureLoad(load: LoadClient, node: AgentNode, isQuick: boolean): Promise<number> {
  const pace = isQuick ? QUICK_PACE : PACE;
  const sound = { codec: "PCMU", isEncrypted: false } as const;
  const talk = async (calls: number, how: Partial<TalkPlan> = {}): Promise<Measured> => {
    if (!isQuick) await waitUntilQuiet(node);
    const sinceMs = Date.now();
    const result = await load.talk({ ...pace, ...sound, ...how, calls, target: node.target, pid: node.pid });
    return { ...result, calls, responsesMs: await readTurns(node.client, sinceMs) };
  };
  console.log("## Calls at once: G.711, agents that listen, answer and are recorded\n");
  const steps: Measured[] = [];
  for (const calls of isQuick ? [QUICK_CALLS] : CALLS) {
    const step = await talk(calls);
    steps.push(step);
    process.stderr.write(`${calls} calls: p95 ${step.lateMs.p95.toFixed(1)} ms late\n`);
    if (!isGood(step)) break;
  }
  printTable(steps.map((step) => ({ calls: step.calls, ...toRow(step) })));
  const most = steps.filter(isGood).at(-1);
  const failures = new Set(steps.flatMap((step) => step.failures));
  if (failures.size > 0) console.log(`\nCalls that failed: ${[...failures].join("; ")}`);
  console.log(
    most === undefined
      ? `\nAlready the first step was too much: p95 over ${LATE_MS} ms, or sentences without an answer.\n`
      : `\n${most.calls} calls at once have a p95 of at most ${LATE_MS} ms and all their answers: ` +
          `${(60 / toCpuPerMinute(most)).toFixed(0)} calls per core by the CPU they take.\n`,
  );

  console.log("## Codecs and encryption, and no agents: calls that are only answered and hear themselves\n");
  const bare = await startBareNode();
  const rows: Record<string, string | number>[] = [];
  try {
    for (const { name, ...sound } of isQuick ? SOUNDS.slice(0, 1) : SOUNDS) {
      const how = { ...sound, windowMs: isQuick ? pace.windowMs : WINDOW_OF_SOUNDS_MS };
      const calls = isQuick ? QUICK_CALLS : CALLS_OF_SOUNDS;
      const known = name === "PCMU" ? steps.find((step) => step.calls === calls) : undefined;
      const withAgent = known ?? (await talk(calls, how));
      const target = `sip:echo@127.0.0.1:${bare.port}`;
      const without = await load.talk({ ...pace, ...how, calls, target, pid: bare.pid, drainMs: 0 });
      rows.push({ sound: name, calls, ...toSoundRow(withAgent, without) });
    }
  } finally {
    bare.stop();
  }
  printTable(rows);
  console.log("\nTimes: an agent's CPU over that of the bare sound.\n");
  return most?.calls ?? 0;
}

function isGood({ lateMs, sentences, responsesMs, failures }: Measured): boolean {
  return (
    lateMs.p95 <= LATE_MS && failures.length === 0 && responsesMs.length >= Math.floor(sentences * (1 - MAX_UNANSWERED))
  );
}

/** CPU seconds of a minute of one call. */
function toCpuPerMinute({ cpuSeconds, windowMs, answered }: TalkResult): number {
  return (cpuSeconds * 60_000) / windowMs / Math.max(1, answered);
}

function toRow(step: Measured): Record<string, string | number> {
  const { lateMs, packets, missing, memoryMb, ownCpuSeconds, windowMs, ownLateMs, sentences, responsesMs } = step;
  return {
    answered: step.answered,
    "late p50 ms": lateMs.p50.toFixed(1),
    "p95 ms": lateMs.p95.toFixed(1),
    "p99 ms": lateMs.p99.toFixed(1),
    "packets missing": `${((100 * missing) / Math.max(1, packets + missing)).toFixed(2)} %`,
    "CPU s per call-minute": toCpuPerMinute(step).toFixed(2),
    "cores of the node": ((step.cpuSeconds * 1000) / windowMs).toFixed(2),
    "of the load": ((ownCpuSeconds * 1000) / windowMs).toFixed(2),
    "load's own p95 ms": ownLateMs.toFixed(1),
    "stolen by the host": toPercent(step.stolen),
    "node MB": Math.round(memoryMb),
    "answers of sentences": `${responsesMs.length}/${sentences}`,
    "answer p50 ms": Math.round(percentile(responsesMs, 50)),
    "answer p95 ms": Math.round(percentile(responsesMs, 95)),
  };
}

function toSoundRow(withAgent: Measured, without: TalkResult): Record<string, string | number> {
  const [cpu, bareCpu] = [toCpuPerMinute(withAgent), toCpuPerMinute(without)];
  return {
    "late p95 ms": withAgent.lateMs.p95.toFixed(1),
    "CPU s per call-minute": cpu.toFixed(2),
    "answers of sentences": `${withAgent.responsesMs.length}/${withAgent.sentences}`,
    "bare: late p95 ms": without.lateMs.p95.toFixed(1),
    "bare: CPU s per call-minute": bareCpu.toFixed(2),
    times: (cpu / bareCpu).toFixed(1),
  };
}
