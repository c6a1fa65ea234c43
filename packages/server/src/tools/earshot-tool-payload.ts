import { signEarshot } from "../webhooks/signature.ts";
import type { ToolPayload } from "./tool-payload.ts";

/**
 * Our own: `{ callId, toolCallId, name, arguments }`; with a secret, `Earshot-Signature: t=<unix seconds>,v1=<hex>` holds
 * the HMAC-SHA256 of `<t>.<body>`. The answer is the result as it is.
 */
export const earshotToolPayload: ToolPayload = {
  encode: ({ at: _, ...request }) => request,
  headers: ({ body, timestampS, secret }): Record<string, string> =>
    secret === undefined ? {} : { "Earshot-Signature": signEarshot([secret], { body, timestampS }) },
  decode: (text) => ({ outcome: "succeeded", result: text }),
};
