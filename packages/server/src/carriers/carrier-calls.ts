/** Calls through a carrier's own API. */

export type OutgoingCall = {
  /** E.164, both. */
  readonly to: string;
  readonly from: string;
  /** Where its sound is to be streamed once somebody has answered. */
  readonly streamUrl: string;
  /** Where the carrier asks what to do with the call, and where it tells how it goes. */
  readonly webhooks: { readonly voice: string; readonly status: string };
  readonly ringMs: number;
};

export type CarrierTransfer = {
  /** E.164, or a SIP URI. */
  readonly destination: string;
  /** Our number. */
  readonly from: string;
  /** Where the carrier asks what to do with calls. */
  readonly voiceUrl: string;
};

/** Every verb throws CarrierError. */
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
