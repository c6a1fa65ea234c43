import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { Earshot, verifyWebhook, type WebhookEvent } from "@earshot/sdk";
import { afterAll, beforeAll, expect, it } from "vitest";
import { sharedServer } from "./shared-server.ts";

const server = sharedServer();
let earshot: Earshot;
const received: { headers: Record<string, unknown>; body: Buffer }[] = [];
const receiver = createServer(async (request, response) => {
  received.push({ headers: request.headers, body: await buffer(request) });
  response.writeHead(204).end();
});
beforeAll(async () => {
  receiver.listen(0, "127.0.0.1");
  await once(receiver, "listening");
  earshot = new Earshot({ baseUrl: server.url, apiKey: server.apiKey });
});
afterAll(async () => {
  receiver.close();
});

it("sends webhooks that the SDK believes, with the new secret and with the old one after a rotation", async () => {
  const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`;
  const { id, secret } = await earshot.webhookEndpoints.create({ url });
  expect(await earshot.webhookEndpoints.test(id)).toMatchObject({ success: true, statusCode: 204 });
  expect(await lastEvent(secret)).toMatchObject({ type: "webhook.test", data: { endpointId: id } });
  await expect(lastEvent("whsec_wrong")).rejects.toMatchObject({ reason: "wrong_signature" });

  const rotated = await earshot.webhookEndpoints.rotateSecret(id);
  expect(await earshot.webhookEndpoints.test(id)).toMatchObject({ success: true, statusCode: 204 });
  for (const each of [secret, rotated.secret]) expect(await lastEvent(each)).toMatchObject({ type: "webhook.test" });
  expect((await earshot.webhookDeliveries.list({ endpointId: id })).data).toMatchObject([
    { eventType: "webhook.test", status: "delivered" },
    { eventType: "webhook.test", status: "delivered" },
  ]);
});

async function lastEvent(secret: string): Promise<WebhookEvent | undefined> {
  const last = received.at(-1);
  return last && verifyWebhook({ body: last.body, headers: last.headers as Record<string, string>, secret });
}
