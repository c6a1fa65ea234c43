import type { components } from "./generated/openapi.ts";
import type { RequestOptions, Transport } from "./transport.ts";

export type Voice = components["schemas"]["Voice"];

/** The voices an agent can have. */
export class Voices {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  list(options: RequestOptions = {}): Promise<{ readonly data: readonly Voice[] }> {
    return this.#transport.json({ ...options, path: "/v1/voices" });
  }
}
