import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { WallClock } from "../wall-clock.ts";
import { RECORDINGS_FOLDER } from "./find-recording.ts";

const DAY_MS = 86_400_000;

/**
 * Deletes recordings that were last written more than `retentionDays` ago. Idempotent.
 * @returns how many were deleted
 */
export async function expireRecordings(options: {
  readonly dataDirectory: string;
  readonly retentionDays: number;
  readonly clock: WallClock;
}): Promise<number> {
  const folder = join(options.dataDirectory, RECORDINGS_FOLDER);
  const expiredAtMs = options.clock.now().getTime() - options.retentionDays * DAY_MS;
  let deleted = 0;
  for (const name of await readdir(folder).catch(() => [])) {
    if (!/^[a-z0-9_]+\.wav$/.test(name)) continue;
    const path = join(folder, name);
    const found = await stat(path).catch(() => undefined);
    if (found === undefined || found.mtimeMs > expiredAtMs) continue;
    await rm(path, { force: true });
    deleted++;
  }
  return deleted;
}
