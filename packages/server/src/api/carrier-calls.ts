/** What carriers ask and tell about calls: /carriers/{accountId}/calls and …/calls/events. */

import { type Context, Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { createFindCarrierAccount } from "../carrier-accounts/find-carrier-account.ts";
import { CARRIER_PATHS } from "../carriers/carrier-urls.ts";
import { formOf, isSignedByCarrier } from "../carriers/signed-request.ts";
import type { AppDeps } from "../http/app-deps.ts";
import type { VoicePurpose } from "../legs/carriers/carrier-voice.ts";
import { carrierVoices } from "../legs/carriers/carrier-voices.ts";
import { readJson } from "../legs/stream/read-json.ts";

/** Far more than any of them sends. */
const MAX_BODY_BYTES = 64_000;

type Deps = Pick<AppDeps, "documents" | "vault" | "clock" | "log" | "publicUrl" | "carrierDesk">;

/** Outside /v1: who asks proves it by the carrier's signature, not by a key. */
export function carrierCallRoutes(deps: Deps): Hono {
  const app = new Hono();
  const limit = bodyLimit({ maxSize: MAX_BODY_BYTES, onError: (c) => c.text("The body is too large.", 413) });
  app.on(["GET", "POST"], `${CARRIER_PATHS}:accountId/calls`, limit, (c) => receive(c, deps, "voice"));
  app.on(["GET", "POST"], `${CARRIER_PATHS}:accountId/calls/events`, limit, (c) => receive(c, deps, "status"));
  return app;
}

async function receive(c: Context, deps: Deps, purpose: VoicePurpose): Promise<Response> {
  const { carrierDesk, publicUrl, clock, log } = deps;
  if (publicUrl === undefined || carrierDesk === undefined)
    return c.text("EARSHOT_PUBLIC_URL isn't set: what a carrier signed can't be checked without it.", 503);
  const access = await createFindCarrierAccount(deps)(c.req.param("accountId") ?? "");
  if (access === undefined) return c.text("There is no such carrier account.", 404);
  const { pathname, search, searchParams: query } = new URL(c.req.url);
  const webhook = {
    method: c.req.method === "GET" ? ("GET" as const) : ("POST" as const),
    url: `${publicUrl}${pathname}${search}`,
    header: (name: string) => c.req.header(name),
    body: await c.req.text(),
  };
  if (!isSignedByCarrier(access, webhook, clock.now().getTime())) {
    log.warn({ accountId: access.id, purpose }, "A webhook that no carrier signed was refused");
    return c.text("The signature doesn't fit: is EARSHOT_PUBLIC_URL where the carrier reaches this server?", 403);
  }
  const body = readJson(webhook.body) ?? Object.fromEntries([...query, ...formOf(webhook)]);
  const news = carrierVoices[access.provider].read({ purpose, query, body });
  const document = await carrierDesk.receive(access, news, query.get("call") ?? undefined);
  if (document === undefined) return c.body(null, 204);
  return c.body(document.body, 200, { "Content-Type": document.contentType });
}
