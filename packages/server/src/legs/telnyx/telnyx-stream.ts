/** Telnyx media streaming: https://developers.telnyx.com/docs/voice/programmable-voice/media-streaming */

import { fromBase64, toBase64 } from "../stream/base64.ts";
import { numberAt, readJson, textAt } from "../stream/read-json.ts";
import {
  G711,
  type StreamCodec,
  type StreamEvent,
  type StreamFormat,
  type StreamMessage,
} from "../stream/stream-codec.ts";

const ENCODINGS: Readonly<Record<string, StreamFormat["encoding"]>> = { PCMU: "mu-law", PCMA: "a-law" };

export function makeTelnyxStream(): StreamCodec {
  return {
    queue: {
      clear: () => JSON.stringify({ event: "clear" }),
      mark: (name) => JSON.stringify({ event: "mark", mark: { name } }),
    },
    endsByClosing: false,
    digits: "api",
    decode,
    // Asked for with `stream_bidirectional_codec`, whatever the caller's own codec is.
    audio: (payload) => JSON.stringify({ event: "media", media: { payload: toBase64(payload) } }),
  };
}

function decode(message: StreamMessage): StreamEvent | undefined {
  const json = typeof message === "string" ? readJson(message) : undefined;
  switch (textAt(json, "event")) {
    case "media": {
      const payload = textAt(json, "media", "payload");
      if (payload === undefined) return { kind: "garbage", problem: "media without payload" };
      if ((textAt(json, "media", "track") ?? "inbound") !== "inbound") return undefined;
      const chunk = numberAt(json, "media", "chunk");
      const audio = { kind: "audio", payload: fromBase64(payload) } as const;
      return chunk === undefined || !Number.isSafeInteger(chunk) ? audio : { ...audio, chunk };
    }
    case "start": {
      const name = textAt(json, "start", "media_format", "encoding") ?? "PCMU";
      const encoding = ENCODINGS[name];
      if (encoding === undefined) return { kind: "failed", problem: `the stream is ${name}, not PCMU or PCMA` };
      return { kind: "started", heard: { encoding, sampleRateHz: 8000 }, played: G711 };
    }
    case "dtmf":
      return { kind: "digit", digit: textAt(json, "dtmf", "digit") ?? "" };
    case "mark":
      return { kind: "mark", name: textAt(json, "mark", "name") ?? "" };
    case "stop":
      return { kind: "stopped" };
    case "error":
      return { kind: "garbage", problem: textAt(json, "payload", "detail") ?? "an error without detail" };
    case "connected":
      return undefined;
    default:
      return { kind: "garbage", problem: "no message of Telnyx's media streaming" };
  }
}
