/** In which file a recording is written, and what clients are told of it. */
import { z } from "zod";

export const recordingFormatShape = z.enum(["wav", "opus"]);
export type RecordingFormat = z.infer<typeof recordingFormatShape>;
export const RECORDING_FORMATS = recordingFormatShape.options;

export const FILE_TYPES: Readonly<Record<RecordingFormat, { extension: string; contentType: string }>> = {
  wav: { extension: "wav", contentType: "audio/wav" },
  opus: { extension: "ogg", contentType: "audio/ogg; codecs=opus" },
};
