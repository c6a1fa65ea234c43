import { hasRecording } from "../recordings/find-recording.ts";

/**
 * Where our own API has a call's recording, for the same key; undefined when there is none, or none any more.
 * @param origin "" for the path alone
 */
export async function findRecordingUrl(
  origin: string,
  dataDirectory: string,
  call: Parameters<typeof hasRecording>[1],
): Promise<string | undefined> {
  return (await hasRecording(dataDirectory, call)) ? `${origin}/v1/calls/${call.id}/recording` : undefined;
}
