/** What became of the tools that ran while the caller talked. Pure. */
import type { PlayedItem } from "./play-item.ts";

export type ToolOutcome = {
  readonly id: string;
  readonly text: string;
  readonly runs: number;
  /** Runs whose result never came, or that the language model was never told. */
  readonly lost: number;
  /** Runs begun twice under one id, and results that came twice. */
  readonly duplicates: number;
};

/** `told`: the runs whose results the language model was given. */
export function judgeTools({ item, journal }: PlayedItem, told: ReadonlySet<string>): ToolOutcome {
  const begun = journal.flatMap(({ effects }) =>
    effects.flatMap((effect) => (effect.type === "run-tool" ? [effect.toolCallId] : [])),
  );
  const finished = journal.flatMap(({ event }) => (event.type === "tool-finished" ? [event.toolCallId] : []));
  const runs = new Set(begun);
  const lost = [...runs].filter((id) => !finished.includes(id) || !told.has(id));
  return {
    id: item.id,
    text: item.text,
    runs: runs.size,
    lost: lost.length,
    duplicates: begun.length - runs.size + (finished.length - new Set(finished).size),
  };
}
