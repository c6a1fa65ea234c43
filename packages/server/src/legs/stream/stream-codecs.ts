import { makeAudioSocketStream } from "../asterisk/audiosocket-stream.ts";
import { makeChanWebSocketStream } from "../asterisk/chan-websocket-stream.ts";
import { makePlivoStream } from "../plivo/plivo-stream.ts";
import { makeTelnyxStream } from "../telnyx/telnyx-stream.ts";
import { makeTwilioStream } from "../twilio/twilio-stream.ts";
import { makeVonageStream } from "../vonage/vonage-stream.ts";
import type { StreamCodec } from "./stream-codec.ts";
import type { StreamCarrier } from "./stream-messages.ts";

/** One codec for each stream. */
export const streamCodecs: Readonly<Record<StreamCarrier, () => StreamCodec>> = {
  twilio: makeTwilioStream,
  telnyx: makeTelnyxStream,
  plivo: makePlivoStream,
  vonage: makeVonageStream,
  audiosocket: makeAudioSocketStream,
  asterisk: makeChanWebSocketStream,
};
