import { z } from "zod";
import type { CarrierCalls } from "../carrier-calls.ts";
import type { CarrierClient } from "../carrier-client.ts";
import { CarrierError } from "../carrier-error.ts";
import { unlessOver } from "../unless-over.ts";

const placedShape = z.object({ request_uuid: z.union([z.string().min(1), z.tuple([z.string().min(1)])]) });

/** Calls as in https://www.plivo.com/docs/voice/api/call/make-a-call */
export function createPlivoCalls(api: CarrierClient): CarrierCalls {
  const remove = (path: string) => api.request(z.unknown(), { method: "DELETE", path });
  return {
    async place({ to, from, webhooks, ringMs }) {
      const json = {
        ...{ to: toPlivoNumber(to), from: toPlivoNumber(from) },
        ...{ answer_url: webhooks.voice, answer_method: "POST", hangup_url: webhooks.status, hangup_method: "POST" },
        ring_timeout: Math.round(ringMs / 1000),
      };
      const { request_uuid: placed } = await api.request(placedShape, { method: "POST", path: "/Call/", json });
      return typeof placed === "string" ? placed : placed[0];
    },
    /** A call that nobody has answered is a request yet. */
    async hangUp(id) {
      try {
        await remove(`/Call/${encodeURIComponent(id)}/`);
      } catch (error) {
        if (!(error instanceof CarrierError) || error.kind !== "not_found") throw error;
        await unlessOver(remove(`/Request/${encodeURIComponent(id)}/`));
      }
    },
    async transfer(id, { destination, from, voiceUrl }) {
      const url = new URL(voiceUrl);
      url.searchParams.set("dial", destination);
      url.searchParams.set("from", from);
      const json = { legs: "aleg", aleg_url: url.href, aleg_method: "POST" };
      await api.request(z.unknown(), { method: "POST", path: `/Call/${encodeURIComponent(id)}/`, json });
    },
  };
}

/** E.164 without its plus. */
function toPlivoNumber(number: string): string {
  return number.replace(/^\+/, "");
}
