import type { AgentSettings } from "../agents/agent.ts";
import type { WorkspaceStore } from "../workspaces/store.ts";
import type { StoredRecording } from "./recording.ts";
import type { RecordingFormat } from "./recording-format.ts";

/** How calls of a workspace are recorded where their agents don't say. */
export type FindRecordingFormat = (workspaceId: string) => Promise<RecordingFormat>;

export function createFindRecordingFormat(
  workspaces: Pick<WorkspaceStore, "find">,
  nodeFormat: RecordingFormat,
): FindRecordingFormat {
  return async (workspaceId) => (await workspaces.find(workspaceId))?.recordingFormat ?? nodeFormat;
}

/** What a call says of its recording before it begins; undefined when it isn't to be recorded. */
export async function planRecording(
  { isRecorded, recording, recordingConsent }: AgentSettings,
  workspaceId: string,
  findFormat: FindRecordingFormat = async () => "wav",
): Promise<StoredRecording | undefined> {
  if (!isRecorded) return undefined;
  const { retentionDays } = recording;
  return {
    status: "recording",
    format: recording.format ?? (await findFormat(workspaceId)),
    ...(retentionDays === undefined ? {} : { retentionDays }),
    ...(recordingConsent.isAsked ? { isConsentAsked: true } : {}),
  };
}
