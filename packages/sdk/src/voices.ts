import type { components } from "./generated/openapi.ts";
import { PageOf, type PageQuery } from "./page.ts";
import type { RequestOptions, Transport } from "./transport.ts";

export type Voice = components["schemas"]["Voice"];

/** The voices an agent can have. */
export class Voices {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** All of them, in one page. */
  list(query: PageQuery = {}, options: RequestOptions = {}): PageOf<Voice> {
    return new PageOf(() => this.#transport.json({ ...options, path: "/v1/voices", query }));
  }
}
