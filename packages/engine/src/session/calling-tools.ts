/** Runs tools beside the conversation: once per id, after the journal is safe, and always with an outcome. */

import type { Effect } from "../conversation/effect.ts";
import type { Fact } from "../conversation/event.ts";
import type { Journal } from "../journal/journal.ts";
import type { Clock } from "./clock.ts";

/** A longer result is cut: it would not fit the model's attention, nor the caller's. */
const MAX_RESULT_CHARS = 16_384;
const TOOL_LIMIT_MS = 60_000;

export interface ToolRunner {
  /**
   * Runs one tool. `arguments` is JSON text as the model wrote it. Rejects or returns `failed` with a sentence for the
   * model; must honour `signal`.
   */
  run(call: { toolCallId: string; name: string; arguments: string }, signal: AbortSignal): Promise<ToolOutcome>;
}

export type ToolOutcome = { readonly outcome: "succeeded" | "failed"; readonly result: string };

export class CallingTools {
  readonly #runner: ToolRunner;
  readonly #journal: Journal;
  readonly #clock: Clock;
  readonly #post: (fact: Fact) => void;
  readonly #running = new Map<string, AbortController>();

  constructor(options: { runner: ToolRunner; journal: Journal; clock: Clock; post: (fact: Fact) => void }) {
    this.#runner = options.runner;
    this.#journal = options.journal;
    this.#clock = options.clock;
    this.#post = options.post;
  }

  get runningCount(): number {
    return this.#running.size;
  }

  run({ toolCallId, name, arguments: given }: Effect & { type: "run-tool" }): Promise<void> {
    return this.runWith(toolCallId, (signal) => this.#runner.run({ toolCallId, name, arguments: given }, signal));
  }

  /** Runs `work` in the place of a tool: once, after the journal is safe, and with an outcome whatever happens. */
  async runWith(toolCallId: string, work: (signal: AbortSignal) => Promise<ToolOutcome>): Promise<void> {
    const controller = new AbortController();
    this.#running.set(toolCallId, controller);
    const workDone = this.#clock.working();
    const cancelTimer = this.#clock.after(TOOL_LIMIT_MS, () => controller.abort());
    const { outcome, result } = await this.#attempt(work, controller.signal);
    cancelTimer();
    workDone();
    if (!this.#running.delete(toolCallId)) return;
    const cut = result.length > MAX_RESULT_CHARS ? `${result.slice(0, MAX_RESULT_CHARS)} [cut]` : result;
    this.#post({ type: "tool-finished", toolCallId, outcome, result: cut });
  }

  /** Gives up what still runs. */
  close(): void {
    for (const controller of this.#running.values()) controller.abort();
    this.#running.clear();
  }

  async #attempt(work: (signal: AbortSignal) => Promise<ToolOutcome>, signal: AbortSignal): Promise<ToolOutcome> {
    try {
      await this.#journal.flush();
    } catch {
      return failed("The tool was not run: the call's journal can't be stored at the moment.");
    }
    const timedOut = new Promise<ToolOutcome>((resolve) => {
      signal.addEventListener("abort", () => resolve(failed(`No result within ${TOOL_LIMIT_MS / 1000} seconds.`)));
    });
    try {
      return await Promise.race([work(signal), timedOut]);
    } catch (error) {
      return failed(error instanceof Error ? error.message : String(error));
    }
  }
}

function failed(result: string): ToolOutcome {
  return { outcome: "failed", result };
}
