import { fixedWavHeader, streamingWavHeader } from "@earshot/engine";
import type { TrackFile } from "./track-file.ts";

/** The header is valid from the first byte for players that read to the end of the file; the last says the true length. */
export class WavTrackFile implements TrackFile {
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
