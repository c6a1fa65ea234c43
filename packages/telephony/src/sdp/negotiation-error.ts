export type NegotiationErrorCode =
  | "no_audio"
  | "no_common_codec"
  | "encryption_required"
  | "encryption_refused"
  | "no_common_suite"
  | "no_address"
  | "answer_does_not_fit"
  | "no_offer_made";

/** Two descriptions that don't come together; a SIP server answers an offer with 488 then. */
export class NegotiationError extends Error {
  readonly code: NegotiationErrorCode;

  constructor(code: NegotiationErrorCode, message: string) {
    super(message);
    this.name = "NegotiationError";
    this.code = code;
  }
}
