/** `npm run fuzz [-- rules|session] [--runs N] [--seed S]`: see CONTRIBUTING.md. */
import { randomInt } from "node:crypto";
import { resolve } from "node:path";
import type { Break, Chunk } from "./messages.ts";
import { type Check, type Options, readOptions, USAGE, UsageError } from "./options.ts";
import { type FuzzResult, spreadRuns } from "./spread-runs.ts";

const CHUNK: Readonly<Record<Check, number>> = { rules: 2_000, session: 200 };
const WHAT: Readonly<Record<Check, string>> = { rules: "histories", session: "calls" };
const RULES = [1, 2, 3, 4, 5, 6, 7];

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  try {
    return await fuzz(readOptions(args));
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`${error.message}\n\n${USAGE}\n`);
    return 2;
  }
}

async function fuzz(options: Options): Promise<number> {
  const seed = options.seed ?? randomInt(2 ** 31);
  const results: (FuzzResult & { check: Check })[] = [];
  for (const check of options.checks) {
    const result = await runCheck(check, seed, options);
    results.push({ check, ...result });
    if (!options.isJson) process.stdout.write(`${describe(check, seed, result, options)}\n`);
  }
  const isBroken = results.some(({ found }) => found !== undefined);
  if (options.isJson) {
    const outcome = isBroken ? "broken" : "kept";
    process.stdout.write(`${JSON.stringify({ outcome, seed, rules: RULES, checks: results })}\n`);
  }
  return isBroken ? 1 : 0;
}

async function runCheck(check: Check, seed: number, options: Options): Promise<FuzzResult> {
  const { maxDeadAirMs, workers, path } = options;
  const engine = options.engine === undefined ? undefined : resolve(options.engine);
  const total = path === undefined ? options.runs[check] : 1;
  const isLive = process.stderr.isTTY === true;
  const result = await spreadRuns({
    task: { check, engine, maxDeadAirMs },
    chunks: path === undefined ? toChunks(total, CHUNK[check], seed) : [{ runs: 1, seed, path }],
    workers,
    onProgress: (runs) => {
      if (isLive) process.stderr.write(`\r${check}: ${toText(runs)} of ${toText(total)} ${WHAT[check]}`);
    },
  });
  if (isLive) process.stderr.write("\r\u001b[K");
  return result;
}

/** Each chunk has the next seed, so that a break is found again without those before it. */
function toChunks(total: number, size: number, seed: number): Chunk[] {
  const count = Math.ceil(total / size);
  return Array.from({ length: count }, (_, index) => ({
    runs: Math.min(size, total - index * size),
    // fast-check's seeds are signed 32-bit numbers.
    seed: (seed + index) | 0,
  }));
}

function describe(check: Check, seed: number, { runs, seconds, deadAir, found }: FuzzResult, options: Options): string {
  const took = `${toText(runs)} random ${WHAT[check]} in ${seconds.toFixed(1)} s on ${options.workers} threads`;
  if (found) return describeBreak(check, found, took, options);
  const quiet = check === "session" ? `; ${describeDeadAir(deadAir)}` : "";
  return `${check}: rules 1 to 7 kept by ${took} (seed ${seed})${quiet}`;
}

function describeDeadAir({ answerMs, understudiedMs, toolMs }: FuzzResult["deadAir"]): string {
  const times = `${inSeconds(understudiedMs)} with understudies, ${inSeconds(answerMs)} without`;
  return `longest silence for a caller who waits ${times}, ${inSeconds(toolMs)} with a tool at work`;
}

function describeBreak(check: Check, found: Break, took: string, { maxDeadAirMs, engine }: Options): string {
  const limit = maxDeadAirMs === undefined ? "" : ` --max-dead-air ${maxDeadAirMs}`;
  const copy = engine === undefined ? "" : ` --engine ${engine}`;
  const path = found.path === "" ? "" : ` --path ${found.path}`;
  return [
    `${check}: BROKEN after ${took}`,
    found.message,
    ...(found.world === undefined ? [] : ["", found.world]),
    ...(found.script === "" ? [] : ["", found.script]),
    "",
    `Again: npm run fuzz -- ${check} --seed ${found.seed}${path}${limit}${copy}`,
  ].join("\n");
}

function toText(count: number): string {
  return count.toLocaleString("en-US");
}

function inSeconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`;
}
