import { Worker } from "node:worker_threads";
import type { Break, Chunk, DeadAir, FromWorker, FuzzTask } from "./messages.ts";
import { UsageError } from "./options.ts";

/** A thread that reports nothing for so long hangs: a loop without an end somewhere in a call. */
const SILENCE_LIMIT_MS = 120_000;

export type FuzzResult = {
  readonly runs: number;
  readonly seconds: number;
  readonly deadAir: DeadAir;
  readonly found?: Break;
};

type Fuzzing = {
  readonly task: FuzzTask;
  readonly chunks: readonly Chunk[];
  readonly workers: number;
  readonly onProgress: (runs: number) => void;
};

/** Plays chunks on several threads until all are kept or one is broken. @throws UsageError for a path to no call */
export async function spreadRuns(fuzzing: Fuzzing): Promise<FuzzResult> {
  const beganMs = performance.now();
  const tally = new Tally(fuzzing);
  const count = Math.min(fuzzing.workers, fuzzing.chunks.length);
  await Promise.all(Array.from({ length: count }, () => runThread(fuzzing.task, tally)));
  const { runs, deadAir, found } = tally;
  const seconds = (performance.now() - beganMs) / 1000;
  return { runs, seconds, deadAir, ...(found === undefined ? {} : { found }) };
}

/** What is left to do, and what came out so far. */
class Tally {
  runs = 0;
  found: Break | undefined;
  readonly deadAir = { answerMs: 0, understudiedMs: 0, toolMs: 0 };
  readonly #chunks: Chunk[];
  readonly #onProgress: (runs: number) => void;

  constructor({ chunks, onProgress }: Fuzzing) {
    this.#chunks = [...chunks];
    this.#onProgress = onProgress;
  }

  next(): Chunk | undefined {
    return this.found === undefined ? this.#chunks.shift() : undefined;
  }

  ran(runs: number): void {
    this.runs += runs;
    this.#onProgress(this.runs);
  }

  kept({ deadAir }: FromWorker & { type: "kept" }): void {
    for (const key of ["answerMs", "understudiedMs", "toolMs"] as const)
      this.deadAir[key] = Math.max(this.deadAir[key], deadAir?.[key] ?? 0);
  }
}

/** Resolves when there is nothing left to do, or something was found. */
async function runThread(task: FuzzTask, tally: Tally): Promise<void> {
  const thread = new Worker(new URL("./fuzz-worker.ts", import.meta.url), { workerData: task });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let chunk: Chunk | undefined;
  const find = (found: Break) => {
    tally.found ??= found;
    resolve();
  };
  const watchdog = setInterval(() => find(toHang(chunk)), SILENCE_LIMIT_MS);
  const next = () => {
    chunk = tally.next();
    if (chunk === undefined) resolve();
    else thread.postMessage(chunk);
  };
  thread.on("message", (message: FromWorker) => {
    watchdog.refresh();
    if (message.type === "broken") return find(message.found);
    if (message.type === "lost") return reject(toLost(chunk));
    if (message.type === "ran") return tally.found === undefined ? tally.ran(message.runs) : resolve();
    tally.kept(message);
    next();
  });
  thread.on("error", reject);
  next();
  try {
    await promise;
  } finally {
    clearInterval(watchdog);
    await thread.terminate();
  }
}

function toLost(chunk: Chunk | undefined): UsageError {
  const where = `--path ${chunk?.path} leads to no call from --seed ${chunk?.seed}`;
  const why = "It was printed for another seed or check, or by a version whose random calls were others";
  return new UsageError(`${where}. ${why}: leave it out to search anew.`);
}

function toHang(chunk: Chunk | undefined): Break {
  const message = `a call hangs: nothing for ${SILENCE_LIMIT_MS / 1000} seconds`;
  return { seed: chunk?.seed ?? 0, path: chunk?.path ?? "", message, script: "" };
}
