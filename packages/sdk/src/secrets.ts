import type { components } from "./generated/openapi.ts";
import type { components as requests } from "./generated/openapi-requests.ts";
import type { QueryOf } from "./query-of.ts";
import { Resource } from "./resource.ts";
import type { Transport } from "./transport.ts";

/** What a secret is for, with the last characters of its value. */
export type ProviderSecret = components["schemas"]["ProviderSecret"];
/** Give it the value; nothing shows it again. */
export type NewProviderSecret = requests["schemas"]["NewProviderSecret"];
export type ProviderSecretPatch = requests["schemas"]["ProviderSecretPatch"];
export type ProviderSecretQuery = QueryOf<"listSecrets">;

/** Keys of providers. They are sealed, and never shown again. */
export class Secrets extends Resource<{
  item: ProviderSecret;
  create: NewProviderSecret;
  update: ProviderSecretPatch;
  query: ProviderSecretQuery;
}> {
  constructor(transport: Transport) {
    super(transport, "/v1/secrets");
  }
}
