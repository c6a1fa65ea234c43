import { escapeXml } from "../escape-xml.ts";

/** A document of TwiML around verbs that are escaped already. */
export function toTwiml(verbs: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?><Response>${verbs}</Response>`;
}

/** Both ways; the call is over when the stream is. */
export function connectTwiml(streamUrl: string): string {
  return toTwiml(`<Connect><Stream url="${escapeXml(streamUrl)}"/></Connect>`);
}

/** @param destination E.164, or a SIP URI */
export function dialTwiml(destination: string, callerId: string): string {
  const noun = /^sips?:/i.test(destination) ? "Sip" : "Number";
  return toTwiml(
    `<Dial callerId="${escapeXml(callerId)}" answerOnBridge="true"><${noun}>${escapeXml(destination)}</${noun}></Dial>`,
  );
}
