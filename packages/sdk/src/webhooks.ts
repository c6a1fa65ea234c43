/** Webhooks as they arrive: who sent them, when, and what they say. */
import type { webhooks } from "./generated/openapi.ts";
import { systemTiming } from "./timing.ts";

type Described = {
  [Type in keyof webhooks]: webhooks[Type]["post"] extends {
    readonly requestBody: { readonly content: { readonly "application/json": infer Event } };
  }
    ? Event
    : never;
};

export type WebhookEventType = keyof Described;

/** What happened: switch on `type`, and pass over types that you don't know, for servers grow. */
export type WebhookEvent<Type extends WebhookEventType = WebhookEventType> = Described[Type];

export type WebhookHeaders =
  | { get(name: string): string | null }
  | Readonly<Record<string, string | readonly string[] | undefined>>;

export type VerifyWebhookOptions = {
  /** The body as it came, before anything parsed it. */
  readonly body: string | Uint8Array;
  /** A Headers object, or an object of headers such as Node's `request.headers`. */
  readonly headers: WebhookHeaders;
  /** The endpoint's whole secret, "whsec_…". */
  readonly secret: string;
  /** How far the sender's clock may be off, and how old a delivery may be, ms. Default 300000. */
  readonly toleranceMs?: number;
  /** The time now, ms since 1970. Default: the system's. */
  readonly nowMs?: number;
};

export type WebhookFault =
  | "missing_secret"
  | "missing_signature"
  | "malformed_signature"
  | "too_old"
  | "too_new"
  | "wrong_signature"
  | "malformed_body";

/** A webhook that must not be believed. Answer it with status 400. */
export class WebhookVerificationError extends Error {
  override readonly name = "WebhookVerificationError";
  readonly reason: WebhookFault;

  constructor(message: string, options: { reason: WebhookFault; cause?: unknown }) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.reason = options.reason;
  }
}

/**
 * Checks that Earshot sent this webhook, and lately, and gives its event.
 *
 * The header Earshot-Signature is `t=<unix seconds>,v1=<hex>`: HMAC-SHA256 of `<t>.<body>` keyed with the endpoint's
 * secret. While a secret is being rotated there are two v1; one that fits suffices.
 * @throws WebhookVerificationError
 */
export async function verifyWebhook(options: VerifyWebhookOptions): Promise<WebhookEvent> {
  const { headers, secret, toleranceMs = 300_000, nowMs = systemTiming.nowMs() } = options;
  if (!secret) throw fault("missing_secret", "The secret is empty. Give the endpoint's whole secret, whsec_….");
  const body = typeof options.body === "string" ? new TextEncoder().encode(options.body) : options.body;
  const { seconds, signatures } = parseSignature(readHeader(headers, "earshot-signature"));
  await checkSignatures({ signatures, secret, message: concat(new TextEncoder().encode(`${seconds}.`), body) });
  checkAge({ sentAtMs: Number(seconds) * 1000, nowMs, toleranceMs });
  return parseEvent(body);
}

/** The delivery's id, the same for every try: keep it for a day and drop what you have seen. */
export function webhookDeliveryId(headers: WebhookHeaders): string | undefined {
  return readHeader(headers, "earshot-delivery");
}

function parseSignature(header: string | undefined): { seconds: string; signatures: readonly Uint8Array[] } {
  if (header === undefined) throw fault("missing_signature", "There is no header Earshot-Signature.");
  const parts = header.split(",").map((part) => part.trim().split("=", 2));
  const seconds = parts.find(([name]) => name === "t")?.[1] ?? "";
  const signatures = parts.flatMap(([name, hex = ""]) => (name === "v1" && /^[0-9a-f]{64}$/i.test(hex) ? [hex] : []));
  if (!/^\d{1,12}$/.test(seconds) || signatures.length === 0)
    throw fault("malformed_signature", "The header Earshot-Signature is not of the form t=<seconds>,v1=<hex>.");
  return { seconds, signatures: signatures.map(fromHex) };
}

/** Web Crypto compares in constant time. */
async function checkSignatures(check: {
  signatures: readonly Uint8Array[];
  secret: string;
  message: Uint8Array<ArrayBuffer>;
}): Promise<void> {
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const secret = new TextEncoder().encode(check.secret);
  const key = await crypto.subtle.importKey("raw", secret, algorithm, false, ["verify"]);
  for (const signature of check.signatures)
    if (await crypto.subtle.verify("HMAC", key, concat(signature), check.message)) return;
  throw fault(
    "wrong_signature",
    "No signature fits this body and secret. Is it the raw body and this endpoint's secret?",
  );
}

function checkAge({ sentAtMs, nowMs, toleranceMs }: { sentAtMs: number; nowMs: number; toleranceMs: number }): void {
  const ageMs = nowMs - sentAtMs;
  if (ageMs > toleranceMs) throw fault("too_old", `The webhook was signed ${Math.round(ageMs / 1000)} s ago.`);
  if (-ageMs > toleranceMs)
    throw fault("too_new", `The webhook was signed ${Math.round(-ageMs / 1000)} s in the future: is the clock right?`);
}

function parseEvent(body: Uint8Array): WebhookEvent {
  try {
    const event: unknown = JSON.parse(new TextDecoder().decode(body));
    if (isEvent(event)) return event;
  } catch (cause) {
    throw new WebhookVerificationError("The body is not JSON.", { reason: "malformed_body", cause });
  }
  throw fault("malformed_body", "The body is not an event: it lacks an id or a type.");
}

function isEvent(value: unknown): value is WebhookEvent {
  if (typeof value !== "object" || value === null) return false;
  return "id" in value && typeof value.id === "string" && "type" in value && typeof value.type === "string";
}

function readHeader(headers: WebhookHeaders, name: string): string | undefined {
  if (typeof headers["get"] === "function") return (headers as Headers).get(name) ?? undefined;
  const entries = Object.entries(headers as Readonly<Record<string, string | readonly string[] | undefined>>);
  const value = entries.find(([key]) => key.toLowerCase() === name)?.[1];
  return typeof value === "string" ? value : value?.join(",");
}

function fault(reason: WebhookFault, message: string): WebhookVerificationError {
  return new WebhookVerificationError(message, { reason });
}

function fromHex(hex: string): Uint8Array {
  return Uint8Array.from({ length: hex.length / 2 }, (_, i) => Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16));
}

function concat(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
