import type { CarrierAccess } from "../carrier-accounts/carrier-account.ts";
import type { CarrierCalls } from "./carrier-calls.ts";
import type { CarrierClientDeps } from "./carrier-client.ts";
import { createPlivoApi } from "./plivo/api.ts";
import { createPlivoCalls } from "./plivo/calls.ts";
import { createTelnyxApi } from "./telnyx/api.ts";
import { createTelnyxCalls } from "./telnyx/calls.ts";
import { createTwilioApi } from "./twilio/api.ts";
import { createTwilioCalls } from "./twilio/calls.ts";
import { createVonageApi } from "./vonage/api.ts";
import { createVonageCalls } from "./vonage/calls.ts";

/** The calls of an account. */
export function createCarrierCalls(access: CarrierAccess, deps: CarrierClientDeps): CarrierCalls {
  switch (access.provider) {
    case "twilio":
      return createTwilioCalls(createTwilioApi(access, deps));
    case "telnyx":
      return createTelnyxCalls(createTelnyxApi(access, deps), access.voiceApplicationId);
    case "plivo":
      return createPlivoCalls(createPlivoApi(access, deps));
    case "vonage":
      return createVonageCalls(createVonageApi(access, deps));
  }
}
