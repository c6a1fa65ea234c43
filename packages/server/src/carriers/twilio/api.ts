import { z } from "zod";
import type { AccessOf } from "../../carrier-accounts/carrier-account.ts";
import { type CarrierClient, type CarrierClientDeps, createCarrierClient } from "../carrier-client.ts";

const problemShape = z.object({ code: z.coerce.string().optional(), message: z.string().optional() });

/**
 * Twilio's REST API of 2010-04-01, below the account: paths such as "/Calls.json", bodies are forms.
 * https://www.twilio.com/docs/iam/api
 */
export function createTwilioApi(access: AccessOf<"twilio">, deps: CarrierClientDeps): CarrierClient {
  const { accountSid, authToken } = access.credentials;
  const origin = access.apiUrl?.replace(/\/+$/, "") ?? "https://api.twilio.com";
  return createCarrierClient(
    {
      provider: "twilio",
      baseUrl: `${origin}/2010-04-01/Accounts/${accountSid}`,
      authorize: () => ({ Authorization: `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString("base64")}` }),
      readProblem(body) {
        const { message: text, code } = problemShape.catch({}).parse(body);
        return { text, code };
      },
    },
    deps,
  );
}
