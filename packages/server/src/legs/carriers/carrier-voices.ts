import type { CarrierProvider } from "../../carrier-accounts/carrier-credentials.ts";
import { plivoVoice } from "../plivo/plivo-voice.ts";
import { telnyxVoice } from "../telnyx/telnyx-voice.ts";
import { twilioVoice } from "../twilio/twilio-voice.ts";
import { vonageVoice } from "../vonage/vonage-voice.ts";
import type { CarrierVoice } from "./carrier-voice.ts";

/** How each carrier speaks of calls. */
export const carrierVoices: Readonly<Record<CarrierProvider, CarrierVoice>> = {
  twilio: twilioVoice,
  telnyx: telnyxVoice,
  plivo: plivoVoice,
  vonage: vonageVoice,
};
