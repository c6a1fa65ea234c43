import type { components } from "./generated/openapi.ts";
import type { components as requests } from "./generated/openapi-requests.ts";
import { Resource } from "./resource.ts";
import type { RequestOptions, Transport } from "./transport.ts";

/** Its credentials are never shown. */
export type CarrierAccount = components["schemas"]["CarrierAccount"];
export type NewCarrierAccount = requests["schemas"]["NewCarrierAccount"];
export type CarrierAccountPatch = requests["schemas"]["CarrierAccountPatch"];
export type CarrierAccountCheck = components["schemas"]["CarrierAccountCheck"];

/** Accounts with carriers, which sell numbers and bring calls and messages. */
export class CarrierAccounts extends Resource<{
  item: CarrierAccount;
  create: NewCarrierAccount;
  update: CarrierAccountPatch;
}> {
  constructor(transport: Transport) {
    super(transport, "/v1/carrier-accounts");
  }

  /** Asks the carrier whether the credentials are good. */
  check(carrierAccountId: string, options: RequestOptions = {}): Promise<CarrierAccountCheck> {
    return this.post(this.pathOf(carrierAccountId, "check"), undefined, options);
  }
}
