/** Runs tools beside the conversation: once per id, after the journal is safe, and always with an outcome. */

import type { Effect } from "../conversation/effect.ts";
import type { Fact } from "../conversation/event.ts";
import type { ToolConduct } from "../conversation/tool-conduct.ts";
import type { ToolOrder } from "../conversation/tool-order.ts";
import type { Values } from "../conversation/values.ts";
import type { Journal } from "../journal/journal.ts";
import type { Clock } from "./clock.ts";

/** A longer result is cut: it would not fit the model's attention, nor the caller's. */
const MAX_RESULT_CHARS = 16_384;
const TOOL_LIMIT_MS = 60_000;
const CALL_OVER = "The call ended before the tool gave a result.";

export interface ToolRunner {
  /**
   * Runs one tool. `arguments` is JSON text as the model wrote it. Rejects or returns `failed` with a sentence for the
   * model; must honour `signal`.
   */
  run(call: ToolRun, signal: AbortSignal): Promise<ToolOutcome>;
  /** How the conversation bears with a tool; `limitMs`: after how long it is given up, default 60,000. */
  conductOf?(name: string, sceneId: string): (ToolConduct & { readonly limitMs?: number }) | undefined;
}

export type ToolRun = {
  readonly toolCallId: string;
  readonly name: string;
  /** JSON text as the model wrote it. */
  readonly arguments: string;
  /** What the agent is at present. */
  readonly sceneId: string;
  /** Puts what happened on the way into the journal. */
  readonly note?: (fact: Fact & { type: "tool-retried" }) => void;
};

export type ToolOutcome = {
  readonly outcome: "succeeded" | "failed";
  readonly result: string;
  /** What is known from now on. */
  readonly learnt?: Values;
  /** What the agent is from now on: the name of a scene of the plan. */
  readonly sceneId?: string;
  /** There is nothing to say about it. */
  readonly isQuiet?: true;
  /** What is to be done to the call itself; outcome and result then come from that. */
  readonly order?: ToolOrder;
};

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

  run({ toolCallId, name, arguments: given }: Effect & { type: "run-tool" }, sceneId: string): Promise<void> {
    const limitMs = this.#runner.conductOf?.(name, sceneId)?.limitMs;
    const run = { toolCallId, name, arguments: given, sceneId, note: this.#post };
    return this.runWith(toolCallId, (signal) => this.#runner.run(run, signal), limitMs);
  }

  /** Runs `work` in the place of a tool: once, after the journal is safe, and with an outcome whatever happens. */
  async runWith(
    toolCallId: string,
    work: (signal: AbortSignal) => Promise<ToolOutcome>,
    limitMs = TOOL_LIMIT_MS,
  ): Promise<void> {
    const controller = new AbortController();
    this.#running.set(toolCallId, controller);
    const workDone = this.#clock.working();
    const cancelTimer = this.#clock.after(limitMs, () => controller.abort());
    const outcome = await this.#attempt(work, { signal: controller.signal, limitMs });
    cancelTimer();
    workDone();
    if (this.#running.has(toolCallId)) this.#tell(toolCallId, outcome);
  }

  /** Gives up what still runs, once nothing it says could be told any more. */
  abandon(): Fact[] {
    const lost = [...this.#running.keys()];
    this.close();
    return lost.map((toolCallId) => ({ type: "tool-finished", toolCallId, outcome: "failed", result: CALL_OVER }));
  }

  /** Gives up what still runs. */
  close(): void {
    for (const controller of this.#running.values()) controller.abort();
    this.#running.clear();
  }

  #tell(toolCallId: string, { outcome, result, learnt, sceneId, isQuiet, order }: ToolOutcome): void {
    if (learnt !== undefined) this.#post({ type: "values-learnt", values: learnt });
    if (sceneId !== undefined) this.#post({ type: "scene-entered", sceneId });
    // Still running until here: a call that is over waits for the result too.
    this.#running.delete(toolCallId);
    if (order !== undefined) return this.#post({ type: "tool-ordered", toolCallId, order });
    const cut = result.length > MAX_RESULT_CHARS ? `${result.slice(0, MAX_RESULT_CHARS)} [cut]` : result;
    const quiet = isQuiet === undefined ? {} : { isQuiet };
    this.#post({ type: "tool-finished", toolCallId, outcome, result: cut, ...quiet });
  }

  async #attempt(
    work: (signal: AbortSignal) => Promise<ToolOutcome>,
    { signal, limitMs }: { readonly signal: AbortSignal; readonly limitMs: number },
  ): Promise<ToolOutcome> {
    try {
      await this.#journal.flush();
    } catch {
      return failed("The tool was not run: the call's journal can't be stored at the moment.");
    }
    const timedOut = new Promise<ToolOutcome>((resolve) => {
      signal.addEventListener("abort", () => resolve(failed(`No result within ${limitMs / 1000} seconds.`)));
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

/** What of a tool's conduct the rules need. */
export function toConduct(known: (ToolConduct & { readonly limitMs?: number }) | undefined): ToolConduct | undefined {
  if (known === undefined) return undefined;
  const { limitMs: _, ...conduct } = known;
  return conduct;
}
