/** Plivo audio streaming: https://www.plivo.com/docs/voice/audio-streaming/audio-streaming */

import { toBase64 } from "../stream/base64.ts";
import { numberAt, readJson, textAt } from "../stream/read-json.ts";
import { readMedia } from "../stream/read-media.ts";
import { G711, type StreamCodec, type StreamEvent, type StreamFormat } from "../stream/stream-codec.ts";

export function makePlivoStream(): StreamCodec {
  let streamId = "";
  let format: StreamFormat = G711;
  const toMessage = (event: string, more: object) => JSON.stringify({ event, ...more });
  return {
    queue: {
      clear: () => toMessage("clearAudio", { streamId }),
      mark: (name) => toMessage("checkpoint", { streamId, name }),
    },
    // No message says that the call is over.
    endsByClosing: true,
    digits: "message",
    decode(message) {
      const json = typeof message === "string" ? readJson(message) : undefined;
      const event = decode(json);
      if (event?.kind === "started") {
        streamId = textAt(json, "start", "streamId") ?? "";
        format = event.played;
      }
      return event;
    },
    audio: (payload) =>
      toMessage("playAudio", {
        media: {
          contentType: format.encoding === "linear" ? "audio/x-l16" : "audio/x-mulaw",
          sampleRate: format.sampleRateHz,
          payload: toBase64(payload),
        },
      }),
    sendDigits: (digits) => toMessage("sendDTMF", { dtmf: digits }),
  };
}

function decode(json: ReturnType<typeof readJson>): StreamEvent | undefined {
  switch (textAt(json, "event")) {
    case "media":
      return readMedia(json);
    case "start":
      return start(json);
    case "dtmf":
      return { kind: "digit", digit: textAt(json, "dtmf", "digit") ?? "" };
    case "playedStream":
      return { kind: "mark", name: textAt(json, "name") ?? "" };
    case "stop":
      return { kind: "stopped" };
    case "clearedAudio":
      return undefined;
    default:
      return { kind: "garbage", problem: "no message of Plivo's audio streaming" };
  }
}

/** What is played has to be what is heard: Plivo takes no other format within a stream. */
function start(json: ReturnType<typeof readJson>): StreamEvent {
  const encoding = textAt(json, "start", "mediaFormat", "encoding") ?? "audio/x-mulaw";
  const sampleRateHz = numberAt(json, "start", "mediaFormat", "sampleRate") ?? 8000;
  if (encoding === "audio/x-mulaw" && sampleRateHz === 8000) return { kind: "started", heard: G711, played: G711 };
  if (encoding === "audio/x-l16" && (sampleRateHz === 8000 || sampleRateHz === 16_000)) {
    const linear: StreamFormat = { encoding: "linear", sampleRateHz };
    return { kind: "started", heard: linear, played: linear };
  }
  return { kind: "failed", problem: `the stream is ${encoding} at ${sampleRateHz} Hz` };
}
