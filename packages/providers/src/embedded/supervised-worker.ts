import { setTimeout } from "node:timers";
import { type MessagePort, Worker } from "node:worker_threads";
import type { LoadedModel } from "./lines/loaded-model.ts";
import type { WorkerOrder, WorkerReport } from "./lines/worker-desk.ts";
import type { WorkerSettings } from "./lines/worker-settings.ts";

/** A worker that dies this often within the window is not started again. */
const MAX_DEATHS = 3;
const DEATH_WINDOW_MS = 60_000;
/** A worker that has not ended this long after it was told to is ended by force. */
const END_WITHIN_MS = 10_000;

export type SupervisedWorkerOptions = {
  readonly entry: URL;
  readonly settings: WorkerSettings;
  readonly onModel: (model: LoadedModel) => void;
  readonly onWarning: (message: string, reason: string) => void;
  /** A new worker has taken the place of a dead one: attach the lines again. */
  readonly onRestart: () => void;
  /** The worker is dead for good. */
  readonly onAbandon: (reason: string) => void;
};

/** A worker thread that is started again when it dies, unless that happens over and over. */
export class SupervisedWorker {
  readonly #options: SupervisedWorkerOptions;
  #worker: Worker | undefined;
  #deathsAtMs: number[] = [];
  #isClosed = false;

  constructor(options: SupervisedWorkerOptions) {
    this.#options = options;
  }

  /** Resolves when the models are loaded; rejects when they can't be. */
  async start(): Promise<void> {
    await this.#spawn();
  }

  /** Gives the worker a line. Returns false when there is no worker to take it. */
  attach(port: MessagePort): boolean {
    if (this.#worker === undefined) return false;
    this.#worker.postMessage({ type: "attach", port } satisfies WorkerOrder, [port]);
    return true;
  }

  /** Makes the worker fail as a bug would, and resolves when its thread has ended. For tests. */
  async crash(): Promise<void> {
    await this.#end({ type: "crash" });
  }

  /** Lets the worker finish what its native threads are at, and ends it. Idempotent. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#end({ type: "close" });
  }

  async #end(order: WorkerOrder): Promise<void> {
    const worker = this.#worker;
    if (worker === undefined) return;
    const exit = new Promise<void>((resolve) => worker.once("exit", () => resolve()));
    const force = setTimeout(() => void worker.terminate(), END_WITHIN_MS);
    worker.postMessage(order);
    await exit;
    clearTimeout(force);
  }

  #spawn(): Promise<void> {
    const { entry, settings, onModel, onWarning } = this.#options;
    // Flags of the command line, such as --input-type, are not meant for workers.
    const worker = new Worker(entry, { workerData: settings, execArgv: [] });
    this.#worker = worker;
    return new Promise((resolve, reject) => {
      let reason = "the speech worker stopped";
      let isReady = false;
      worker.on("message", (report: WorkerReport) => {
        switch (report.type) {
          case "ready":
            isReady = true;
            for (const model of report.models) onModel(model);
            resolve();
            return;
          case "model":
            onModel(report.model);
            return;
          case "dying":
            reason = report.reason;
            return;
          case "warning":
            onWarning(report.message, report.reason);
        }
      });
      worker.on("error", (error) => {
        reason = error instanceof Error ? error.message : String(error);
      });
      worker.on("exit", () => {
        if (this.#worker === worker) this.#worker = undefined;
        if (isReady) this.#recover(reason);
        else reject(new Error(reason));
      });
    });
  }

  #recover(reason: string): void {
    if (this.#isClosed) return;
    const nowMs = performance.now();
    this.#deathsAtMs = [...this.#deathsAtMs.filter((atMs) => nowMs - atMs < DEATH_WINDOW_MS), nowMs];
    const { onWarning, onRestart, onAbandon } = this.#options;
    if (this.#deathsAtMs.length >= MAX_DEATHS) {
      onAbandon(`the speech worker died ${MAX_DEATHS} times in a minute, last of: ${reason}`);
      return;
    }
    onWarning("A speech worker died and is started again", reason);
    this.#spawn().then(onRestart, (error: unknown) => {
      if (!this.#isClosed) onAbandon(`the speech worker could not be started again: ${String(error)}`);
    });
  }
}
