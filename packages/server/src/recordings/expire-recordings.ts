import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { WallClock } from "../wall-clock.ts";
import { parseRecordingKey, RECORDINGS_FOLDER } from "./recording-paths.ts";
import type { Recordings } from "./recordings.ts";
import type { RecordingStore } from "./store.ts";

const DAY_MS = 86_400_000;
const AT_ONCE = 200;

type ExpireDeps = {
  readonly dataDirectory: string;
  readonly store: RecordingStore;
  readonly recordings: Recordings;
  /** Where neither the agent nor the workspace says; absent: for ever. */
  readonly retentionDays: number | undefined;
  readonly clock: WallClock;
  /** Told of each recording that could not be deleted; it is tried again the next time. */
  readonly onError?: (error: unknown) => void;
};

/**
 * Deletes recordings of calls that ended longer ago than their agent, workspace or node wants them kept, wherever they
 * lie. Idempotent.
 * @returns how many were deleted
 */
export async function expireRecordings(deps: ExpireDeps): Promise<number> {
  const { store, recordings, retentionDays: nodeDays, clock } = deps;
  let deleted = 0;
  for (let failed = 0; ; ) {
    const expired = await store.listExpired({ now: clock.now(), nodeDays, limit: AT_ONCE + failed });
    let gone = 0;
    for (const callId of expired) if (await tryToRemove(deps, recordings, callId)) gone++;
    deleted += gone;
    failed = expired.length - gone;
    if (gone === 0 || expired.length < AT_ONCE) break;
  }
  return deleted + (await expireFiles(deps));
}

/** One that can't be reached keeps none of the others. */
async function tryToRemove({ onError }: ExpireDeps, recordings: Recordings, callId: string): Promise<boolean> {
  try {
    await recordings.remove(callId, "expired");
    return true;
  } catch (error) {
    onError?.(error);
    return false;
  }
}

/** Files of this node that no call answers for any more, and those of calls that say nothing of their recordings. */
async function expireFiles({ dataDirectory, store, retentionDays, clock }: ExpireDeps): Promise<number> {
  const folder = join(dataDirectory, RECORDINGS_FOLDER);
  const expiredAtMs = retentionDays === undefined ? -1 : clock.now().getTime() - retentionDays * DAY_MS;
  let deleted = 0;
  for (const name of await readdir(folder).catch(() => [])) {
    const key = parseRecordingKey(name);
    if (key === undefined) continue;
    const recording = (await store.find(key.callId))?.recording;
    const isGone = recording?.status === "deleted" || recording?.status === "expired";
    if (recording !== undefined && !isGone) continue;
    const path = join(folder, name);
    const found = await stat(path).catch(() => undefined);
    if (found === undefined || (!isGone && found.mtimeMs > expiredAtMs)) continue;
    await rm(path, { force: true });
    deleted++;
  }
  return deleted;
}
