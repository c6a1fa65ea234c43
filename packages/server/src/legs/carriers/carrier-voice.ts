/** How a carrier tells of calls by webhook, and is told what to do with them. */

import type { CallEndReason } from "../../calls/call.ts";
import type { RejectReason } from "../../carriers/carrier-calls.ts";
import type { JsonRecord } from "../stream/read-json.ts";

export type VoiceNews =
  /** Somebody calls one of our numbers. */
  | {
      readonly kind: "incoming";
      readonly carrierCallId: string;
      readonly from: string;
      readonly to: string;
      readonly callerName: string;
      readonly headers: Readonly<Record<string, string>>;
    }
  /** Somebody has answered our call: it wants to know where its sound goes. */
  | { readonly kind: "answered"; readonly carrierCallId: string }
  /** A call that we hand on wants to know to whom. */
  | { readonly kind: "transferred"; readonly destination: string; readonly from: string }
  /** `reason` says why nobody answered; for a call that was answered it has no meaning. */
  | {
      readonly kind: "over";
      readonly carrierCallId: string;
      readonly reason: CallEndReason;
      readonly error: string;
    }
  /** The carrier can't reach our stream. */
  | { readonly kind: "failed"; readonly carrierCallId: string; readonly error: string }
  | { readonly kind: "other" };

export type VoiceDocument = { readonly contentType: string; readonly body: string };

export function xmlDocument(body: string): VoiceDocument {
  return { contentType: "text/xml; charset=utf-8", body };
}

export interface CarrierVoice {
  /** A call that we place has another id once it is answered. */
  readonly renamesCalls?: true;
  /** Never throws. */
  read(webhook: VoiceWebhook): VoiceNews;
  /** Answers, and streams the sound there. Absent: that is an order of its own. */
  connect?(streamUrl: string): VoiceDocument;
  /** Absent as for `connect`. */
  reject?(why: RejectReason): VoiceDocument;
  /** Only where `transferred` is told. */
  dial?(destination: string, from: string): VoiceDocument;
}

export type VoiceWebhook = {
  /** Which of an account's URLs it came to. */
  readonly purpose: VoicePurpose;
  readonly query: URLSearchParams;
  /** A form's fields, or JSON. */
  readonly body: JsonRecord;
};

export const VOICE_PURPOSES = ["voice", "status"] as const;
export type VoicePurpose = (typeof VOICE_PURPOSES)[number];

/** E.164 as carriers write it: some leave out the plus. Anything else stays as it is, up to 100 characters. */
export function toNumber(text: string): string {
  const trimmed = text.trim().slice(0, 100);
  return /^[1-9]\d{6,14}$/.test(trimmed) ? `+${trimmed}` : trimmed;
}
