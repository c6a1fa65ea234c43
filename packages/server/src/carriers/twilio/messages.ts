/** Messages of Twilio. https://www.twilio.com/docs/messaging/api/message-resource */
import { z } from "zod";
import type { AccessOf } from "../../carrier-accounts/carrier-account.ts";
import { toEpochMs } from "../../wall-clock.ts";
import type { CarrierClientDeps } from "../carrier-client.ts";
import type { CarrierMessageCodec, CarrierMessages, CarrierReceipt } from "../carrier-messages.ts";
import { formOf } from "../signed-request.ts";
import { createTwilioApi } from "./api.ts";

const STATUSES: Readonly<Record<string, CarrierReceipt["status"]>> = {
  sent: "sent",
  delivered: "delivered",
  read: "delivered",
  undelivered: "failed",
  failed: "failed",
  canceled: "failed",
};

const sentShape = z.object({ sid: z.string() });
const listShape = z.object({
  messages: z.array(z.object({ sid: z.string(), body: z.string().nullish(), date_created: z.string() })),
});
const incomingShape = z.object({
  MessageSid: z.string(),
  From: z.string(),
  To: z.string(),
  Body: z.string().default(""),
  NumMedia: z.coerce.number().int().min(0).max(20).default(0),
});
const receiptShape = z.object({ MessageSid: z.string(), MessageStatus: z.string(), ErrorCode: z.string().optional() });

/** Twilio dates to the second. */
const SLACK_MS = 1_000;

export function createTwilioMessages(access: AccessOf<"twilio">, deps: CarrierClientDeps): CarrierMessages {
  const api = createTwilioApi(access, deps);
  return {
    async send({ from, to, body, mediaUrls, receiptUrl }) {
      const text = body === "" ? {} : { Body: body };
      const form = { From: from, To: to, ...text, MediaUrl: mediaUrls, StatusCallback: receiptUrl };
      return (await api.request(sentShape, { method: "POST", path: "/Messages.json", form })).sid;
    },

    async findSent({ from, to, body }, sinceMs) {
      const query = { From: from, To: to, PageSize: "50" };
      const { messages } = await api.request(listShape, { method: "GET", path: "/Messages.json", query });
      // Trial accounts have a text put before theirs.
      return messages.find(
        (message) => message.body?.endsWith(body) === true && toEpochMs(message.date_created) >= sinceMs - SLACK_MS,
      )?.sid;
    },
  };
}

export const twilioMessageCodec: CarrierMessageCodec = {
  readIncoming(webhook) {
    const fields = Object.fromEntries(formOf(webhook));
    const { MessageSid: id, From: from, To: to, Body: body, NumMedia: count } = incomingShape.parse(fields);
    const mediaUrls = Array.from({ length: count }, (_, index) => fields[`MediaUrl${index}`] ?? []).flat();
    return { id, from, to, body, mediaUrls };
  },
  readReceipt(webhook) {
    const fields = receiptShape.parse(Object.fromEntries(formOf(webhook)));
    const { MessageSid: id, MessageStatus: name, ErrorCode: code } = fields;
    const status = STATUSES[name];
    const text = `Twilio says ${name}`;
    return { id, ...(status === undefined ? {} : { status, text }), ...(code === undefined ? {} : { code }) };
  },
  answer: { body: '<?xml version="1.0" encoding="UTF-8"?><Response></Response>', contentType: "text/xml" },
};
