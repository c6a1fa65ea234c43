import type { Clock } from "../session/clock.ts";
import type { Journal, JournalEntry } from "./journal.ts";

/** How long an entry may wait for others to be stored with it. */
const BATCH_DELAY_MS = 100;
const RETRY_DELAY_MS = 1_000;

/**
 * Stores entries in batches, in order, at most 100 ms late. What can't be stored is kept and tried again each second
 * until it is; `hasTrouble` says so. Facts are small and few: an hour's call without storage holds about 10 MB.
 */
export class BatchingJournal implements Journal {
  readonly #store: (entries: readonly JournalEntry[]) => Promise<void>;
  readonly #clock: Clock;
  #pending: JournalEntry[] = [];
  #cancelTimer: (() => void) | undefined;
  #writing: Promise<void> | undefined;
  #hasTrouble = false;

  constructor(store: (entries: readonly JournalEntry[]) => Promise<void>, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  /** True while the newest attempt to store failed. */
  get hasTrouble(): boolean {
    return this.#hasTrouble;
  }

  append(entry: JournalEntry): void {
    this.#pending.push(entry);
    this.#schedule(BATCH_DELAY_MS);
  }

  async flush(): Promise<void> {
    await this.#writing?.catch(() => {});
    // Another flush may have taken our entries meanwhile: then its batch is the one to wait for.
    if (this.#writing !== undefined) await this.#writing;
    else if (this.#pending.length > 0) await this.#write();
  }

  #schedule(delayMs: number): void {
    this.#cancelTimer ??= this.#clock.after(delayMs, () => {
      this.#cancelTimer = undefined;
      if (!this.#writing) this.#write().catch(() => {});
    });
  }

  #write(): Promise<void> {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    const batch = this.#pending;
    this.#pending = [];
    this.#writing = this.#store(batch).then(
      () => this.#settle(false),
      (error: unknown) => {
        this.#pending = [...batch, ...this.#pending];
        this.#settle(true);
        throw error;
      },
    );
    return this.#writing;
  }

  #settle(failed: boolean): void {
    this.#writing = undefined;
    this.#hasTrouble = failed;
    if (this.#pending.length > 0) this.#schedule(failed ? RETRY_DELAY_MS : 0);
  }
}
