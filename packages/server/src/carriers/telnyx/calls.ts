import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { CarrierCalls } from "../carrier-calls.ts";
import type { CarrierClient } from "../carrier-client.ts";
import { CarrierError } from "../carrier-error.ts";
import { unlessOver } from "../unless-over.ts";

const placedShape = z.object({ data: z.object({ call_control_id: z.string().min(1) }) });
/** The call has ended already. */
const OVER = ["90018"];

/**
 * Call Control: https://developers.telnyx.com/api-reference/call-commands/dial
 * @param connectionId the Call Control application
 */
export function createTelnyxCalls(api: CarrierClient, connectionId: string | undefined): CarrierCalls {
  // Under the same id an order is obeyed once, however often it comes.
  const order = (callControlId: string, action: string, json: object = {}) =>
    api.request(z.unknown(), {
      method: "POST",
      path: `/calls/${encodeURIComponent(callControlId)}/actions/${action}`,
      json: { ...json, command_id: randomUUID() },
      isRepeatable: true,
    });
  return {
    async place({ to, from, streamUrl, webhooks, ringMs }) {
      if (connectionId === undefined)
        throw new CarrierError({
          provider: "telnyx",
          kind: "refused",
          text: "the carrier account needs voiceApplicationId, its Call Control application, to place calls",
        });
      const json = {
        ...{ connection_id: connectionId, to, from, ...streamOf(streamUrl), command_id: randomUUID() },
        ...{ webhook_url: webhooks.status, webhook_url_method: "POST" },
        timeout_secs: Math.round(ringMs / 1000),
      };
      const placed = await api.request(placedShape, { method: "POST", path: "/calls", json, isRepeatable: true });
      return placed.data.call_control_id;
    },
    hangUp: (id) => unlessOver(order(id, "hangup"), OVER),
    async transfer(id, { destination, from }) {
      await order(id, "transfer", { to: destination, from });
    },
    async sendDigits(id, digits) {
      await order(id, "send_dtmf", { digits });
    },
    /** Who has hung up by then is told of by webhook. */
    answer: (id, streamUrl) => unlessOver(order(id, "answer", streamOf(streamUrl)), OVER),
    async reject(id, why) {
      await unlessOver(order(id, "reject", { cause: why === "busy" ? "USER_BUSY" : "CALL_REJECTED" }), OVER);
    },
  };
}

/** Both ways, without which only we would hear. */
function streamOf(streamUrl: string) {
  return {
    stream_url: streamUrl,
    stream_track: "inbound_track",
    stream_codec: "PCMU",
    stream_bidirectional_mode: "rtp",
    stream_bidirectional_codec: "PCMU",
  };
}
