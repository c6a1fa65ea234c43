/** Messages of Plivo. https://www.plivo.com/docs/messaging/api/message */
import { z } from "zod";
import type { AccessOf } from "../../carrier-accounts/carrier-account.ts";
import type { CarrierClientDeps } from "../carrier-client.ts";
import { CarrierError } from "../carrier-error.ts";
import type { CarrierMessageCodec, CarrierMessages, CarrierReceipt } from "../carrier-messages.ts";
import { formOf } from "../signed-request.ts";
import { withoutPlus, withPlus } from "../with-plus.ts";
import { createPlivoApi } from "./api.ts";

const STATUSES: Readonly<Record<string, CarrierReceipt["status"]>> = {
  sent: "sent",
  delivered: "delivered",
  read: "delivered",
  undelivered: "failed",
  failed: "failed",
  rejected: "failed",
};
const MAX_MEDIA = 10;

const sentShape = z.object({ message_uuid: z.array(z.string()) });
const incomingShape = z.object({
  MessageUUID: z.string(),
  From: z.string(),
  To: z.string(),
  Text: z.string().default(""),
});
const receiptShape = z.object({ MessageUUID: z.string(), Status: z.string(), ErrorCode: z.string().optional() });

export function createPlivoMessages(access: AccessOf<"plivo">, deps: CarrierClientDeps): CarrierMessages {
  const api = createPlivoApi(access, deps);
  return {
    async send({ from, to, body, mediaUrls, receiptUrl }) {
      const media = mediaUrls.length === 0 ? { type: "sms" } : { type: "mms", media_urls: mediaUrls };
      const json = {
        ...{ src: withoutPlus(from), dst: withoutPlus(to), text: body, ...media },
        ...{ url: receiptUrl, method: "POST" },
      };
      const { message_uuid: ids } = await api.request(sentShape, { method: "POST", path: "/Message/", json });
      const [id] = ids;
      if (id !== undefined) return id;
      throw new CarrierError({ provider: "plivo", kind: "refused", text: "it took the message for nobody" });
    },
  };
}

export const plivoMessageCodec: CarrierMessageCodec = {
  readIncoming(webhook) {
    const fields = Object.fromEntries(formOf(webhook));
    const { MessageUUID: id, From: from, To: to, Text: body } = incomingShape.parse(fields);
    const mediaUrls = Array.from({ length: MAX_MEDIA }, (_, index) => fields[`Media${index}`] ?? []).flat();
    return { id, from: withPlus(from), to: withPlus(to), body, mediaUrls };
  },
  readReceipt(webhook) {
    const fields = receiptShape.parse(Object.fromEntries(formOf(webhook)));
    const { MessageUUID: id, Status: name, ErrorCode: code } = fields;
    const status = STATUSES[name.toLowerCase()];
    const isCoded = code !== undefined && code !== "" && code !== "000";
    return {
      id,
      ...(status === undefined ? {} : { status, text: `Plivo says ${name}` }),
      ...(isCoded ? { code } : {}),
    };
  },
  answer: { body: "", contentType: "text/plain" },
};
