import type { Context } from "hono";
import { AppError, type AppErrorCode } from "../../app-error.ts";
import type { AppEnv } from "../../http/app-env.ts";
import { type ErrorStatus, statusOf } from "../../http/error-status.ts";
import { retryAfter } from "../../http/to-app-error.ts";

export const E164_TEXT = "Invalid phone number format. Use E.164 (e.g. +11234567890)";

/** Texts that are shown as they are, without the field's name before them. */
const WHOLE_TEXTS: readonly string[] = [E164_TEXT];

/** Paths of the current generation, whose errors have a status and a message besides. */
const CURRENT = /\/functions\/v1\/|\/v1\/(?:agent|call)-/;

/** A failure whose message is Voicy's own text. */
export function voicyError(code: AppErrorCode, text: string): AppError {
  return new AppError(code, text, { details: { text } });
}

/** `{error}`; in the current generation `{status, message, error}`, which its two documented shapes have in common. */
export function showError(c: Context<AppEnv>, error: AppError): Response {
  const status = toStatus(error);
  const text = toText(c, error);
  c.header("Cache-Control", "no-store");
  if (status === 401) c.header("WWW-Authenticate", 'Bearer realm="voicy"');
  if (status === 429 || status === 503) c.header("Retry-After", retryAfter(error));
  return c.json(CURRENT.test(c.req.path) ? { status: "error", message: text, error: text } : { error: text }, status);
}

/** Voicy says 422 of requests that are valid but can't be done at the moment. */
function toStatus({ code }: AppError): ErrorStatus {
  if (code === "conflict" || code === "agent_inactive" || code === "call_not_live") return 422;
  return statusOf(code);
}

function toText(c: Context<AppEnv>, error: AppError): string {
  const { text } = error.details;
  if (typeof text === "string") return text;
  switch (error.code) {
    case "unauthorized":
      return c.req.header("Authorization") === undefined ? "Missing authorization" : "Invalid API key";
    case "insufficient_scope":
      return "Access denied";
    case "rate_limited":
      return `Rate limit exceeded. Please retry after ${retryAfter(error)} seconds.`;
    case "not_found":
      return notFoundText(error.message);
    case "malformed_json":
      return "Invalid JSON in the request body";
    case "invalid_request":
      return invalidText(error);
    case "internal":
      return "Internal server error";
    default:
      return `${error.message.slice(0, 1).toUpperCase()}${error.message.slice(1)}`;
  }
}

function notFoundText(message: string): string {
  const noun = /^there is no ([a-z ]+) "/.exec(message)?.[1];
  return noun === undefined ? "Not found" : `${noun.slice(0, 1).toUpperCase()}${noun.slice(1)} not found`;
}

/** The first wrong field, as Voicy words it. */
function invalidText({ message, details }: AppError): string {
  const errors = details["errors"] as readonly { path: string; message: string }[] | undefined;
  const first = errors?.[0];
  if (first === undefined || first.path === "") return message;
  if (WHOLE_TEXTS.includes(first.message)) return first.message;
  return first.message.endsWith("received undefined") ? `${first.path} is required` : `${first.path}: ${first.message}`;
}
