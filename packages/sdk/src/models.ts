import type { components } from "./generated/openapi.ts";
import type { RequestOptions, Transport } from "./transport.ts";

export type Model = components["schemas"]["Model"];

/** The models the server found, and why it uses which. */
export class Models {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  list(options: RequestOptions = {}): Promise<{ readonly data: readonly Model[] }> {
    return this.#transport.json({ ...options, path: "/v1/models" });
  }
}
