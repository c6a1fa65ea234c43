import type { CarrierAccess } from "../carrier-accounts/carrier-account.ts";
import type { CarrierClientDeps } from "./carrier-client.ts";
import type { CarrierNumbers } from "./carrier-numbers.ts";
import { createPlivoNumbers } from "./plivo/numbers.ts";
import { createTelnyxNumbers } from "./telnyx/numbers.ts";
import { createTwilioNumbers } from "./twilio/numbers.ts";
import { createVonageNumbers } from "./vonage/numbers.ts";

/** The numbers of an account. */
export function openCarrierNumbers(access: CarrierAccess, deps: CarrierClientDeps): CarrierNumbers {
  switch (access.provider) {
    case "twilio":
      return createTwilioNumbers(access, deps);
    case "telnyx":
      return createTelnyxNumbers(access, deps);
    case "plivo":
      return createPlivoNumbers(access, deps);
    case "vonage":
      return createVonageNumbers(access, deps);
  }
}
