import type { components } from "./generated/openapi.ts";
import type { components as requests } from "./generated/openapi-requests.ts";
import type { QueryOf } from "./query-of.ts";
import { WritableResource } from "./resource.ts";
import type { RequestOptions, Transport } from "./transport.ts";

export type PhoneNumber = components["schemas"]["PhoneNumber"];
/** Without `phoneNumber` one is drawn that calls and writes to the other numbers of the server. */
export type NewPhoneNumber = requests["schemas"]["NewPhoneNumber"];
export type PhoneNumberPatch = requests["schemas"]["PhoneNumberPatch"];
/** A number that a carrier sells. */
export type AvailablePhoneNumber = components["schemas"]["AvailablePhoneNumber"];
export type PhoneNumberPurchase = requests["schemas"]["PhoneNumberPurchase"];
export type PhoneNumberImport = requests["schemas"]["PhoneNumberImport"];
export type PhoneNumberRange = requests["schemas"]["PhoneNumberRange"];
/** What was added, and what wasn't. */
export type AddedPhoneNumbers = components["schemas"]["AddedPhoneNumbers"];
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

  /**
   * Gives the number up for good; its calls and messages stay. `keepAtCarrier`: whether the carrier's account keeps it;
   * default: unless it was bought here.
   */
  release(
    phoneNumberId: string,
    options: RequestOptions & { readonly keepAtCarrier?: boolean } = {},
  ): Promise<PhoneNumber> {
    const { keepAtCarrier, ...rest } = options;
    const query = keepAtCarrier === undefined ? {} : { query: { keepAtCarrier: String(keepAtCarrier) } };
    return this.transport.json({ ...rest, ...query, method: "DELETE", path: this.pathOf(phoneNumberId) });
  }

  /** The numbers that a carrier sells. */
  async available(
    query: QueryOf<"searchAvailablePhoneNumbers">,
    options: RequestOptions = {},
  ): Promise<AvailablePhoneNumber[]> {
    const path = this.pathOf("available");
    const found = await this.transport.json<components["schemas"]["AvailablePhoneNumbers"]>({
      ...options,
      path,
      query,
    });
    return found.data;
  }

  /** Buys a number from a carrier: it costs what the carrier charges. */
  buy(purchase: PhoneNumberPurchase, options: RequestOptions = {}): Promise<PhoneNumber> {
    return this.post(this.pathOf("buy"), purchase, options);
  }

  /** Adds numbers that a carrier account has already. */
  import(wanted: PhoneNumberImport, options: RequestOptions = {}): Promise<AddedPhoneNumbers> {
    return this.post(this.pathOf("import"), wanted, options);
  }

  /** Adds a trunk's numbers, from one to another. */
  addRange(range: PhoneNumberRange, options: RequestOptions = {}): Promise<AddedPhoneNumbers> {
    return this.post(this.pathOf("range"), range, options);
  }

  /** Gives the number to a workspace that this one made, where it is a new one. */
  move(phoneNumberId: string, workspaceId: string, options: RequestOptions = {}): Promise<PhoneNumber> {
    return this.post(this.pathOf(phoneNumberId, "move"), { workspaceId }, options);
  }
}
