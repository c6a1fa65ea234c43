import { request } from "undici";
import { ForbiddenUrlError, type UrlGuard } from "../../outbound-http/guard-url.ts";
import { readStart } from "../../outbound-http/read-start.ts";
import type { Vault } from "../../secrets/vault.ts";
import { toEpochMs, type WallClock } from "../../wall-clock.ts";
import type { DialectName } from "../../webhooks/dialect-name.ts";
import { secretsOf } from "../../webhooks/signing-secrets.ts";
import { UndeliverableError, type WebhookDialect, type WebhookLoad } from "../../webhooks/webhook-dialect.ts";
import { RESERVED_HEADERS, toHeaders } from "../../webhooks/webhook-endpoint.ts";
import type { Attempt, ClaimedDelivery } from "./claimed-delivery.ts";

export type AttemptDeps = {
  readonly guard: Pick<UrlGuard, "check" | "dispatcher">;
  readonly vault: Vault;
  readonly clock: WallClock;
  readonly dialects: ReadonlyMap<DialectName, WebhookDialect>;
  readonly load: (workspaceId: string) => WebhookLoad;
};

const KEPT_ANSWER_BYTES = 4096;
const READ_ANSWER_BYTES = 262_144;
const MAX_BODY_BYTES = 10_000_000;
const MAX_TIMEOUT_MS = 120_000;

/**
 * Posts a delivery once. Redirects are not followed; any 2xx is a success. Never throws.
 * @param signal gives the attempt up: its outcome is "failed"
 */
export async function attemptDelivery(
  deps: AttemptDeps,
  delivery: ClaimedDelivery,
  signal: AbortSignal,
): Promise<Attempt> {
  const startedAtMs = deps.clock.now().getTime();
  const finish = (attempt: Omit<Attempt, "startedAtMs" | "durationMs">): Attempt => ({
    ...attempt,
    startedAtMs,
    durationMs: Math.max(0, deps.clock.now().getTime() - startedAtMs),
  });
  const { endpoint, event } = delivery;
  const dialect = deps.dialects.get(endpoint.dialect);
  if (dialect === undefined) return finish({ outcome: "undeliverable", error: `unknown dialect ${endpoint.dialect}` });
  const eventName = dialect.eventName(event.type);
  if (eventName === undefined) return finish({ outcome: "not_told" });
  let sent: Pick<Attempt, "body" | "requestHeaders"> = {};
  const timeoutMs = Math.min(dialect.timeoutMs(endpoint), MAX_TIMEOUT_MS);
  const limit = limitTime(deps.clock, timeoutMs, signal);
  try {
    const body = delivery.body ?? (await encode(deps, dialect, delivery, eventName));
    sent = { body };
    const headers = toRequestHeaders(deps, dialect, { delivery, eventName, body });
    sent = { body, requestHeaders: hideCredentials(headers) };
    const url = deps.guard.check(endpoint.url);
    const response = await request(url, {
      method: "POST",
      dispatcher: deps.guard.dispatcher,
      signal: limit.signal,
      headers,
      body,
    });
    const responseBody = await readStart(response.body, {
      keepBytes: KEPT_ANSWER_BYTES,
      drainBytes: READ_ANSWER_BYTES,
    });
    return finish({ ...sent, responseBody, ...judge(response, deps.clock) });
  } catch (error) {
    if (error instanceof UndeliverableError) return finish({ ...sent, outcome: "undeliverable", error: error.message });
    return finish({ ...sent, outcome: "failed", error: explain(error, { timeoutMs, isLate: limit.isOver() }) });
  } finally {
    limit.clear();
  }
}

async function encode(
  deps: AttemptDeps,
  dialect: WebhookDialect,
  delivery: ClaimedDelivery,
  eventName: string,
): Promise<string> {
  const { id: deliveryId, event, endpoint } = delivery;
  const load = deps.load(event.workspaceId);
  let encoded: unknown;
  try {
    encoded = await dialect.encode({ deliveryId, event, eventName, endpoint, load });
  } catch (error) {
    if (error instanceof UndeliverableError) throw error;
    throw new EncodingError("the body could not be made; it is tried again", { cause: error });
  }
  const body = JSON.stringify(encoded);
  if (Buffer.byteLength(body) > MAX_BODY_BYTES)
    throw new UndeliverableError(`the body is larger than ${MAX_BODY_BYTES / 1e6} MB`);
  return body;
}

