/** Twilio Media Streams: https://www.twilio.com/docs/voice/media-streams/websocket-messages */

import { toBase64 } from "../stream/base64.ts";
import { readJson, textAt } from "../stream/read-json.ts";
import { readMedia } from "../stream/read-media.ts";
import { G711, type StreamCodec, type StreamEvent, type StreamMessage } from "../stream/stream-codec.ts";

export function makeTwilioStream(): StreamCodec {
  let streamSid = "";
  const toMessage = (event: string, more: object = {}) => JSON.stringify({ event, streamSid, ...more });
  return {
    // Its marks come back when they are cleared, too.
    queue: { clear: () => toMessage("clear"), mark: (name) => toMessage("mark", { mark: { name } }) },
    endsByClosing: false,
    digits: "tones",
    decode(message) {
      const event = decode(message);
      if (typeof event !== "string") return event;
      streamSid = event;
      return { kind: "started", heard: G711, played: G711 };
    },
    audio: (payload) => toMessage("media", { media: { payload: toBase64(payload) } }),
  };
}

/** The id of the stream when it starts. */
function decode(message: StreamMessage): StreamEvent | string | undefined {
  const json = typeof message === "string" ? readJson(message) : undefined;
  switch (textAt(json, "event")) {
    case "media":
      return readMedia(json);
    case "start": {
      const encoding = textAt(json, "start", "mediaFormat", "encoding") ?? "audio/x-mulaw";
      if (encoding !== "audio/x-mulaw") return { kind: "failed", problem: `the stream is ${encoding}` };
      return textAt(json, "streamSid") ?? textAt(json, "start", "streamSid") ?? "";
    }
    case "dtmf":
      return { kind: "digit", digit: textAt(json, "dtmf", "digit") ?? "" };
    case "mark":
      return { kind: "mark", name: textAt(json, "mark", "name") ?? "" };
    case "stop":
      return { kind: "stopped" };
    case "connected":
      return undefined;
    default:
      return { kind: "garbage", problem: "no message of Twilio's media streams" };
  }
}
