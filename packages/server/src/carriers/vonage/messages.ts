/** Messages of Vonage. https://developer.vonage.com/en/api/messages-olympus */
import { z } from "zod";
import type { AccessOf } from "../../carrier-accounts/carrier-account.ts";
import type { CarrierClientDeps } from "../carrier-client.ts";
import { CarrierError } from "../carrier-error.ts";
import type { CarrierMessageCodec, CarrierMessages, CarrierReceipt } from "../carrier-messages.ts";
import { withoutPlus, withPlus } from "../with-plus.ts";
import { createVonageApi } from "./api.ts";

const STATUSES: Readonly<Record<string, CarrierReceipt["status"]>> = {
  submitted: "sent",
  delivered: "delivered",
  read: "delivered",
  rejected: "failed",
  undeliverable: "failed",
};

const sentShape = z.object({ message_uuid: z.string() });
const file = z.object({ url: z.string() }).optional();
const incomingShape = z.object({
  message_uuid: z.string(),
  from: z.string(),
  to: z.string(),
  text: z.string().nullish(),
  ...{ image: file, audio: file, video: file, file, vcard: file },
});
const receiptShape = z.object({
  message_uuid: z.string(),
  status: z.string(),
  error: z
    .object({ type: z.string().optional(), title: z.coerce.string().optional(), detail: z.string().optional() })
    .nullish(),
});

export function createVonageMessages(access: AccessOf<"vonage">, deps: CarrierClientDeps): CarrierMessages {
  const api = createVonageApi(access, deps);
  return {
    async send({ from, to, body, mediaUrls, receiptUrl }) {
      const [url, ...more] = mediaUrls;
      if (more.length > 0)
        throw new CarrierError({ provider: "vonage", kind: "refused", text: "a message can have one attachment" });
      const content =
        url === undefined
          ? { channel: "sms", message_type: "text", text: body }
          : { channel: "mms", message_type: "image", image: { url, ...(body === "" ? {} : { caption: body }) } };
      const parties = { from: withoutPlus(from), to: withoutPlus(to) };
      const json = { ...content, ...parties, webhook_url: receiptUrl, webhook_version: "v1" };
      return (await api.request(sentShape, { method: "POST", path: "/v1/messages", json })).message_uuid;
    },
  };
}

export const vonageMessageCodec: CarrierMessageCodec = {
  readIncoming({ body }) {
    const message = incomingShape.parse(JSON.parse(body));
    const { message_uuid: id, from, to, text, image, audio, video, file: other, vcard } = message;
    const mediaUrls = [image, audio, video, other, vcard].flatMap((media) => media?.url ?? []);
    return { id, from: withPlus(from), to: withPlus(to), body: text ?? "", mediaUrls };
  },
  readReceipt({ body }) {
    const { message_uuid: id, status: name, error } = receiptShape.parse(JSON.parse(body));
    const status = STATUSES[name];
    const text = error?.detail ?? error?.title ?? `Vonage says ${name}`;
    const code = error?.title;
    return { id, ...(status === undefined ? {} : { status, text }), ...(code === undefined ? {} : { code }) };
  },
  answer: { body: "", contentType: "text/plain" },
};
