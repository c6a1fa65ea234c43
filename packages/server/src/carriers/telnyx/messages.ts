/** Messages of Telnyx. https://developers.telnyx.com/docs/messaging/messages/receiving-webhooks */
import { z } from "zod";
import type { AccessOf } from "../../carrier-accounts/carrier-account.ts";
import type { CarrierClientDeps } from "../carrier-client.ts";
import type { CarrierMessageCodec, CarrierMessages, CarrierReceipt } from "../carrier-messages.ts";
import { createTelnyxApi } from "./api.ts";

const STATUSES: Readonly<Record<string, CarrierReceipt["status"]>> = {
  sent: "sent",
  delivery_unconfirmed: "sent",
  delivered: "delivered",
  sending_failed: "failed",
  delivery_failed: "failed",
};

const sentShape = z.object({ data: z.object({ id: z.string() }) });
const party = z.object({ phone_number: z.string(), status: z.string().optional() });
const problem = z.object({
  code: z.coerce.string().optional(),
  title: z.string().optional(),
  detail: z.string().nullish(),
});
const eventShape = z.object({
  data: z.object({
    event_type: z.string(),
    payload: z.object({
      id: z.string(),
      from: party.optional(),
      to: z.array(party).default([]),
      text: z.string().nullish(),
      media: z.array(z.object({ url: z.string() })).nullish(),
      errors: z.array(problem).nullish(),
    }),
  }),
});

export function createTelnyxMessages(access: AccessOf<"telnyx">, deps: CarrierClientDeps): CarrierMessages {
  const api = createTelnyxApi(access, deps);
  return {
    async send({ from, to, body, mediaUrls, receiptUrl }) {
      const media = mediaUrls.length === 0 ? {} : { media_urls: mediaUrls, type: "MMS" };
      const profile = access.messagingProfileId;
      const json = {
        ...{ from, to, ...(body === "" ? {} : { text: body }), ...media },
        ...{ webhook_url: receiptUrl, use_profile_webhooks: false },
        ...(profile === undefined ? {} : { messaging_profile_id: profile }),
      };
      return (await api.request(sentShape, { method: "POST", path: "/messages", json })).data.id;
    },
  };
}

export const telnyxMessageCodec: CarrierMessageCodec = {
  readIncoming({ body }) {
    const { event_type: type, payload } = eventShape.parse(JSON.parse(body)).data;
    const { id, from, text, media } = payload;
    const [to] = payload.to;
    if (type !== "message.received" || from === undefined || to === undefined) return undefined;
    const mediaUrls = (media ?? []).map(({ url }) => url);
    return { id, from: from.phone_number, to: to.phone_number, body: text ?? "", mediaUrls };
  },
  readReceipt({ body }) {
    const { event_type: type, payload } = eventShape.parse(JSON.parse(body)).data;
    if (type !== "message.sent" && type !== "message.finalized") return undefined;
    const name = payload.to[0]?.status ?? "";
    const status = STATUSES[name];
    const [error] = payload.errors ?? [];
    const text = error?.detail ?? error?.title ?? `Telnyx says ${name}`;
    return {
      id: payload.id,
      ...(status === undefined ? {} : { status, text }),
      ...(error?.code === undefined ? {} : { code: error.code }),
    };
  },
  answer: { body: "", contentType: "text/plain" },
};
