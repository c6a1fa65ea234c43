import type { AppErrorCode } from "../app-error.ts";

export type ErrorStatus = 400 | 401 | 403 | 404 | 409 | 412 | 413 | 415 | 416 | 422 | 429 | 500 | 501 | 502 | 503;

/** The HTTP status of an error; a dialect may know better. */
export function statusOf(code: AppErrorCode): ErrorStatus {
  switch (code) {
    case "invalid_request":
    case "malformed_json":
      return 400;
    case "unauthorized":
      return 401;
    case "forbidden_origin":
    case "host_not_allowed":
    case "insufficient_scope":
      return 403;
    case "not_found":
    case "recording_not_available":
      return 404;
    case "call_not_live":
    case "conflict":
    case "idempotency_key_reused":
    case "idempotency_in_progress":
    case "agent_inactive":
    case "public_url_missing":
    case "opted_out":
      return 409;
    case "precondition_failed":
      return 412;
    case "payload_too_large":
      return 413;
    case "unsupported_media_type":
      return 415;
    case "range_not_satisfiable":
      return 416;
    case "unreadable_audio":
    case "unknown_voice":
    case "invalid_flow":
    case "unknown_model":
    case "missing_variables":
    case "carrier_refused":
      return 422;
    case "too_many_calls":
    case "rate_limited":
      return 429;
    case "internal":
      return 500;
    case "not_supported":
      return 501;
    case "model_failed":
    case "carrier_unreachable":
      return 502;
    case "not_ready":
    case "storage_unavailable":
      return 503;
  }
}
