import { Worker } from "node:worker_threads";
import { AppError } from "../app-error.ts";
import type { WallClock } from "../wall-clock.ts";

export type OfficeKind = "pdf" | "docx";
export type OfficeFile = { readonly bytes: Uint8Array; readonly kind: OfficeKind };
/** As text, or as a page. */
export type OfficeContent = { readonly title: string; readonly text: string } | { readonly html: string };

const TIME_LIMIT_MS = 30_000;
/** A small file may unfold to gigabytes. */
const MEMORY_LIMIT_BYTES = 512 * 1024 * 1024;
const WATCH_EVERY_MS = 50;

/**
 * The text of a PDF or Word file, read on a thread of its own.
 * @throws AppError `invalid_request` for what is no such file, or needs more time or memory than a document may
 */
export async function readOfficeFile(
  file: OfficeFile,
  clock: WallClock,
  { memoryLimitBytes = MEMORY_LIMIT_BYTES } = {},
): Promise<OfficeContent> {
  const worker = new Worker(new URL("./office-thread.ts", import.meta.url), {
    workerData: file,
    resourceLimits: { maxOldGenerationSizeMb: MEMORY_LIMIT_BYTES / 1024 / 1024 },
    stdout: true,
    stderr: true,
  });
  const name = file.kind === "pdf" ? "PDF" : "Word file";
  const { promise, resolve, reject } = Promise.withResolvers<OfficeContent>();
  const refuse = (problem: string, cause?: unknown) =>
    reject(new AppError("invalid_request", problem, cause === undefined ? {} : { cause }));
  const tooLarge = `the ${name} takes more memory than a document may`;
  const stopWatching = clock.every(WATCH_EVERY_MS, () => {
    void memoryOf(worker).then((bytes) => bytes > memoryLimitBytes && refuse(tooLarge));
  });
  const stopLimit = clock.after(TIME_LIMIT_MS, () =>
    refuse(`the ${name} takes more than ${TIME_LIMIT_MS / 1000} s to read`),
  );
  worker.once("message", resolve);
  worker.once("error", (error) => refuse(`it is no ${name} that can be read: ${error.message}`, error));
  worker.once("exit", () => refuse(`it is no ${name} that can be read`));
  try {
    return await promise;
  } finally {
    stopWatching();
    stopLimit();
    await worker.terminate();
  }
}

function memoryOf(worker: Worker): Promise<number> {
  return worker.getHeapStatistics().then(
    ({ used_heap_size: heap, external_memory: external }) => heap + external,
    () => 0,
  );
}
