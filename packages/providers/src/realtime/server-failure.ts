import { ProviderError, type ProviderErrorKind } from "@earshot/engine";
import type { ServerError, ServerEvent } from "./server-event.ts";

const MAX_MESSAGE_CHARS = 300;

export type FailureContext = { readonly provider: string };

/** What an `error` event means for the conversation. */
export function serverFailure(error: ServerError, { provider }: FailureContext): ProviderError {
  const { kind, isRetryable } = classify(error);
  return new ProviderError({
    provider,
    stage: "speech-to-speech",
    kind,
    // Vendors put a part of the key into the message about a wrong one.
    message: `${provider}: ${kind === "unauthorized" ? "the key was refused" : describe(error)}`.slice(
      0,
      MAX_MESSAGE_CHARS,
    ),
    ...(isRetryable === undefined ? {} : { isRetryable }),
  });
}

/** Undefined where the response came to its end, was cancelled, or reached the limit of its length. */
export function responseFailure(
  { status, reason, error }: ServerEvent & { type: "response-done" },
  context: FailureContext,
): ProviderError | undefined {
  if (status === "failed") {
    return serverFailure(error ?? { type: "server_error", code: "", message: "the response failed" }, context);
  }
  if (status !== "incomplete" || reason !== "content_filter") return undefined;
  const { provider } = context;
  const message = `${provider}: the vendor's content filter stopped the reply`;
  return new ProviderError({ provider, stage: "speech-to-speech", kind: "bad-response", message });
}

type Verdict = { readonly kind: ProviderErrorKind; readonly isRetryable?: boolean };

function classify({ type, code, message }: ServerError): Verdict {
  const name = `${type} ${code}`.toLowerCase();
  if (/quota|billing/.test(name)) return { kind: "rate-limited", isRetryable: false };
  if (/rate_?limit|too_many/.test(name)) return { kind: "rate-limited" };
  if (/api_key|authentication|permission|unauthorized/.test(name)) return { kind: "unauthorized" };
  if (/overload|unavailable/.test(name) || /overloaded/i.test(message)) return { kind: "overloaded" };
  if (/invalid|not_found|unsupported|unknown|missing/.test(name)) return { kind: "bad-request" };
  return { kind: "internal", isRetryable: true };
}

function describe({ type, code, message }: ServerError): string {
  const name = code === "" ? type : code;
  if (message === "" || message === name) return name === "" ? "unknown failure" : name;
  return name === "" ? message : `${message} (${name})`;
}
