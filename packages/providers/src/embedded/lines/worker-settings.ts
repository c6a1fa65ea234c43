import type { LocalModel } from "../../local-models/local-model.ts";

/** What every speech worker is started with. */
export type WorkerSettings = {
  /** Existing or new folder for files derived from the models. */
  readonly cacheDir: string;
  readonly localModels: readonly LocalModel[];
  /** Words and voice by script, for load tests. */
  readonly isScripted: boolean;
};
