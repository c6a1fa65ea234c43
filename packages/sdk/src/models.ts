import type { components } from "./generated/openapi.ts";
import { PageOf, type PageQuery } from "./page.ts";
import type { RequestOptions, Transport } from "./transport.ts";

export type Model = components["schemas"]["Model"];

/** The models the server found, and why it uses which. */
export class Models {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** All of them, in one page. */
  list(query: PageQuery = {}, options: RequestOptions = {}): PageOf<Model> {
    return new PageOf(() => this.#transport.json({ ...options, path: "/v1/models", query }));
  }
}
