import type { components } from "./generated/openapi-requests.ts";
import type { RequestOptions, Transport } from "./transport.ts";

export type SayRequest = components["schemas"]["SayRequest"];

/** Text to speech. */
export class Speech {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** Speaks a text and returns a WAV of 16 kHz, one channel. */
  create(request: SayRequest, options: RequestOptions = {}): Promise<Uint8Array<ArrayBuffer>> {
    return this.#transport.bytes({
      ...options,
      method: "POST",
      isHarmless: true,
      path: "/v1/speech",
      body: { json: request },
    });
  }
}
