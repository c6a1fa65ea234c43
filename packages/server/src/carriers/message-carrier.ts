import type { PhoneNumber } from "../phone-numbers/phone-number.ts";

export type OutgoingMessage = {
  readonly from: PhoneNumber;
  /** E.164, short codes or e-mail addresses. */
  readonly recipients: readonly string[];
  readonly body: string;
  readonly mediaUrls: readonly string[];
};

/** What becomes of a message. */
export type MessageRoute = {
  readonly status: "queued" | "sent" | "delivered" | "failed";
  /** Why not everybody gets it, in words for the API's user. */
  readonly error?: string;
  /** Whose carrier brings it. */
  readonly carrierAccountId?: string;
  /** Numbers of this installation that get it in the transaction that stores it. */
  readonly receivers: readonly PhoneNumber[];
};

/** Brings messages from our numbers to others. */
export interface MessageCarrier {
  /** Asked before a message is stored. Throws nothing: what can't be brought has the status `failed`. */
  route(message: OutgoingMessage): Promise<MessageRoute>;
}
