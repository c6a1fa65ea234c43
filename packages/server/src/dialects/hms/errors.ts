/**
 * Errors as HMS clients expect them. Its documentation nests them, its SDK reads a string: one flat body serves both,
 * with the words where the SDK looks for them.
 */
import type { Context } from "hono";
import type { AppError, AppErrorCode } from "../../app-error.ts";
import type { AppEnv } from "../../http/app-env.ts";
import { type ErrorStatus, statusOf } from "../../http/error-status.ts";
import { retryAfter } from "../../http/to-app-error.ts";

type ErrorBody = {
  readonly error: string;
  readonly message: string;
  readonly code: string;
  readonly type: string;
  readonly param: string | null;
  readonly details: readonly (Detail | string)[];
};

type Detail = { readonly field: string; readonly message: string };

export function showError(c: Context<AppEnv>, error: AppError): Response {
  const status = vendorStatus(error.code);
  if (status === 429 || status === 503) c.header("Retry-After", retryAfter(error));
  return c.json(toErrorBody(error), status);
}

function toErrorBody(error: AppError): ErrorBody {
  const details = detailsOf(error);
  const code = codeOf(error.code, error.message);
  return {
    error: error.code === "unauthorized" ? "Invalid API key" : error.message,
    message: error.message,
    code,
    type: code,
    param: details[0]?.field ?? null,
    details: flawsOf(error) ?? details,
  };
}

/** Of a workflow all that is wrong is told in words. */
function flawsOf({ details }: AppError): readonly string[] | undefined {
  const flaws: unknown = details["flaws"];
  return Array.isArray(flaws) ? flaws.map(String) : undefined;
}

function detailsOf({ details }: AppError): Detail[] {
  const errors: unknown = details["errors"];
  if (!Array.isArray(errors)) return [];
  return errors.map((each: { path?: unknown; message?: unknown }) => ({
    field: String(each.path ?? "").replace(/^query\./, ""),
    message: String(each.message ?? ""),
  }));
}

/** A call that isn't in progress is a bad request there. */
function vendorStatus(code: AppErrorCode): ErrorStatus {
  if (code === "call_not_live") return 400;
  if (code === "agent_inactive") return 400;
  return statusOf(code);
}

function codeOf(code: AppErrorCode, message: string): string {
  switch (code) {
    case "rate_limited":
    case "too_many_calls":
      return "rate_limit_exceeded";
    case "insufficient_scope":
    case "forbidden_origin":
    case "host_not_allowed":
      return "forbidden";
    case "invalid_request":
      return message.endsWith(REQUIRED) ? "missing_field" : code;
    case "malformed_json":
      return "invalid_request";
    case "call_not_live":
      return "call_not_in_progress";
    case "internal":
      return "internal_error";
    case "not_supported":
      return "not_implemented";
    default:
      return code;
  }
}

/** How the message of a field that is missing ends. */
export const REQUIRED = "is required";
