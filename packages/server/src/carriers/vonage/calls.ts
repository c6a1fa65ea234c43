import { z } from "zod";
import type { CarrierCalls } from "../carrier-calls.ts";
import type { CarrierClient } from "../carrier-client.ts";
import { unlessOver } from "../unless-over.ts";
import { connectNcco, dialNcco, toVonageNumber } from "./ncco.ts";

const placedShape = z.object({ uuid: z.string().min(1) });

/** Calls of the Voice API: https://developer.vonage.com/en/api/voice */
export function createVonageCalls(api: CarrierClient): CarrierCalls {
  const change = (uuid: string, json: object) =>
    api.request(z.unknown(), { method: "PUT", path: `/v1/calls/${encodeURIComponent(uuid)}`, json });
  return {
    async place({ to, from, streamUrl, webhooks, ringMs }) {
      const json = {
        to: [{ type: "phone", number: toVonageNumber(to) }],
        from: { type: "phone", number: toVonageNumber(from) },
        ncco: connectNcco(streamUrl),
        ...{ event_url: [webhooks.status], event_method: "POST" },
        ringing_timer: Math.round(ringMs / 1000),
      };
      return (await api.request(placedShape, { method: "POST", path: "/v1/calls", json })).uuid;
    },
    hangUp: (uuid) => unlessOver(change(uuid, { action: "hangup" })),
    async transfer(uuid, { destination, from }) {
      await change(uuid, { action: "transfer", destination: { type: "ncco", ncco: dialNcco(destination, from) } });
    },
    async sendDigits(uuid, digits) {
      const path = `/v1/calls/${encodeURIComponent(uuid)}/dtmf`;
      await api.request(z.unknown(), { method: "PUT", path, json: { digits }, isRepeatable: false });
    },
  };
}
