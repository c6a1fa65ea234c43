/** What Vonage is told to do with a call: https://developer.vonage.com/en/voice/voice-api/ncco-reference */
export type Ncco = readonly Readonly<Record<string, unknown>>[];

/** Both ways; the call is over when the stream is. */
export function connectNcco(streamUrl: string): Ncco {
  return [
    {
      action: "connect",
      endpoint: [{ type: "websocket", uri: streamUrl, "content-type": "audio/l16;rate=16000", headers: {} }],
    },
  ];
}

/** @param destination E.164, or a SIP URI */
export function dialNcco(destination: string, callerId: string): Ncco {
  const endpoint = /^sips?:/i.test(destination)
    ? { type: "sip", uri: destination }
    : { type: "phone", number: toVonageNumber(destination) };
  return [{ action: "connect", from: toVonageNumber(callerId), endpoint: [endpoint] }];
}

/** E.164 without its plus. */
export function toVonageNumber(number: string): string {
  return number.replace(/^\+/, "");
}
