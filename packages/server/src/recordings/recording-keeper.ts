import { readdir, rm } from "node:fs/promises";
import type { Log } from "../telemetry/log.ts";
import type { WallClock } from "../wall-clock.ts";
import { sizeOfFile } from "./disk-objects.ts";
import type { ObjectStore } from "./object-store.ts";
import type { StoredRecording } from "./recording.ts";
import { FILE_TYPES, RECORDING_FORMATS, type RecordingFormat } from "./recording-format.ts";
import { liveFolder, livePath, parseRecordingKey, recordingKey } from "./recording-paths.ts";
import { repairRecording } from "./repair-recording.ts";
import type { RecordingStore } from "./store.ts";

const FIRST_RETRY_MS = 5_000;
const LAST_RETRY_MS = 15 * 60_000;
/** Calls of which a crash left nothing but a mark that they are recorded. */
const UNSETTLED_AT_ONCE = 1_000;

export type RecordingKeeperOptions = {
  readonly dataDirectory: string;
  readonly store: RecordingStore;
  readonly objects: ObjectStore;
  readonly clock: WallClock;
  readonly log: Log;
};

/**
 * Brings recordings of calls that are over to where they are kept. The folder they are written to is the queue: what lies
 * there is still to be done, whatever became of the process, and only the node that has the file can do it.
 */
export class RecordingKeeper {
  readonly #options: RecordingKeeperOptions;
  readonly #waiting = new Set<string>();
  readonly #attempts = new Map<string, number>();
  readonly #retries = new Set<() => void>();
  #working: Promise<void> | undefined;
  #isClosed = false;

  constructor(options: RecordingKeeperOptions) {
    this.#options = options;
  }

  /** Takes up what another run left. `isAlone`: there are no other nodes that calls may wait for. */
  async start({ isAlone }: { readonly isAlone: boolean }): Promise<void> {
    const { dataDirectory, store } = this.#options;
    const names = await readdir(liveFolder(dataDirectory)).catch(() => []);
    for (const name of names) this.keep(parseRecordingKey(name)?.callId ?? "");
    if (!isAlone) return;
    for (const callId of await store.listUnsettled(UNSETTLED_AT_ONCE)) this.keep(callId);
  }

  /** The call is over. Returns at once. */
  keep(callId: string): void {
    if (callId === "" || this.#isClosed) return;
    this.#waiting.add(callId);
    this.#working ??= this.#work().finally(() => {
      this.#working = undefined;
    });
  }

  /** Resolves once nothing is left to be done but what has failed and waits for its next try. */
  async whenIdle(): Promise<void> {
    while (this.#working !== undefined) await this.#working;
  }

  /** Finishes the one at hand; the others are taken up at the next start. Idempotent. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#waiting.clear();
    for (const cancel of this.#retries) cancel();
    this.#retries.clear();
    await this.#working;
  }

  async #work(): Promise<void> {
    for (const callId of this.#waiting) {
      this.#waiting.delete(callId);
      await this.#try(callId);
    }
  }

  async #try(callId: string): Promise<void> {
    const { store, log } = this.#options;
    try {
      await this.#settle(callId);
      this.#attempts.delete(callId);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      log.warn({ callId, error: message }, "a recording can't be stored; it is tried again");
      this.#retryLater(callId);
      const recording = (await store.find(callId).catch(() => undefined))?.recording;
      if (recording) await store.replace(callId, { ...recording, status: "waiting", error: message }).catch(() => {});
    }
  }

  #retryLater(callId: string): void {
    if (this.#isClosed) return;
    const attempts = this.#attempts.get(callId) ?? 0;
    this.#attempts.set(callId, attempts + 1);
    const cancel = this.#options.clock.after(Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** attempts), () => {
      this.#retries.delete(cancel);
      this.keep(callId);
    });
    this.#retries.add(cancel);
  }

  async #settle(callId: string): Promise<void> {
    const { dataDirectory, store, objects } = this.#options;
    const call = await store.find(callId);
    if (call !== undefined && !call.isOver) return;
    const format = await this.#findFormat(callId);
    const isUnwanted = call === undefined || call.isRemoved || isGone(call.recording);
    if (format === undefined || isUnwanted) {
      if (format !== undefined) await rm(livePath(dataDirectory, callId, format), { force: true });
      if (!isUnwanted) await this.#noteAbsence(callId, call.recording);
      return;
    }
    const path = livePath(dataDirectory, callId, format);
    const failure = await store.findFailure(callId);
    const whole = await repairRecording(path, format);
    if (whole === undefined) {
      await rm(path, { force: true });
      return this.#noteAbsence(callId, call.recording);
    }
    const key = recordingKey(callId, format);
    await objects.put(key, path, FILE_TYPES[format].contentType);
    const { error: _, ...known }: StoredRecording = { status: "stored", ...call.recording, format };
    const stored: StoredRecording = { ...known, ...whole, status: "stored", place: objects.place, key };
    const isWanted = await store.replace(callId, failure === undefined ? stored : { ...stored, error: failure });
    if (!isWanted) await objects.remove(key);
  }

  async #findFormat(callId: string): Promise<RecordingFormat | undefined> {
    for (const format of RECORDING_FORMATS)
      if ((await sizeOfFile(livePath(this.#options.dataDirectory, callId, format))) !== undefined) return format;
    return undefined;
  }

  /** There is no recording: why? */
  async #noteAbsence(callId: string, recording: StoredRecording | undefined): Promise<void> {
    // What is kept already has no file here any more.
    if (recording === undefined || recording.status === "stored") return;
    const { store, objects } = this.#options;
    const { format } = recording;
    // The process died between the two steps of storing it.
    const key = recordingKey(callId, format);
    const sizeBytes = await objects.sizeOf(key);
    if (sizeBytes !== undefined) {
      await store.replace(callId, { ...recording, status: "stored", place: objects.place, key, sizeBytes });
      return;
    }
    const error = await store.findFailure(callId);
    if (error !== undefined) await store.replace(callId, { ...recording, status: "failed", error });
    else await store.replace(callId, { ...recording, status: recording.isConsentAsked ? "declined" : "none" });
  }
}

function isGone(recording: StoredRecording | undefined): boolean {
  return recording?.status === "deleted" || recording?.status === "expired";
}
