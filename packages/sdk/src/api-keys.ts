import type { components } from "./generated/openapi.ts";
import type { components as requests } from "./generated/openapi-requests.ts";
import type { PageOf, PageQuery } from "./page.ts";
import { Collection } from "./resource.ts";
import type { RequestOptions, Transport } from "./transport.ts";

/** A key as lists show it, without the key itself. */
export type ApiKey = components["schemas"]["ApiKey"];
/** A key just created. The key itself is shown this once. */
export type CreatedApiKey = components["schemas"]["CreatedApiKey"];
export type NewApiKey = requests["schemas"]["NewApiKey"];

/** Access for programs. */
export class ApiKeys extends Collection {
  constructor(transport: Transport) {
    super(transport, "/v1/api-keys");
  }

  create(apiKey: NewApiKey, options: RequestOptions = {}): Promise<CreatedApiKey> {
    return this.post(this.pathOf(), apiKey, options);
  }

  /** Valid keys, newest first. */
  list(query: PageQuery = {}, options: RequestOptions = {}): PageOf<ApiKey> {
    return this.pageOf(this.pathOf(), query, options);
  }

  /** Makes the key invalid, at once. */
  delete(apiKeyId: string, options: RequestOptions = {}): Promise<void> {
    return this.remove(this.pathOf(apiKeyId), options);
  }
}
