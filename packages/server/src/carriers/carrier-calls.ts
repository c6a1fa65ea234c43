/** Calls through a carrier's own API. */

import type { CallEndReason } from "../calls/call.ts";

export type OutgoingCall = {
  /** E.164, both. */
  readonly to: string;
  readonly from: string;
  /** Where its sound is to be streamed once somebody has answered. */
  readonly streamUrl: string;
  /** Where the carrier asks what to do, and tells how the call goes. */
  readonly webhooks: VoiceWebhookUrls;
  readonly ringMs: number;
};

export type VoiceWebhookUrls = { readonly voice: string; readonly status: string };

export type CarrierTransfer = {
  /** E.164, or a SIP URI. */
  readonly destination: string;
  /** Our number. */
  readonly from: string;
};

/** Every verb throws CarrierCallError. */
export interface CarrierCalls {
  /** @returns what the carrier calls the call, as its webhooks name it */
  place(call: OutgoingCall): Promise<string>;
  /** Also before anybody has answered. A call that is over already is no error. */
  hangUp(carrierCallId: string): Promise<void>;
  /** Connects the far end with somebody else: our stream ends. */
  transfer(carrierCallId: string, transfer: CarrierTransfer): Promise<void>;
  sendDigits?(carrierCallId: string, digits: string): Promise<void>;
  /** Where answering is an order, and not what the webhook is answered with. */
  answer?(carrierCallId: string, streamUrl: string): Promise<void>;
  reject?(carrierCallId: string, why: RejectReason): Promise<void>;
}

export type RejectReason = "busy" | "rejected";

/** Why the carrier did not do it. */
export class CarrierCallError extends Error {
  readonly reason: CallEndReason;

  constructor(reason: CallEndReason, message: string, options?: { readonly cause: unknown }) {
    super(message, options);
    this.name = "CarrierCallError";
    this.reason = reason;
  }
}
