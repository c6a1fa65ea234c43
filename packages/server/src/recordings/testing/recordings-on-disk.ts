import { createRecordings, type Recordings } from "../recordings.ts";
import type { RecordingStore } from "../store.ts";

/** Recordings of calls that say nothing of them. */
export function recordingsOnDisk(dataDirectory: string): Recordings {
  return createRecordings({ dataDirectory, store: NO_CALLS });
}

/** Knows of no call. */
const NO_CALLS: RecordingStore = {
  find: async () => undefined,
  replace: async () => false,
  findFailure: async () => undefined,
  listExpired: async () => [],
  listUnsettled: async () => [],
};
