import { z } from "zod";
import type { CarrierAccess } from "../carrier-accounts/carrier-account.ts";
import type { CarrierClientDeps } from "./carrier-client.ts";
import { CarrierError } from "./carrier-error.ts";
import { createPlivoApi } from "./plivo/api.ts";
import { createTelnyxApi } from "./telnyx/api.ts";
import { createTwilioApi } from "./twilio/api.ts";
import { createVonageAccountApi } from "./vonage/api.ts";

const twilioShape = z.object({ status: z.string() });

/** Asks the carrier something that costs nothing. @throws CarrierError with what is wrong */
export async function checkCredentials(access: CarrierAccess, deps: CarrierClientDeps): Promise<void> {
  switch (access.provider) {
    case "twilio": {
      const { status } = await createTwilioApi(access, deps).request(twilioShape, { method: "GET", path: ".json" });
      if (status !== "active")
        throw new CarrierError({ provider: "twilio", kind: "refused", text: `the account is ${status}` });
      return;
    }
    case "telnyx":
      await createTelnyxApi(access, deps).request(z.unknown(), { method: "GET", path: "/balance" });
      return;
    case "plivo":
      await createPlivoApi(access, deps).request(z.unknown(), { method: "GET", path: "/" });
      return;
    case "vonage":
      await createVonageAccountApi(access, deps).request(z.unknown(), { method: "GET", path: "/account/get-balance" });
      return;
  }
}
