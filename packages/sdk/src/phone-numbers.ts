import type { components } from "./generated/openapi.ts";
import type { components as requests } from "./generated/openapi-requests.ts";
import type { QueryOf } from "./query-of.ts";
import { WritableResource } from "./resource.ts";
import type { RequestOptions, Transport } from "./transport.ts";

export type PhoneNumber = components["schemas"]["PhoneNumber"];
/** Without `phoneNumber` one is drawn that calls and writes to the other numbers of the server. */
export type NewPhoneNumber = requests["schemas"]["NewPhoneNumber"];
export type PhoneNumberPatch = requests["schemas"]["PhoneNumberPatch"];
export type PhoneNumberQuery = QueryOf<"listPhoneNumbers">;

/** Numbers that agents answer, call and write from. */
export class PhoneNumbers extends WritableResource<{
  item: PhoneNumber;
  create: NewPhoneNumber;
  update: PhoneNumberPatch;
  query: PhoneNumberQuery;
}> {
  constructor(transport: Transport) {
    super(transport, "/v1/phone-numbers");
  }

  /** Has the agent answer the number from now on. */
  attach(phoneNumberId: string, agentId: string, options: RequestOptions = {}): Promise<PhoneNumber> {
    return this.update(phoneNumberId, { agentId }, options);
  }

  /** Leaves the number without an agent: nobody answers it. */
  detach(phoneNumberId: string, options: RequestOptions = {}): Promise<PhoneNumber> {
    return this.update(phoneNumberId, { agentId: null }, options);
  }

  /** Gives the number up for good; its calls and messages stay. */
  release(phoneNumberId: string, options: RequestOptions = {}): Promise<PhoneNumber> {
    return this.transport.json({ ...options, method: "DELETE", path: this.pathOf(phoneNumberId) });
  }
}
