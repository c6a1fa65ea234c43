/** What is wrong with a message, and the status that tells its sender. */
export type SipErrorCode =
  | "empty_message"
  | "message_too_large"
  | "too_many_headers"
  | "bad_start_line"
  | "unsupported_version"
  | "bad_header"
  | "missing_header"
  | "repeated_header"
  | "bad_uri"
  | "unsupported_uri_scheme"
  | "bad_body_length"
  | "header_injection"
  | "reserved_header";

/** A message, or a part of one, that breaks the grammar of RFC 3261. */
export class SipError extends Error {
  readonly code: SipErrorCode;
  /** Status that answers a request with this fault. */
  readonly status: number;
  /** Header or part at fault, e.g. `CSeq`. */
  readonly field: string;

  constructor(fault: { code: SipErrorCode; field: string; message: string; status?: number }) {
    super(fault.message);
    this.name = "SipError";
    this.code = fault.code;
    this.status = fault.status ?? 400;
    this.field = fault.field;
  }
}

/** At most 80 characters of untrusted text, safe to put in a message or a reason phrase. */
export function excerpt(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 77)}...` : text);
}
