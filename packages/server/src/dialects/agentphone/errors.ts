/** Failures as AgentPhone's clients read them: FastAPI's `detail` and the documented `error` in one body. */
import type { Context } from "hono";
import { AppError } from "../../app-error.ts";
import type { AppEnv } from "../../http/app-env.ts";
import { type ErrorStatus, statusOf } from "../../http/error-status.ts";
import { retryAfter } from "../../http/to-app-error.ts";

/** One wrong field, in the words of FastAPI. */
type FieldError = { readonly loc: readonly (string | number)[]; readonly msg: string; readonly type: string };

/** What a verb's error says about a field. */
type KnownError = { readonly path: string; readonly message: string; readonly code?: string };

type Refusal = { readonly status: ErrorStatus; readonly code: string };

/**
 * A failure with the vendor's own code, such as PHONE_NUMBER_NOT_FOUND.
 * @param refusal `status`: 400 by default
 */
export function refuse(code: string, message: string, refusal: { readonly status?: ErrorStatus } = {}): AppError {
  const { status = 400 } = refusal;
  const refused: Refusal = { status, code };
  return new AppError("invalid_request", message, { details: { refused } });
}

/** A wrong field that no shape can tell. */
export function wrongField(path: string, message: string): AppError {
  return new AppError("invalid_request", `${path}: ${message}`, {
    details: { errors: [{ path, message, code: "custom" }] },
  });
}

export function showError(c: Context<AppEnv>, error: AppError): Response {
  const { status, code } = toRefusal(error);
  const fields = status === 422 ? toFieldErrors(error) : [];
  const body = {
    detail: status === 422 ? fields : error.message,
    error: {
      message: error.message,
      code,
      type: TYPES[status],
      details: fields.map(({ loc, msg, type }) => ({ field: loc.slice(1).join("."), message: msg, type })),
    },
  };
  c.header("Cache-Control", "no-store");
  if (status === 401) c.header("WWW-Authenticate", "Bearer");
  if (status === 429 || status === 503) c.header("Retry-After", retryAfter(error));
  return c.json(body, status);
}

const TYPES: Readonly<Record<ErrorStatus, string>> = {
  400: "invalid_request_error",
  401: "authentication_error",
  403: "permission_error",
  404: "not_found_error",
  409: "conflict_error",
  412: "conflict_error",
  413: "invalid_request_error",
  415: "invalid_request_error",
  416: "invalid_request_error",
  422: "validation_error",
  429: "rate_limit_error",
  500: "api_error",
  501: "not_implemented_error",
  502: "api_error",
  503: "api_error",
};

const CODES: Readonly<Partial<Record<AppError["code"], string>>> = {
  invalid_request: "VALIDATION_ERROR",
  malformed_json: "VALIDATION_ERROR",
  rate_limited: "RATE_LIMIT_EXCEEDED",
  too_many_calls: "CONCURRENT_CALL_LIMIT_REACHED",
  not_supported: "NOT_IMPLEMENTED",
  internal: "INTERNAL_ERROR",
};

function toRefusal({ code, details }: AppError): Refusal {
  const { refused } = details;
  if (refused !== undefined) return refused as Refusal;
  const status = code === "invalid_request" || code === "malformed_json" ? 422 : statusOf(code);
  return { status, code: CODES[code] ?? code.toUpperCase() };
}

function toFieldErrors(error: AppError): readonly FieldError[] {
  if (error.code === "malformed_json") return [{ loc: ["body"], msg: error.message, type: "json_invalid" }];
  const known = (error.details["errors"] ?? []) as readonly KnownError[];
  if (known.length === 0) return [{ loc: ["body"], msg: error.message, type: "value_error" }];
  return known.map(({ path, message, code }) => {
    const isQuery = path.startsWith("query.");
    const names = (isQuery ? path.slice("query.".length) : path).split(".").filter((name) => name !== "");
    const loc = [isQuery ? "query" : "body", ...names.map((name) => (/^\d+$/.test(name) ? Number(name) : name))];
    return { loc, ...toWords(message, code) };
  });
}

function toWords(message: string, code: string | undefined): { readonly msg: string; readonly type: string } {
  const expected = /expected (\w+)/.exec(message)?.[1] ?? "";
  switch (code) {
    case "invalid_type":
      if (message.endsWith("received undefined")) return { msg: "Field required", type: "missing" };
      return { msg: message, type: WRONG_TYPES[expected] ?? "value_error" };
    case "invalid_value":
      return { msg: message, type: "enum" };
    case "too_small":
      return {
        msg: message,
        type: expected === "number" ? "greater_than_equal" : `${LENGTHS[expected] ?? ""}too_short`,
      };
    case "too_big":
      return { msg: message, type: expected === "number" ? "less_than_equal" : `${LENGTHS[expected] ?? ""}too_long` };
    default:
      return { msg: message, type: "value_error" };
  }
}

const LENGTHS: Readonly<Record<string, string>> = { string: "string_" };

/** FastAPI's names of types, by zod's. */
const WRONG_TYPES: Readonly<Record<string, string>> = {
  string: "string_type",
  number: "float_type",
  int: "int_type",
  boolean: "bool_type",
  array: "list_type",
  object: "dict_type",
  record: "dict_type",
};