class EncodingError extends Error {
  override readonly name = "EncodingError";
}

function toRequestHeaders(
  { clock, vault }: AttemptDeps,
  dialect: WebhookDialect,
  { delivery, eventName, body }: { delivery: ClaimedDelivery; eventName: string; body: string },
): Record<string, string> {
  const { endpoint, event } = delivery;
  const nowMs = clock.now().getTime();
  const secrets = secretsOf(vault, endpoint, nowMs);
  const extra = Object.entries(toHeaders(endpoint.settings["headers"])).filter(
    ([name]) => !RESERVED_HEADERS.test(name),
  );
  return {
    ...Object.fromEntries(extra),
    "Content-Type": "application/json",
    "User-Agent": "Earshot",
    ...dialect.headers({
      ...{ deliveryId: delivery.id, eventId: event.id, eventName, body, secrets, endpoint },
      timestampS: Math.floor(nowMs / 1000),
    }),
  };
}

const CREDENTIAL = /^(?:authorization|proxy-authorization|cookie|.*(?:token|secret|password|api-?key).*)$/i;

function hideCredentials(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, CREDENTIAL.test(name) ? "(hidden)" : value]),
  );
}

function judge(
  response: { readonly statusCode: number; readonly headers: Readonly<Record<string, string | string[] | undefined>> },
  clock: WallClock,
): Pick<Attempt, "outcome" | "responseStatus" | "error" | "retryAfterMs"> {
  const { statusCode: responseStatus } = response;
  if (responseStatus >= 200 && responseStatus < 300) return { outcome: "succeeded", responseStatus };
  if (responseStatus === 410)
    return { outcome: "gone", responseStatus, error: "answered 410 Gone: the endpoint was disabled" };
  const retryAfterMs = parseRetryAfter(response.headers["retry-after"], clock);
  const isRedirect = responseStatus >= 300 && responseStatus < 400;
  return {
    outcome: "failed",
    responseStatus,
    error: isRedirect
      ? `answered with a redirect (${responseStatus}), which is not followed`
      : `answered ${responseStatus}`,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
}

/** Seconds or an HTTP date (RFC 9110, section 10.2.3). */
function parseRetryAfter(value: string | string[] | undefined, clock: WallClock): number | undefined {
  if (typeof value !== "string") return undefined;
  if (/^\d{1,9}$/.test(value)) return Number(value) * 1000;
  const atMs = toEpochMs(value);
  return Number.isNaN(atMs) ? undefined : Math.max(0, atMs - clock.now().getTime());
}

function limitTime(clock: WallClock, timeoutMs: number, signal: AbortSignal) {
  const timeout = new AbortController();
  let isOver = false;
  const cancel = clock.after(timeoutMs, () => {
    isOver = true;
    timeout.abort();
  });
  return { signal: AbortSignal.any([signal, timeout.signal]), isOver: () => isOver, clear: cancel };
}

/** In words for whoever reads the log of deliveries: no addresses of the server's own network. */
function explain(error: unknown, { timeoutMs, isLate }: { timeoutMs: number; isLate: boolean }): string {
  if (error instanceof EncodingError) return error.message;
  if (error instanceof ForbiddenUrlError) return `the URL is not allowed: ${error.message}`;
  if (isLate) return `no answer within ${timeoutMs / 1000} s`;
  const code = error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
  return REASONS[code] ?? (code === "" ? "the connection failed" : `the connection failed (${code})`);
}

const REASONS: Readonly<Record<string, string>> = {
  ENOTFOUND: "the host's name is unknown",
  EAI_AGAIN: "the host's name could not be looked up",
  ECONNREFUSED: "the connection was refused",
  ECONNRESET: "the connection was broken off",
  UND_ERR_SOCKET: "the connection was broken off",
  UND_ERR_CONNECT_TIMEOUT: "the host could not be connected to in time",
  UND_ERR_ABORTED: "the attempt was given up",
  CERT_HAS_EXPIRED: "its certificate has expired",
  DEPTH_ZERO_SELF_SIGNED_CERT: "its certificate is self-signed",
  ERR_TLS_CERT_ALTNAME_INVALID: "its certificate is for another host",
};
