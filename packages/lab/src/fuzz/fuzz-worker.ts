/** Plays random calls, chunk by chunk, in a thread of its own. */

import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { parentPort, workerData } from "node:worker_threads";
import type { Chunk, FromWorker, FuzzTask } from "./messages.ts";

type Engine = typeof import("@earshot/engine");
type RulesCheck = typeof import("@earshot/engine/testing/check-rules");
type SessionCheck = typeof import("@earshot/engine/testing/check-session");

const REPORT_EVERY_RUNS = 20;

const task = workerData as FuzzTask;
const send = (message: FromWorker) => parentPort?.postMessage(message);
const play = task.check === "rules" ? await throughRules() : await throughSession();
parentPort?.on("message", (chunk: Chunk) => void play(chunk).catch(toLost).then(send));

async function throughRules(): Promise<(chunk: Chunk) => Promise<FromWorker>> {
  const rules = (await load("@earshot/engine", "index.ts")) as Engine;
  const { checkRules } = (await load(
    "@earshot/engine/testing/check-rules",
    "testing/rules/check-rules.ts",
  )) as RulesCheck;
  return async (chunk) => {
    const report = checkRules(rules, chunk);
    if (report.outcome === "broken") return { type: "broken", found: report };
    if (report.runs === 0) return { type: "lost" };
    send({ type: "ran", runs: report.runs });
    return { type: "kept" };
  };
}

async function throughSession(): Promise<(chunk: Chunk) => Promise<FromWorker>> {
  const { checkSession } = (await load(
    "@earshot/engine/testing/check-session",
    "testing/session/check-session.ts",
  )) as SessionCheck;
  const { maxDeadAirMs } = task;
  return async (chunk) => {
    let unreported = 0;
    const onRun = () => {
      if (++unreported < REPORT_EVERY_RUNS) return;
      send({ type: "ran", runs: unreported });
      unreported = 0;
    };
    const limit = maxDeadAirMs === undefined ? {} : { maxDeadAirMs };
    const report = await checkSession({ ...chunk, ...limit, onRun });
    if (report.runs === 0) return { type: "lost" };
    send({ type: "ran", runs: unreported });
    return report.outcome === "kept" ? { type: "kept", deadAir: report.deadAir } : { type: "broken", found: report };
  };
}

/** A path with a step to where nothing is: fast-check throws for it, unless it is the last. */
function toLost(error: unknown): FromWorker {
  if (error instanceof Error && error.message.startsWith("Unable to replay")) return { type: "lost" };
  throw error;
}

/** This repository's engine, or the file of another copy of it. */
function load(name: string, file: string): Promise<unknown> {
  return import(task.engine === undefined ? name : pathToFileURL(join(task.engine, file)).href);
}
