import { z } from "zod";
import type { CarrierCalls } from "../carrier-calls.ts";
import type { CarrierClient } from "../carrier-client.ts";
import { unlessOver } from "../unless-over.ts";
import { connectTwiml, dialTwiml } from "./twiml.ts";

const placedShape = z.object({ sid: z.string().min(1) });
/** The call is not in progress any more. */
const OVER = ["21220"];

/** Calls as Twilio's resource of that name: https://www.twilio.com/docs/voice/api/call-resource */
export function createTwilioCalls(api: CarrierClient): CarrierCalls {
  const update = (sid: string, form: Readonly<Record<string, string>>, isRepeatable: boolean) =>
    api.request(z.unknown(), { method: "POST", path: `/Calls/${encodeURIComponent(sid)}.json`, form, isRepeatable });
  return {
    async place({ to, from, streamUrl, webhooks, ringMs }) {
      const form = {
        ...{ To: to, From: from, Twiml: connectTwiml(streamUrl) },
        ...{ StatusCallback: webhooks.status, StatusCallbackMethod: "POST", StatusCallbackEvent: "completed" },
        Timeout: String(Math.round(ringMs / 1000)),
      };
      return (await api.request(placedShape, { method: "POST", path: "/Calls.json", form })).sid;
    },
    hangUp: (sid) => unlessOver(update(sid, { Status: "completed" }, true), OVER),
    async transfer(sid, { destination, from }) {
      await update(sid, { Twiml: dialTwiml(destination, from) }, false);
    },
  };
}
