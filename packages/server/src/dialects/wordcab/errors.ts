/** Failures as Wordcab's clients know them: { error: { type, code, message, param, request_id } }. */
import type { Context } from "hono";
import type { AppError } from "../../app-error.ts";
import type { AppEnv } from "../../http/app-env.ts";
import { type ErrorStatus, statusOf } from "../../http/error-status.ts";
import { retryAfter } from "../../http/to-app-error.ts";

type ErrorType =
  | "invalid_request_error"
  | "authentication_error"
  | "permission_error"
  | "not_found_error"
  | "conflict_error"
  | "rate_limit_error"
  | "model_error"
  | "api_error";

/** What is understood and can't be done, of a field's value: told with 422. */
export const UNSUPPORTED_FORMAT = "unsupported_format";

type Shown = { readonly type: ErrorType; readonly code: string; readonly status: ErrorStatus };
type FieldError = { readonly path: string; readonly message: string; readonly code?: string };

/** What stands in `error`, without the request's id. */
export type WordcabError = {
  readonly type: ErrorType;
  readonly code: string;
  readonly message: string;
  readonly param: string | null;
};

export function showError(c: Context<AppEnv>, error: AppError): Response {
  const { status } = classify(error);
  const retryAfterS = status === 429 || status === 503 ? retryAfter(error) : undefined;
  if (status === 401) c.header("WWW-Authenticate", 'Bearer realm="wordcab"');
  if (retryAfterS !== undefined) c.header("Retry-After", retryAfterS);
  const body = {
    error: {
      ...toWordcabError(error),
      ...(status === 429 ? { retry_after: Number(retryAfterS) } : {}),
      request_id: c.get("requestId"),
    },
  };
  return c.json(body, status);
}

export function toWordcabError(error: AppError): WordcabError {
  const { type, code } = classify(error);
  const [field] = fieldErrors(error);
  return {
    type,
    code,
    message: error.message,
    param: field === undefined || field.path === "" ? null : toParam(field),
  };
}

function classify(error: AppError): Shown {
  const status = statusOf(error.code);
  switch (error.code) {
    case "invalid_request":
      return invalid(error);
    case "malformed_json":
    case "payload_too_large":
    case "unsupported_media_type":
    case "unreadable_audio":
    case "unknown_voice":
    case "invalid_flow":
    case "unknown_model":
    case "missing_variables":
    case "range_not_satisfiable":
      return { type: "invalid_request_error", code: error.code, status };
    case "unauthorized":
      return { type: "authentication_error", code: "invalid_api_key", status };
    case "insufficient_scope":
    case "forbidden_origin":
    case "host_not_allowed":
      return { type: "permission_error", code: error.code, status };
    case "not_found":
    case "recording_not_available":
      return { type: "not_found_error", code: "resource_not_found", status };
    case "rate_limited":
      return { type: "rate_limit_error", code: "requests_per_minute_exceeded", status };
    case "too_many_calls":
      return { type: "rate_limit_error", code: "concurrent_calls_exceeded", status };
    case "model_failed":
      return { type: "model_error", code: "model_failed", status: 503 };
    case "internal":
    case "not_ready":
    case "storage_unavailable":
      return { type: "api_error", code: error.code, status };
    case "not_supported":
      return { type: "api_error", code: "not_implemented", status };
    default:
      return status === 409 || status === 412
        ? { type: "conflict_error", code: error.code, status: 409 }
        : { type: status >= 500 ? "api_error" : "invalid_request_error", code: error.code, status };
  }
}

function invalid(error: AppError): Shown {
  const [field] = fieldErrors(error);
  const type = "invalid_request_error";
  if (field?.code === UNSUPPORTED_FORMAT) return { type, code: field.code, status: 422 };
  const isMissing = field?.code === "invalid_type" && field.message.endsWith("received undefined");
  if (isMissing) return { type, code: "missing_required_field", status: 400 };
  return { type, code: field === undefined ? "invalid_request" : "invalid_value", status: 400 };
}

function fieldErrors({ details }: AppError): readonly FieldError[] {
  const { errors } = details;
  return Array.isArray(errors) ? (errors as FieldError[]) : [];
}

/** Query parameters are named as fields are. */
function toParam({ path }: FieldError): string {
  return path.replace(/^query\./, "");
}
