/** What carriers tell about messages: /carriers/{accountId}/messages, and what became of ours below it. */
import { type Context, Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { ZodError } from "zod";
import type { CarrierAccess } from "../carrier-accounts/carrier-account.ts";
import { CARRIER_PATHS } from "../carriers/carrier-urls.ts";
import { carrierMessageCodecs } from "../carriers/open-carrier-messages.ts";
import type { CarrierWebhook } from "../carriers/signed-request.ts";
import type { AppDeps } from "../http/app-deps.ts";
import { applyReceipt } from "../messages/apply-receipt.ts";
import { receiveMessage } from "../messages/receive-message.ts";
import type { MessageDeps } from "../messages/send-message.ts";
import { readCarrierWebhook } from "./carrier-webhook.ts";

/** A message has ten thousand characters at most, and ten attachments by their URLs. */
const MAX_BODY_BYTES = 200_000;

type Deps = MessageDeps & Pick<AppDeps, "findCarrierAccount" | "log" | "publicUrl">;
type Take = (access: CarrierAccess, webhook: CarrierWebhook) => Promise<boolean>;

/** Outside /v1: who asks proves it by the carrier's signature, not by a key. */
export function carrierMessageRoutes(deps: Deps): Hono {
  const app = new Hono();
  const limit = bodyLimit({ maxSize: MAX_BODY_BYTES, onError: (c) => c.text("The body is too large.", 413) });

  app.post(`${CARRIER_PATHS}:accountId/messages`, limit, (c) =>
    receive(c, deps, async (access, webhook) => {
      const incoming = carrierMessageCodecs[access.provider].readIncoming(webhook);
      return incoming === undefined || (await receiveMessage(deps, access, incoming)) !== undefined;
    }),
  );
  app.post(`${CARRIER_PATHS}:accountId/messages/:messageId/receipts`, limit, (c) =>
    receive(c, deps, async (access, webhook) => {
      const receipt = carrierMessageCodecs[access.provider].readReceipt(webhook);
      const messageId = c.req.param("messageId") ?? "";
      return receipt === undefined || applyReceipt(deps, access.id, { messageId, receipt });
    }),
  );
  return app;
}

async function receive(c: Context, deps: Deps, take: Take): Promise<Response> {
  const { log } = deps;
  const read = await readCarrierWebhook(c, deps);
  if (read instanceof Response) return read;
  const { access, webhook } = read;
  try {
    // Asked again it would be the same: nothing of it is ours.
    if (!(await take(access, webhook)))
      log.warn({ accountId: access.id }, "a carrier told of a message that isn't ours");
  } catch (error) {
    if (!(error instanceof ZodError) && !(error instanceof SyntaxError)) throw error;
    log.warn({ accountId: access.id, err: error }, "a carrier's webhook can't be read");
    return c.text("The body isn't as documented.", 400);
  }
  const { body, contentType } = carrierMessageCodecs[access.provider].answer;
  return c.body(body, 200, { "Content-Type": contentType });
}
