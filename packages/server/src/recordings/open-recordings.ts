import { join } from "node:path";
import type { Config } from "../config.ts";
import type { Database } from "../storage/database.ts";
import type { Log } from "../telemetry/log.ts";
import type { WallClock } from "../wall-clock.ts";
import { DiskObjects } from "./disk-objects.ts";
import { RecordingKeeper } from "./recording-keeper.ts";
import { RECORDINGS_FOLDER } from "./recording-paths.ts";
import { createRecordings } from "./recordings.ts";
import { createRecordingStore } from "./store.ts";

/** All that has to do with recordings, on this machine or in an object store as the settings say. */
export async function openRecordings(options: {
  readonly config: Pick<Config, "dataDirectory" | "s3">;
  readonly database: Database;
  readonly clock: WallClock;
  readonly log: Log;
}) {
  const { config, database, clock, log } = options;
  const { dataDirectory, s3 } = config;
  const store = createRecordingStore(database);
  // Its library takes 100 ms and 30 MB to load.
  const remote = s3 && new (await import("./s3-objects.ts")).S3Objects(s3);
  const objects = remote ?? new DiskObjects(join(dataDirectory, RECORDINGS_FOLDER));
  const keeper = new RecordingKeeper({ dataDirectory, store, objects, clock, log });
  return {
    store,
    keeper,
    recordings: createRecordings({ dataDirectory, store, remote }),
    /** Idempotent. */
    async close() {
      await keeper.close();
      remote?.close();
    },
  };
}
