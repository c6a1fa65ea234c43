import { ProviderError, type ProviderErrorKind } from "@earshot/engine";
import {
  APICallError,
  InvalidResponseDataError,
  JSONParseError,
  NoOutputGeneratedError,
  TypeValidationError,
} from "ai";

const MAX_MESSAGE_CHARS = 300;

/** Says what a failure of the `ai` package, of fetch or of the vendor means for the conversation. */
export function toProviderError(error: unknown, provider: string): ProviderError {
  if (error instanceof ProviderError) return error;
  const { kind, isRetryable } = classify(error);
  return new ProviderError({
    provider,
    stage: "language-model",
    kind,
    message: `${provider}: ${describe(error)}`.slice(0, MAX_MESSAGE_CHARS),
    cause: error,
    ...(isRetryable === undefined ? {} : { isRetryable }),
  });
}

type Verdict = { readonly kind: ProviderErrorKind; readonly isRetryable?: boolean };

function classify(error: unknown): Verdict {
  if (APICallError.isInstance(error)) return classifyStatus(error.statusCode, error.cause);
  if (
    JSONParseError.isInstance(error) ||
    TypeValidationError.isInstance(error) ||
    InvalidResponseDataError.isInstance(error) ||
    NoOutputGeneratedError.isInstance(error)
  ) {
    return { kind: "bad-response" };
  }
  const name = vendorErrorName(error);
  if (/overload|unavailable/.test(name)) return { kind: "overloaded" };
  if (/rate_?limit|quota|too_many/.test(name)) return { kind: "rate-limited" };
  if (/auth|permission|api_key/.test(name)) return { kind: "unauthorized" };
  if (/invalid_request|not_found|context_length/.test(name)) return { kind: "bad-request" };
  // A socket that dies while the body streams reaches us as a TypeError of fetch or a system error.
  if (error instanceof TypeError || isSystemError(error)) return { kind: "unreachable" };
  return { kind: "internal", isRetryable: true };
}

function classifyStatus(status: number | undefined, cause: unknown): Verdict {
  if (status === undefined) return { kind: "unreachable" };
  if (status < 400) return isSystemError(cause) ? { kind: "unreachable" } : { kind: "bad-response" };
  if (status === 401 || status === 403) return { kind: "unauthorized" };
  if (status === 408) return { kind: "timeout" };
  if (status === 429) return { kind: "rate-limited" };
  if (status === 503 || status === 529) return { kind: "overloaded" };
  return status < 500 ? { kind: "bad-request" } : { kind: "internal", isRetryable: true };
}

/** Errors inside a stream that began well: OpenAI's `{type, code, message}`, Anthropic's `{type, message}`. */
function vendorErrorName(error: unknown): string {
  if (typeof error === "string") return error.toLowerCase();
  if (typeof error !== "object" || error === null) return "";
  const parts = ["type", "code"].map((key) => readText(error, key));
  const nested = "error" in error ? vendorErrorName(error.error) : "";
  return [...parts, nested].join(" ").toLowerCase();
}

function isSystemError(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (/^(E[A-Z]{4,}|UND_ERR_[A-Z_]+)$/.test(readText(error, "code"))) return true;
  return error.cause !== undefined && isSystemError(error.cause);
}

function describe(error: unknown): string {
  if (typeof error === "string") return error;
  if (APICallError.isInstance(error) && error.statusCode !== undefined)
    return `HTTP ${error.statusCode}, ${error.message}`;
  if (error instanceof Error) {
    const cause = error.cause instanceof Error ? ` (${error.cause.message})` : "";
    return `${error.message}${cause}`;
  }
  if (typeof error !== "object" || error === null) return "unknown failure";
  const message = readText(error, "message");
  if (message !== "") return message;
  return "error" in error ? describe(error.error) : "unknown failure";
}

function readText(value: object, key: string): string {
  const found: unknown = Reflect.get(value, key);
  return typeof found === "string" || typeof found === "number" ? String(found) : "";
}
