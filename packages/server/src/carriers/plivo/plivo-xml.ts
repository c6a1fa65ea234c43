import { escapeXml } from "../escape-xml.ts";

/** A document of Plivo XML around elements that are escaped already. */
export function toPlivoXml(elements: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?><Response>${elements}</Response>`;
}

/** Both ways; the call is over when the stream is. */
export function connectPlivoXml(streamUrl: string): string {
  const attributes = 'bidirectional="true" keepCallAlive="true" contentType="audio/x-mulaw;rate=8000"';
  return toPlivoXml(`<Stream ${attributes}>${escapeXml(streamUrl)}</Stream>`);
}

/** @param destination E.164, or a SIP URI */
export function dialPlivoXml(destination: string, callerId: string): string {
  const noun = /^sips?:/i.test(destination) ? "User" : "Number";
  return toPlivoXml(`<Dial callerId="${escapeXml(callerId)}"><${noun}>${escapeXml(destination)}</${noun}></Dial>`);
}
