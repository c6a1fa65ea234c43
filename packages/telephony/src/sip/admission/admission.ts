/** Whether a request from outside any call is worth work. */
export type AdmissionVerdict =
  | { readonly kind: "admitted" }
  /** Answered with `status`; `reason` is for the log. */
  | { readonly kind: "refused"; readonly status: number; readonly reason: AdmissionReason }
  /** Not answered at all. */
  | { readonly kind: "ignored"; readonly reason: AdmissionReason };

export type AdmissionReason = "not_allowed" | "too_many_requests" | "blocked" | "draining";

export const ADMITTED: AdmissionVerdict = { kind: "admitted" };

export function admitAll(): AdmissionVerdict {
  return ADMITTED;
}
