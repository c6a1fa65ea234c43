import type { components } from "./generated/openapi.ts";
import type { components as requests } from "./generated/openapi-requests.ts";
import type { QueryOf } from "./query-of.ts";
import type { RequestOptions, Transport } from "./transport.ts";

export type OptOut = components["schemas"]["OptOut"];
export type NewOptOut = requests["schemas"]["NewOptOut"];

/** Who asked not to be written to. */
export class OptOuts {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** Newest first. */
  async list(query: QueryOf<"listOptOuts"> = {}, options: RequestOptions = {}): Promise<OptOut[]> {
    const page = await this.#transport.json<components["schemas"]["OptOuts"]>({
      ...{ ...options, path: "/v1/opt-outs", query },
    });
    return page.data;
  }

  /** Has somebody not be written to any more, as if they had written STOP. Once more changes nothing. */
  create(optOut: NewOptOut, options: RequestOptions = {}): Promise<OptOut> {
    return this.#transport.json({ ...options, method: "POST", path: "/v1/opt-outs", body: { json: optOut } });
  }

  /** Allows somebody to be written to again: only with their consent. */
  delete(query: QueryOf<"deleteOptOut">, options: RequestOptions = {}): Promise<void> {
    return this.#transport.nothing({ ...options, method: "DELETE", path: "/v1/opt-outs", query });
  }
}
