import { OpusTrackFile } from "./opus-track-file.ts";
import type { RecordingFormat } from "./recording-format.ts";
import type { TrackFile } from "./track-file.ts";
import { WavTrackFile } from "./wav-track-file.ts";

export function makeTrackFile(format: RecordingFormat): TrackFile {
  return format === "opus" ? new OpusTrackFile() : new WavTrackFile();
}
