import type { CarrierAccess } from "../carrier-accounts/carrier-account.ts";
import type { CarrierClientDeps } from "./carrier-client.ts";
import type { CarrierNumbers } from "./carrier-numbers.ts";
import { createTelnyxNumbers } from "./telnyx/numbers.ts";
import { createTwilioNumbers } from "./twilio/numbers.ts";

/** The numbers of an account. */
export function openCarrierNumbers(access: CarrierAccess, deps: CarrierClientDeps): CarrierNumbers {
  switch (access.provider) {
    case "twilio":
      return createTwilioNumbers(access, deps);
    case "telnyx":
      return createTelnyxNumbers(access, deps);
    case "plivo":
    case "vonage":
      throw new Error("todo");
  }
}
