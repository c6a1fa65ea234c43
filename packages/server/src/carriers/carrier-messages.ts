import type { CarrierWebhook } from "./signed-request.ts";

/** A message on its way to a carrier. */
export type CarrierOutgoing = {
  /** Our number, E.164. */
  readonly from: string;
  /** E.164 or a short code. */
  readonly to: string;
  readonly body: string;
  readonly mediaUrls: readonly string[];
  /** Where the carrier tells what becomes of it. */
  readonly receiptUrl: string;
};

/** A message that somebody wrote to a number of ours. */
export type CarrierIncoming = {
  /** The carrier's own id of it. */
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly body: string;
  readonly mediaUrls: readonly string[];
};

/** What became of a message of ours. */
export type CarrierReceipt = {
  /** The carrier's own id of the message. */
  readonly id: string;
  /** Absent while nothing has become of it. */
  readonly status?: "sent" | "delivered" | "failed";
  /** Why it failed, in the carrier's words. */
  readonly text?: string;
  readonly code?: string;
};

/** The messages of one account with a carrier. Its requests throw CarrierError. */
export interface CarrierMessages {
  /** @returns the carrier's own id */
  send(message: CarrierOutgoing): Promise<string>;
  /**
   * The carrier's own id of a message that was perhaps sent, undefined when it wasn't. Absent where a carrier can't be
   * asked.
   */
  findSent?(message: CarrierOutgoing, sinceMs: number): Promise<string | undefined>;
}

/** How one carrier tells of messages. What can't be read throws ZodError; undefined is nothing of interest. */
export type CarrierMessageCodec = {
  readonly readIncoming: (webhook: CarrierWebhook) => CarrierIncoming | undefined;
  readonly readReceipt: (webhook: CarrierWebhook) => CarrierReceipt | undefined;
  /** What an answered webhook is answered with. */
  readonly answer: { readonly body: string; readonly contentType: string };
};
