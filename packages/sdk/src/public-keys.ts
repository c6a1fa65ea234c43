import type { components } from "./generated/openapi.ts";
import type { components as requests } from "./generated/openapi-requests.ts";
import { Resource } from "./resource.ts";
import type { Transport } from "./transport.ts";

/** Its id is the key, and no secret. */
export type PublicKey = components["schemas"]["PublicKey"];
export type NewPublicKey = requests["schemas"]["NewPublicKey"];
export type PublicKeyPatch = requests["schemas"]["PublicKeyPatch"];

/** What pages without a server of their own call an agent with. */
export class PublicKeys extends Resource<{ item: PublicKey; create: NewPublicKey; update: PublicKeyPatch }> {
  constructor(transport: Transport) {
    super(transport, "/v1/public-keys");
  }
}
