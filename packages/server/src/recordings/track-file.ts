/** The bytes of a recording, as they are appended to its file while the call runs. */
import { fixedWavHeader, streamingWavHeader } from "@earshot/engine";
import { OpusTrackFile } from "./opus-track-file.ts";
import type { RecordingFormat } from "./recording-format.ts";

export interface TrackFile {
  /** First bytes of the file. */
  begin(): Uint8Array;
  /** What stereo samples become: 16-bit little-endian at 16 kHz, caller left and agent right, in time without a gap. */
  push(stereo: Uint8Array): Uint8Array;
  /** Last bytes of the file, and those that its first ones are replaced with. */
  finish(): { readonly tail: Uint8Array; readonly head?: Uint8Array };
}

export function makeTrackFile(format: RecordingFormat): TrackFile {
  return format === "opus" ? new OpusTrackFile() : new WavTrackFile();
}

/** The header is valid from the first byte for players that read to the end of the file; the last says the true length. */
class WavTrackFile implements TrackFile {
  #bytes = 0;

  begin(): Uint8Array {
    return streamingWavHeader();
  }

  push(stereo: Uint8Array): Uint8Array {
    this.#bytes += stereo.length;
    return stereo;
  }

  finish(): { readonly tail: Uint8Array; readonly head: Uint8Array } {
    return { tail: new Uint8Array(0), head: fixedWavHeader(this.#bytes) };
  }
}
