/** Vonage Voice API WebSockets: https://developer.vonage.com/en/voice/voice-api/guides/websockets */

import { readJson, textAt } from "../stream/read-json.ts";
import type { StreamCodec, StreamEvent, StreamFormat, StreamMessage } from "../stream/stream-codec.ts";

export function makeVonageStream(): StreamCodec {
  return {
    queue: {
      clear: () => JSON.stringify({ action: "clear" }),
      mark: (name) => JSON.stringify({ action: "notify", payload: { mark: name } }),
    },
    endsByClosing: true,
    digits: "api",
    decode,
    audio: (payload) => payload,
  };
}

function decode(message: StreamMessage): StreamEvent | undefined {
  if (typeof message !== "string") return { kind: "audio", payload: message };
  const json = readJson(message);
  switch (textAt(json, "event")) {
    case "websocket:connected": {
      const contentType = textAt(json, "content-type") ?? "";
      const format = toFormat(contentType);
      if (format === undefined) return { kind: "failed", problem: `the stream is "${contentType}"` };
      return { kind: "started", heard: format, played: format };
    }
    case "websocket:dtmf":
      // It has stood in either place.
      return { kind: "digit", digit: textAt(json, "digit") ?? textAt(json, "dtmf", "digit") ?? "" };
    case "websocket:notify":
      return { kind: "mark", name: textAt(json, "payload", "mark") ?? "" };
    case undefined:
      return { kind: "garbage", problem: "no message of Vonage's WebSockets" };
    default:
      return undefined;
  }
}

/** Signed 16-bit in the order of Intel, though L16 is in that of the network elsewhere. */
function toFormat(contentType: string): StreamFormat | undefined {
  const sampleRateHz = Number(/^audio\/l16;\s*rate=(\d+)$/i.exec(contentType.trim())?.[1]);
  if (sampleRateHz !== 8000 && sampleRateHz !== 16_000 && sampleRateHz !== 24_000) return undefined;
  return { encoding: "linear", sampleRateHz };
}
