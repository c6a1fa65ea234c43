import type { CarrierUrls } from "./carrier-urls.ts";

export const NUMBER_KINDS = ["local", "tollFree", "mobile"] as const;
export const NUMBER_CAPABILITIES = ["voice", "sms", "mms"] as const;

export type NumberKind = (typeof NUMBER_KINDS)[number];
export type NumberCapability = (typeof NUMBER_CAPABILITIES)[number];

export type NumberSearch = {
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  readonly kind: NumberKind;
  readonly areaCode?: string | undefined;
  /** Digits of the number, one after the other. */
  readonly contains?: string | undefined;
  /** All of them are wanted. */
  readonly capabilities: readonly NumberCapability[];
  readonly limit: number;
};

/** A number that a carrier sells. */
export type AvailableNumber = {
  /** E.164. */
  readonly phoneNumber: string;
  readonly country: string;
  readonly locality?: string;
  readonly region?: string;
  readonly capabilities: readonly NumberCapability[];
  /** As the carrier names it; absent where its search doesn't tell. */
  readonly monthlyCost?: { readonly amount: string; readonly currency?: string };
};

/** A number that the account has. */
export type OwnedNumber = {
  /** The carrier's own id of it. */
  readonly id: string;
  /** E.164. */
  readonly phoneNumber: string;
};

/** What a number's calls and messages are routed by. */
export type NumberRouting = {
  readonly urls: CarrierUrls;
  readonly voiceApplicationId?: string | undefined;
  readonly messagingProfileId?: string | undefined;
};

/** The numbers of one account with a carrier. Every method throws CarrierError. */
export interface CarrierNumbers {
  /** Makes what numbers are tied to, where the carrier wants that and the account hasn't it yet. */
  prepare(urls: CarrierUrls): Promise<Omit<NumberRouting, "urls">>;
  search(search: NumberSearch): Promise<AvailableNumber[]>;
  /**
   * Buys a number that was found. Undefined: the carrier is still at it.
   * @param order `reference`: ours, for the carrier's books
   */
  buy(order: {
    readonly phoneNumber: string;
    readonly country: string;
    readonly reference: string;
    readonly routing: NumberRouting;
  }): Promise<OwnedNumber | undefined>;
  find(phoneNumber: string): Promise<OwnedNumber | undefined>;
  /** All of them, up to `limit`. */
  list(limit: number): Promise<OwnedNumber[]>;
  /** Has its calls and messages come to us. */
  route(number: OwnedNumber, routing: NumberRouting): Promise<void>;
  /** Gives it up for good. */
  release(number: OwnedNumber): Promise<void>;
}
