import type { Context } from "hono";
import type { CarrierAccess } from "../carrier-accounts/carrier-account.ts";
import { type CarrierWebhook, isSignedByCarrier } from "../carriers/signed-request.ts";
import type { AppDeps } from "../http/app-deps.ts";

export type SignedWebhook = { readonly access: CarrierAccess; readonly webhook: CarrierWebhook };

/** A webhook of the account in the path, proved to be its carrier's; else the answer that says why it is refused. */
export async function readCarrierWebhook(
  c: Context,
  { publicUrl, findCarrierAccount, clock, log }: Pick<AppDeps, "publicUrl" | "findCarrierAccount" | "clock" | "log">,
): Promise<SignedWebhook | Response> {
  if (publicUrl === undefined)
    return c.text("EARSHOT_PUBLIC_URL isn't set: what a carrier signed can't be checked without it.", 503);
  const access = await findCarrierAccount(c.req.param("accountId") ?? "");
  if (access === undefined) return c.text("There is no such carrier account.", 404);
  const { pathname, search } = new URL(c.req.url);
  const webhook: CarrierWebhook = {
    method: c.req.method === "GET" ? "GET" : "POST",
    url: `${publicUrl}${pathname}${search}`,
    header: (name) => c.req.header(name),
    body: await c.req.text(),
  };
  if (isSignedByCarrier(access, webhook, clock.now().getTime())) return { access, webhook };
  log.warn({ accountId: access.id }, "a webhook that no carrier signed was refused");
  return c.text("The signature doesn't fit: is EARSHOT_PUBLIC_URL where the carrier reaches this server?", 403);
}
