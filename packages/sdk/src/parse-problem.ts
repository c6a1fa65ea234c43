import {
  AuthenticationError,
  ConflictError,
  EarshotError,
  type EarshotErrorDetails,
  type FieldError,
  InvalidRequestError,
  NotFoundError,
  PermissionError,
  RateLimitError,
  ServerError,
} from "./earshot-error.ts";
import { parseRetryAfter } from "./retry.ts";

/** Reads RFC 9457 problem+json, or makes the best of another body. `nowMs` is for dates in Retry-After. */
export async function parseProblem(response: Response, nowMs: number): Promise<EarshotError> {
  const { status, headers } = response;
  const problem = parseObject(await response.text().catch(() => ""));
  const words = [problem["detail"], problem["title"]].find(isFilled);
  const ErrorOfStatus = errorClassOf(status);
  const details: EarshotErrorDetails = {
    code: isFilled(problem["code"]) ? problem["code"] : `http_${status}`,
    status,
    requestId: isFilled(problem["requestId"]) ? problem["requestId"] : (headers.get("x-request-id") ?? undefined),
    errors: parseFieldErrors(problem["errors"]),
    retryAfterMs: parseRetryAfter(headers.get("retry-after"), nowMs),
    problem,
  };
  return new ErrorOfStatus(words ?? `The server answered with status ${status}.`, details);
}

function errorClassOf(status: number): typeof EarshotError {
  switch (status) {
    case 400:
    case 413:
    case 415:
    case 422:
      return InvalidRequestError;
    case 401:
      return AuthenticationError;
    case 403:
      return PermissionError;
    case 404:
      return NotFoundError;
    case 409:
    case 412:
      return ConflictError;
    case 429:
      return RateLimitError;
    default:
      return status >= 500 ? ServerError : EarshotError;
  }
}

function parseObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? { ...value } : {};
  } catch {
    return {};
  }
}

function parseFieldErrors(value: unknown): FieldError[] {
  if (!Array.isArray(value)) return [];
  return value.filter(isObject).map(({ path, message }) => ({
    path: typeof path === "string" ? path : "",
    message: typeof message === "string" ? message : "is wrong",
  }));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function isFilled(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}
