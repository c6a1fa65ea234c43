/** Telnyx media streaming: https://developers.telnyx.com/docs/voice/programmable-voice/media-streaming */

import { toBase64 } from "../stream/base64.ts";
import { numberAt, readJson, textAt } from "../stream/read-json.ts";
import { readMedia } from "../stream/read-media.ts";
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
      const media = readMedia(json);
      const chunk = numberAt(json, "media", "chunk");
      if (media?.kind !== "audio" || chunk === undefined || !Number.isSafeInteger(chunk)) return media;
      return { ...media, chunk };
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
