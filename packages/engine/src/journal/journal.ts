import type { Effect } from "../conversation/effect.ts";
import type { ConversationEvent } from "../conversation/event.ts";

/** One fact and the orders that followed from it. */
export type JournalEntry = {
  /** 1, 2, 3 … without a gap. */
  readonly seq: number;
  readonly atMs: number;
  readonly event: ConversationEvent;
  readonly effects: readonly Effect[];
};

/** Where the entries of one call go. */
export interface Journal {
  /** Returns at once; the entry is safe after the next `flush`. */
  append(entry: JournalEntry): void;
  /** Resolves when all appended entries are stored; rejects when they can't be stored now (they are kept and tried again). */
  flush(): Promise<void>;
}
