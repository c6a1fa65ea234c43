/** Where recordings lie in the data directory. */
import { join } from "node:path";
import { FILE_TYPES, RECORDING_FORMATS, type RecordingFormat } from "./recording-format.ts";

export const RECORDINGS_FOLDER = "recordings";
/** Those of calls under way, and of calls that are over until they lie where they are kept. */
const LIVE_FOLDER = "live";

/** The name of a recording wherever it is kept. */
export function recordingKey(callId: string, format: RecordingFormat): string {
  if (!/^[a-z0-9_]+$/.test(callId)) throw new Error("a call id has only letters, digits and _");
  return `${callId}.${FILE_TYPES[format].extension}`;
}

export function liveFolder(dataDirectory: string): string {
  return join(dataDirectory, RECORDINGS_FOLDER, LIVE_FOLDER);
}

/** Where the recording of a call is written while it runs. */
export function livePath(dataDirectory: string, callId: string, format: RecordingFormat): string {
  return join(liveFolder(dataDirectory), recordingKey(callId, format));
}

/** Where a recording of a call is kept on this machine. */
export function recordingPath(dataDirectory: string, callId: string, format: RecordingFormat = "wav"): string {
  return join(dataDirectory, RECORDINGS_FOLDER, recordingKey(callId, format));
}

/** What a file's name says. Undefined: it is no recording. */
export function parseRecordingKey(name: string): { callId: string; format: RecordingFormat } | undefined {
  const [callId = "", extension, ...more] = name.split(".");
  const format = RECORDING_FORMATS.find((each) => FILE_TYPES[each].extension === extension);
  if (format === undefined || more.length > 0 || !/^[a-z0-9_]+$/.test(callId)) return undefined;
  return { callId, format };
}
