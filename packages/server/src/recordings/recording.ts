/** What is kept of a call's recording on the call itself. */
import { z } from "zod";
import { recordingFormatShape } from "./recording-format.ts";

const RECORDING_STATUSES = [
  "recording",
  "waiting",
  "stored",
  "failed",
  "declined",
  "none",
  "deleted",
  "expired",
] as const;

export const callRecordingShape = z
  .object({
    status: z
      .enum(RECORDING_STATUSES)
      .describe(
        "`recording`: the call isn't over; `waiting`: it is, and the recording is on its way to where it is kept; " +
          "`declined`: consent was asked for and not given; `none`: nothing was recorded.",
      ),
    format: recordingFormatShape,
    durationMs: z.number().int().optional(),
    sizeBytes: z.number().int().optional(),
    retentionDays: z.number().int().optional().describe("The agent's own; absent: the workspace's, or the node's."),
    error: z.string().optional().describe("Why it could not be written or stored, as far as it could not."),
  })
  .meta({ id: "CallRecording" });

/** As our API shows it. */
export type CallRecording = Readonly<z.infer<typeof callRecordingShape>>;
/** As it is stored. */
export type StoredRecording = CallRecording & {
  readonly place?: "disk" | "s3";
  /** Its name there. */
  readonly key?: string;
  readonly isConsentAsked?: true;
};

export function toCallRecording({ place: _place, key: _key, isConsentAsked: _asked, ...shown }: StoredRecording) {
  return shown;
}
