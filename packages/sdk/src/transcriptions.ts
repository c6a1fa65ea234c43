import type { components } from "./generated/openapi.ts";
import type { RequestOptions, Transport } from "./transport.ts";

export type Transcription = components["schemas"]["Transcription"];

/** Speech to text. */
export class Transcriptions {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** Writes down what is said in a WAV file of any rate, given as its bytes. */
  create(wav: Uint8Array<ArrayBuffer>, options: RequestOptions = {}): Promise<Transcription> {
    const body = { bytes: wav, contentType: "audio/wav" };
    return this.#transport.json({ ...options, method: "POST", isHarmless: true, path: "/v1/transcriptions", body });
  }
}
