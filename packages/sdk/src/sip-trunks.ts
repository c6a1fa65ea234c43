import type { components } from "./generated/openapi.ts";
import type { components as requests } from "./generated/openapi-requests.ts";
import { Resource } from "./resource.ts";
import type { Transport } from "./transport.ts";

/** Its password is never shown; `hasPassword` tells that there is one. */
export type SipTrunk = components["schemas"]["SipTrunk"];
export type NewSipTrunk = requests["schemas"]["NewSipTrunk"];
export type SipTrunkPatch = requests["schemas"]["SipTrunkPatch"];

/** Lines to telephone companies and exchanges. */
export class SipTrunks extends Resource<{ item: SipTrunk; create: NewSipTrunk; update: SipTrunkPatch }> {
  constructor(transport: Transport) {
    super(transport, "/v1/sip-trunks");
  }
}
