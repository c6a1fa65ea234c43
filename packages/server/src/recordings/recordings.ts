import { rm } from "node:fs/promises";
import { AppError } from "../app-error.ts";
import { readFilePart, sizeOfFile } from "./disk-objects.ts";
import type { ByteRange, ObjectStore } from "./object-store.ts";
import type { StoredRecording } from "./recording.ts";
import { FILE_TYPES, RECORDING_FORMATS, type RecordingFormat } from "./recording-format.ts";
import { livePath, recordingKey, recordingPath } from "./recording-paths.ts";
import type { RecordingStore } from "./store.ts";

/** A call, as far as its recording is asked for. */
type OfCall = { readonly id: string; readonly status: string; readonly recording?: StoredRecording };

export type FoundRecording = {
  readonly format: RecordingFormat;
  readonly contentType: string;
  readonly fileName: string;
  readonly sizeBytes: number;
  /** @throws AppError `recording_not_available` when it has gone meanwhile */
  read(range?: ByteRange): Promise<ReadableStream<Uint8Array>>;
  /** Undefined where only this server can hand it out. */
  link(expiresInS: number): Promise<string | undefined>;
};

/** The recordings of calls that are over, wherever they lie. */
export interface Recordings {
  /** Whether there is one, as far as this node can tell without asking others. */
  has(call: OfCall): Promise<boolean>;
  /** @throws AppError `storage_unavailable` */
  find(call: OfCall): Promise<FoundRecording | undefined>;
  /**
   * Deletes it everywhere; false when there was none. Idempotent.
   * @throws AppError `storage_unavailable`
   */
  remove(callId: string, because: "deleted" | "expired"): Promise<boolean>;
}

type Place = Omit<FoundRecording, "sizeBytes" | "format" | "contentType" | "fileName"> & {
  readonly sizeOf: () => Promise<number | undefined>;
};

export function createRecordings(deps: {
  readonly dataDirectory: string;
  readonly store: RecordingStore;
  /** Absent: they stay on this machine. */
  readonly remote?: ObjectStore | undefined;
}): Recordings {
  const { dataDirectory, store, remote } = deps;

  const placesOf = (call: OfCall, format: RecordingFormat): Place[] => {
    const { recording } = call;
    if (recording?.place === "s3" && recording.format === format && remote !== undefined)
      return [inStore(remote, call, format)];
    return [onDisk(livePath(dataDirectory, call.id, format)), onDisk(recordingPath(dataDirectory, call.id, format))];
  };

  const isGone = ({ status, recording }: OfCall) =>
    status !== "ended" || recording?.status === "deleted" || recording?.status === "expired";

  return {
    async has(call) {
      if (isGone(call)) return false;
      if (call.recording?.status === "stored") return true;
      const sizes = RECORDING_FORMATS.flatMap((format) => placesOf(call, format)).map(({ sizeOf }) => sizeOf());
      return (await Promise.all(sizes)).some((size) => size !== undefined);
    },

    async find(call) {
      if (isGone(call)) return undefined;
      for (const format of RECORDING_FORMATS)
        for (const { sizeOf, ...place } of placesOf(call, format)) {
          const sizeBytes = await reachable(sizeOf());
          if (sizeBytes === undefined) continue;
          const { contentType } = FILE_TYPES[format];
          return { format, contentType, fileName: recordingKey(call.id, format), sizeBytes, ...place };
        }
      return undefined;
    },

    async remove(callId, because) {
      const call = await store.find(callId);
      const recording = call?.recording;
      const key = recording?.place === "s3" ? recording.key : undefined;
      if (key !== undefined) {
        if (remote === undefined) throw unreachable(new Error("no object store is configured"));
        await reachable(remote.remove(key));
      }
      let hasFile = false;
      for (const format of RECORDING_FORMATS)
        for (const path of [livePath(dataDirectory, callId, format), recordingPath(dataDirectory, callId, format)]) {
          hasFile ||= (await sizeOfFile(path)) !== undefined;
          await rm(path, { force: true });
        }
      if (recording !== undefined) await store.replace(callId, { status: because, format: recording.format });
      return hasFile || (key !== undefined && recording?.status === "stored");
    },
  };
}

function onDisk(path: string): Place {
  return {
    sizeOf: () => sizeOfFile(path),
    read: async (range) => (await readFilePart(path, range)) ?? gone(),
    link: async () => undefined,
  };
}

function inStore(remote: ObjectStore, { id, recording }: OfCall, format: RecordingFormat): Place {
  const key = recording?.key ?? recordingKey(id, format);
  const { contentType } = FILE_TYPES[format];
  return {
    sizeOf: async () => recording?.sizeBytes ?? (await remote.sizeOf(key)),
    read: async (range) => (await reachable(remote.read(key, range))) ?? gone(),
    link: (expiresInS) => reachable(remote.link(key, { expiresInS, fileName: recordingKey(id, format), contentType })),
  };
}

function gone(): never {
  throw new AppError("recording_not_available", "the recording has been deleted");
}

async function reachable<Answer>(answer: Promise<Answer>): Promise<Answer> {
  try {
    return await answer;
  } catch (error) {
    throw unreachable(error);
  }
}

function unreachable(cause: unknown): AppError {
  return new AppError("storage_unavailable", "the recordings can't be reached; try again in a moment", { cause });
}
