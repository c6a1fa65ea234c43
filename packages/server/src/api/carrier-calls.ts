/** What carriers ask and tell about calls: /carriers/{accountId}/calls and …/calls/events. */

import { type Context, Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { CARRIER_PATHS } from "../carriers/carrier-urls.ts";
import { formOf } from "../carriers/signed-request.ts";
import type { AppDeps } from "../http/app-deps.ts";
import type { VoicePurpose } from "../legs/carriers/carrier-voice.ts";
import { carrierVoices } from "../legs/carriers/carrier-voices.ts";
import { readJson } from "../legs/stream/read-json.ts";
import { readCarrierWebhook } from "./carrier-webhook.ts";

/** Far more than any of them sends. */
const MAX_BODY_BYTES = 64_000;

type Deps = Pick<AppDeps, "findCarrierAccount" | "clock" | "log" | "publicUrl" | "carrierDesk">;

/** Outside /v1: who asks proves it by the carrier's signature, not by a key. */
export function carrierCallRoutes(deps: Deps): Hono {
  const app = new Hono();
  const limit = bodyLimit({ maxSize: MAX_BODY_BYTES, onError: (c) => c.text("The body is too large.", 413) });
  app.on(["GET", "POST"], `${CARRIER_PATHS}:accountId/calls`, limit, (c) => receive(c, deps, "voice"));
  app.on(["GET", "POST"], `${CARRIER_PATHS}:accountId/calls/events`, limit, (c) => receive(c, deps, "status"));
  return app;
}

async function receive(c: Context, deps: Deps, purpose: VoicePurpose): Promise<Response> {
  const { carrierDesk } = deps;
  const read = await readCarrierWebhook(c, deps);
  if (read instanceof Response) return read;
  if (carrierDesk === undefined) return c.text("No calls come through carriers here.", 503);
  const { access, webhook } = read;
  const { searchParams: query } = new URL(webhook.url);
  const body = readJson(webhook.body) ?? Object.fromEntries([...query, ...formOf(webhook)]);
  const news = carrierVoices[access.provider].read({ purpose, query, body });
  const document = await carrierDesk.receive(access, news, query.get("call") ?? undefined);
  if (document === undefined) return c.body(null, 204);
  return c.body(document.body, 200, { "Content-Type": document.contentType });
}
