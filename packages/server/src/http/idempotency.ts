/** Idempotency-Key: the same write sent twice is done once, and answered alike. */
import type { Context } from "hono";
import { createMiddleware } from "hono/factory";
import { AppError } from "../app-error.ts";
import { IDEMPOTENCY_LASTS_MS } from "../idempotency/lasting.ts";
import type { IdempotencyStore } from "../idempotency/store.ts";
import type { Vault } from "../secrets/vault.ts";
import type { WallClock } from "../wall-clock.ts";
import type { AppEnv } from "./app-env.ts";
import { fingerprintOf } from "./fingerprint.ts";

/** A request that was cut off by the death of its node holds its key no longer than that. */
const UNDER_WAY_MAX_MS = 5 * 60_000;
const WRITES = ["POST", "PUT", "PATCH", "DELETE"];
const MAX_ANSWER_LENGTH = 2_000_000;

export type IdempotencyDeps = {
  readonly idempotency: IdempotencyStore;
  readonly vault: Vault;
  readonly clock: WallClock;
};

type StoredAnswer = { readonly body: string; readonly contentType: string | null; readonly etag: string | null };

/** For writes whose answer is JSON or nothing. Only successes are kept: what failed did nothing and may be tried again. */
export function idempotency({ idempotency: store, vault, clock }: IdempotencyDeps) {
  return createMiddleware<AppEnv>(async (c, next) => {
    const sent = c.req.header("Idempotency-Key");
    if (sent === undefined || !WRITES.includes(c.req.method)) return next();
    if (!/^[\x21-\x7e]{1,255}$/.test(sent))
      throw new AppError("invalid_request", "Idempotency-Key: must be 1 to 255 printable ASCII characters");
    const key = { workspaceId: c.get("principal").workspaceId, key: sent };
    const context = `${key.workspaceId} ${key.key}`;
    const fingerprint = await fingerprintOf(c);
    const before = await claim(store, clock, key, fingerprint);
    if (before !== undefined) return replay(c, before.status, JSON.parse(vault.open(before.sealed, context)));
    await next();
    const answer = isKept(c.res) ? await toAnswer(c.res) : undefined;
    if (answer === undefined || answer.body.length > MAX_ANSWER_LENGTH) return store.release(key);
    await store.finish(key, { status: c.res.status, sealed: vault.seal(JSON.stringify(answer), context) });
  });
}

function replay(c: Context<AppEnv>, status: number, { body, contentType, etag }: StoredAnswer): Response {
  if (contentType !== null) c.header("Content-Type", contentType);
  if (etag !== null) c.header("ETag", etag);
  c.header("Idempotent-Replayed", "true");
  return new Response(body === "" ? null : body, { status, headers: c.res.headers });
}

async function toAnswer(response: Response): Promise<StoredAnswer> {
  const { status, headers } = response;
  return {
    body: status === 204 ? "" : await response.clone().text(),
    contentType: headers.get("Content-Type"),
    etag: headers.get("ETag"),
  };
}

/** Audio is made anew each time: that changes nothing, and a text can't hold it. */
function isKept({ status, headers }: Response): boolean {
  return status < 400 && (status === 204 || headers.get("Content-Type")?.includes("json") === true);
}

async function claim(
  store: IdempotencyStore,
  clock: WallClock,
  key: { readonly workspaceId: string; readonly key: string },
  fingerprint: string,
): Promise<{ status: number; sealed: string } | undefined> {
  const now = clock.now();
  const record = await store.begin(key, fingerprint, now);
  if (record === undefined) return undefined;
  const ageMs = now.getTime() - record.createdAt.getTime();
  if (ageMs > (record.answer === undefined ? UNDER_WAY_MAX_MS : IDEMPOTENCY_LASTS_MS)) {
    await store.release(key, record.createdAt);
    return claim(store, clock, key, fingerprint);
  }
  if (record.fingerprint !== fingerprint)
    throw new AppError("idempotency_key_reused", "Idempotency-Key: it was sent with another request; draw a new one");
  if (record.answer === undefined)
    throw new AppError("idempotency_in_progress", "the first request with this Idempotency-Key is still under way");
  return record.answer;
}
