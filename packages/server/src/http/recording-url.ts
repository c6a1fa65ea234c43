import type { Call } from "../calls/call.ts";
import type { Recordings } from "../recordings/recordings.ts";

/**
 * Where our own API has a call's recording, for the same key; undefined when there is none, or none any more.
 * @param origin "" for the path alone
 */
export async function findRecordingUrl(
  origin: string,
  recordings: Recordings,
  call: Pick<Call, "id" | "status" | "recording">,
): Promise<string | undefined> {
  return (await recordings.has(call)) ? `${origin}/v1/calls/${call.id}/recording` : undefined;
}
