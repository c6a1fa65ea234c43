import { stat } from "node:fs/promises";
import { join } from "node:path";

export type Recording = { readonly path: string; readonly sizeBytes: number };

export const RECORDINGS_FOLDER = "recordings";

/** Where the recording of a call is written while it runs and kept afterwards: stereo WAV, caller left, agent right. */
export function recordingPath(dataDirectory: string, callId: string): string {
  if (!/^[a-z0-9_]+$/.test(callId)) throw new Error("a call id has only letters, digits and _");
  return join(dataDirectory, RECORDINGS_FOLDER, `${callId}.wav`);
}

/** Whether a call is over and its recording still there. */
export async function hasRecording(
  dataDirectory: string,
  { id, status }: { readonly id: string; readonly status: string },
): Promise<boolean> {
  return status === "ended" && (await findRecording(dataDirectory, id)) !== undefined;
}

/** The recording of a call, or undefined when there is none, or none any more. */
export async function findRecording(dataDirectory: string, callId: string): Promise<Recording | undefined> {
  const path = recordingPath(dataDirectory, callId);
  const found = await stat(path).catch(() => undefined);
  return found?.isFile() ? { path, sizeBytes: found.size } : undefined;
}
