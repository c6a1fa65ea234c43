import type { components } from "./generated/openapi.ts";
import type { components as requests } from "./generated/openapi-requests.ts";
import { ReadableResource } from "./resource.ts";
import type { RequestOptions, Transport } from "./transport.ts";

export type Transcript = components["schemas"]["Transcript"];
export type NewTranscript = requests["schemas"]["NewTranscript"];

/** What was said in recordings, written down and kept. For words that needn't be kept see Transcriptions. */
export class Transcripts extends ReadableResource<{ item: Transcript }> {
  constructor(transport: Transport) {
    super(transport, "/v1/transcripts");
  }

  /** Of a WAV file of any rate and at most 130 MB, given as its bytes, or of one that the server fetches. */
  create(recording: Uint8Array<ArrayBuffer> | NewTranscript, options: RequestOptions = {}): Promise<Transcript> {
    if (!(recording instanceof Uint8Array)) return this.post(this.pathOf(), recording, options);
    const body = { bytes: recording, contentType: "audio/wav" };
    return this.transport.json({ ...options, method: "POST", path: this.pathOf(), body });
  }

  delete(transcriptId: string, options: RequestOptions = {}): Promise<void> {
    return this.remove(this.pathOf(transcriptId), options);
  }
}
