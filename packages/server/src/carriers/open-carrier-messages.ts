import type { CarrierAccess } from "../carrier-accounts/carrier-account.ts";
import type { CarrierProvider } from "../carrier-accounts/carrier-credentials.ts";
import type { CarrierClientDeps } from "./carrier-client.ts";
import type { CarrierMessageCodec, CarrierMessages } from "./carrier-messages.ts";
import { createPlivoMessages, plivoMessageCodec } from "./plivo/messages.ts";
import { createTelnyxMessages, telnyxMessageCodec } from "./telnyx/messages.ts";
import { createTwilioMessages, twilioMessageCodec } from "./twilio/messages.ts";
import { createVonageMessages, vonageMessageCodec } from "./vonage/messages.ts";

/** The messages of an account. */
export function openCarrierMessages(access: CarrierAccess, deps: CarrierClientDeps): CarrierMessages {
  switch (access.provider) {
    case "twilio":
      return createTwilioMessages(access, deps);
    case "telnyx":
      return createTelnyxMessages(access, deps);
    case "plivo":
      return createPlivoMessages(access, deps);
    case "vonage":
      return createVonageMessages(access, deps);
  }
}

export const carrierMessageCodecs: Readonly<Record<CarrierProvider, CarrierMessageCodec>> = {
  twilio: twilioMessageCodec,
  telnyx: telnyxMessageCodec,
  plivo: plivoMessageCodec,
  vonage: vonageMessageCodec,
};
