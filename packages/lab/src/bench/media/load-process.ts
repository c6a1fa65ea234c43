/** Places the calls, in a process of its own, so that its CPU is counted apart. Told what to do by its parent. */
import process from "node:process";
import { setTimeout as wait } from "node:timers/promises";
import { watchStolen } from "../machine.ts";
import { readCpuSeconds, readResidentMemory } from "../server/resident-memory.ts";
import { percentile } from "../statistics.ts";
import type { Caller } from "./caller.ts";
import { CallerRoom } from "./caller-room.ts";
import { startChatServer } from "./chat-server.ts";
import type { FromLoad, SetUpPlan, SetUpResult, TalkPlan, TalkResult, ToLoad } from "./messages.ts";

const SOUND_WITHIN_MS = 3_000;
const LATE_EVERY_MS = 20;

const tell = (report: FromLoad) => process.send?.(report);
let room: CallerRoom | undefined;

process.on("message", (order: ToLoad) => {
  obey(order).catch((error: unknown) => tell({ kind: "failed", problem: String(error) }));
});
process.on("disconnect", () => process.exit(0));
tell({ kind: "ready", chatUrl: await startChatServer() });

async function obey(order: ToLoad): Promise<void> {
  if (order.kind === "voice") {
    room = await CallerRoom.open(order.samples);
    tell({ kind: "voiced" });
  } else if (room === undefined) throw new Error("The callers have no voice yet.");
  else if (order.kind === "talk") tell({ kind: "talked", result: await talk(room, order) });
  else tell({ kind: "set-up", result: await setUp(room, order) });
}

async function talk(callers: CallerRoom, plan: TalkPlan): Promise<TalkResult> {
  const calls = await placeAll(callers, plan, plan.cycleMs);
  await Promise.all(calls.map(({ settled }) => settled));
  await wait(plan.settleMs);
  const lines = calls.flatMap(({ line }) => line ?? []);
  const ownLateMs: number[] = [];
  const watch = setInterval(() => ownLateMs.push(callers.lateMs), LATE_EVERY_MS);
  const readStolen = await watchStolen();
  const [startedMs, cpu, own] = [performance.now(), await readCpuSeconds(plan.pid), process.cpuUsage()];
  for (const line of lines) line.measure();
  await wait(plan.windowMs);
  const measured = lines.map((line) => line.stop());
  const [cpuSeconds, used] = [(await readCpuSeconds(plan.pid)) - cpu, process.cpuUsage(own)];
  const windowMs = performance.now() - startedMs;
  const stolen = await readStolen();
  clearInterval(watch);
  const { totalMb } = await readResidentMemory(plan.pid);
  for (const line of lines) line.isTalking = false;
  await wait(plan.drainMs);
  const failures = calls.flatMap(({ failure }) => failure ?? []);
  await hangUp(calls);
  const lateMs = measured.flatMap((each) => [...each.lateMs]).sort((a, b) => a - b);
  return {
    ...{ answered: lines.length, failures, packets: lateMs.length, cpuSeconds, windowMs, memoryMb: totalMb },
    lateMs: { p50: at(lateMs, 0.5), p95: at(lateMs, 0.95), p99: at(lateMs, 0.99), max: at(lateMs, 1) },
    missing: measured.reduce((sum, each) => sum + each.missing, 0),
    stolen,
    ownCpuSeconds: (used.user + used.system) / 1e6,
    ownLateMs: percentile(ownLateMs, 95),
    sentences: lines.reduce((sum, line) => sum + line.sentences, 0),
  };
}

async function setUp(callers: CallerRoom, plan: SetUpPlan): Promise<SetUpResult> {
  const calls = await placeAll(callers, plan, 60_000, (caller) => void endLater(caller, plan.holdMs));
  await Promise.all(calls.map(({ over }) => over));
  const since = (read: (caller: Caller) => number | undefined) =>
    calls.flatMap((caller) => {
      const atMs = read(caller);
      return atMs === undefined ? [] : [atMs - caller.invitedMs];
    });
  return {
    failures: calls.flatMap(({ failure, line }) => failure ?? (line?.firstPacketMs === undefined ? "no sound" : [])),
    answeredMs: since((caller) => caller.answeredMs),
    packetMs: since((caller) => caller.line?.firstPacketMs),
    soundMs: since((caller) => caller.line?.firstSoundMs),
  };
}

async function endLater(caller: Caller, holdMs: number): Promise<void> {
  await caller.settled;
  await wait(holdMs);
  for (let waited = 0; waited < SOUND_WITHIN_MS && caller.line?.firstSoundMs === undefined; waited += 50)
    await wait(50);
  caller.hangUp();
}

/** Evenly, however long each takes to be placed. */
async function placeAll(
  callers: CallerRoom,
  plan: TalkPlan | SetUpPlan,
  cycleMs: number,
  onPlaced: (caller: Caller) => void = () => {},
): Promise<Caller[]> {
  const placed: Caller[] = [];
  const startedMs = performance.now();
  for (let number = 0; number < plan.calls; number++) {
    const dueMs = startedMs + (1000 * number) / plan.perSecond - performance.now();
    if (dueMs > 0) await wait(dueMs);
    const caller = await callers.place(plan, cycleMs);
    placed.push(caller);
    onPlaced(caller);
  }
  return placed;
}

async function hangUp(calls: readonly Caller[]): Promise<void> {
  for (const call of calls) {
    call.hangUp();
    await wait(5);
  }
  await Promise.all(calls.map(({ over }) => over));
}

function at(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}
