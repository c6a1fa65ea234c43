import type { JournalEntry } from "../journal/journal.ts";
import type { ToolOutcome, ToolRunner } from "../session/calling-tools.ts";
import type { Clock } from "../session/clock.ts";

type Recorded = ToolOutcome & { readonly tookMs: number };

/** Said to the model in place of a result. */
const NOT_RUN = "This tool was not run: the call is a replay of one in which it wasn't called like this.";

/** Never runs anything: gives what a tool of this name answered to these arguments then. */
export class ReplayTools implements ToolRunner {
  /** Tools that the agent would have called and that have no recorded answer. */
  readonly notRun: { readonly name: string; readonly arguments: string }[] = [];
  readonly #recorded = new Map<string, Recorded[]>();
  readonly #clock: Clock;

  constructor(entries: readonly JournalEntry[], clock: Clock) {
    this.#clock = clock;
    const running = new Map<string, { readonly key: string; readonly atMs: number }>();
    for (const { event, effects, atMs } of entries) {
      for (const effect of effects)
        if (effect.type === "run-tool")
          running.set(effect.toolCallId, { key: toKey(effect.name, effect.arguments), atMs });
      if (event.type !== "tool-finished") continue;
      const begun = running.get(event.toolCallId);
      if (!begun) continue;
      const { outcome, result } = event;
      const before = this.#recorded.get(begun.key) ?? [];
      this.#recorded.set(begun.key, [...before, { outcome, result, tookMs: atMs - begun.atMs }]);
    }
  }

  async run({ name, arguments: args }: { name: string; arguments: string }): Promise<ToolOutcome> {
    const answers = this.#recorded.get(toKey(name, args));
    // Called more often than then, it answers as it did the last time.
    const answer = answers && answers.length > 1 ? answers.shift() : answers?.[0];
    if (!answer) {
      this.notRun.push({ name, arguments: args });
      return { outcome: "failed", result: NOT_RUN };
    }
    const { outcome, result, tookMs } = answer;
    if (tookMs > 0) await new Promise<void>((resolve) => this.#clock.after(tookMs, resolve));
    return { outcome, result };
  }
}

/** The order of the arguments makes no difference. */
function toKey(name: string, args: string): string {
  try {
    return `${name} ${JSON.stringify(sorted(JSON.parse(args)))}`;
  } catch {
    return `${name} ${args}`;
  }
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, inner]) => [name, sorted(inner)]),
  );
}
