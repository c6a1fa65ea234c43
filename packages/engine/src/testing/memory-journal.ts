import type { Journal, JournalEntry } from "../journal/journal.ts";

/** Keeps entries in an array; `failNextFlush` stands for a full disk. */
export class MemoryJournal implements Journal {
  readonly entries: JournalEntry[] = [];
  readonly flushedTo: number[] = [];
  #failures = 0;

  failNextFlush(times = 1): void {
    this.#failures = times;
  }

  append(entry: JournalEntry): void {
    // What is stored is JSON: a test sees what a replay would.
    this.entries.push(JSON.parse(JSON.stringify(entry)) as JournalEntry);
  }

  flush(): Promise<void> {
    if (this.#failures > 0) {
      this.#failures--;
      return Promise.reject(new Error("no space left"));
    }
    this.flushedTo.push(this.entries.at(-1)?.seq ?? 0);
    return Promise.resolve();
  }
}
