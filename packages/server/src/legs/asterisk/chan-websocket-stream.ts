/** Asterisk's chan_websocket: https://docs.asterisk.org/Configuration/Channel-Drivers/WebSocket/ */

import { readJson, textAt } from "../stream/read-json.ts";
import type { StreamCodec, StreamEvent, StreamFormat } from "../stream/stream-codec.ts";

const FORMATS: Readonly<Record<string, StreamFormat>> = {
  ulaw: { encoding: "mu-law", sampleRateHz: 8000 },
  alaw: { encoding: "a-law", sampleRateHz: 8000 },
  slin: { encoding: "linear", sampleRateHz: 8000 },
  slin12: { encoding: "linear", sampleRateHz: 12_000 },
  slin16: { encoding: "linear", sampleRateHz: 16_000 },
  slin24: { encoding: "linear", sampleRateHz: 24_000 },
  slin32: { encoding: "linear", sampleRateHz: 32_000 },
  slin48: { encoding: "linear", sampleRateHz: 48_000 },
};

type Told = { readonly event: string; readonly fields: Readonly<Record<string, string>> };

/** It answers in the way in which it is spoken to first: JSON, or the plain text of older versions. */
export function makeChanWebSocketStream(): StreamCodec {
  let isJson = false;
  const order = (command: string, id?: string) => {
    if (isJson) return JSON.stringify({ command, ...(id === undefined ? {} : { correlation_id: id }) });
    return id === undefined ? command : `${command} ${id}`;
  };
  return {
    queue: { clear: () => order("FLUSH_MEDIA"), mark: (name) => order("MARK_MEDIA", name) },
    endsByClosing: true,
    digits: "tones",
    decode(message) {
      if (typeof message !== "string") return { kind: "audio", payload: message };
      const told = read(message);
      if (told === undefined) return { kind: "garbage", problem: "no message of chan_websocket" };
      if (told.event === "MEDIA_START") isJson = message.trimStart().startsWith("{");
      return decode(told);
    },
    audio: (payload) => payload,
    hangUp: () => order("HANGUP"),
  };
}

function decode({ event, fields }: Told): StreamEvent | undefined {
  switch (event) {
    case "MEDIA_START": {
      const format = FORMATS[fields["format"] ?? ""];
      if (format) return { kind: "started", heard: format, played: format };
      return { kind: "failed", problem: `the stream is ${fields["format"]}: dial with c(slin16) or c(ulaw)` };
    }
    case "DTMF_END":
      return { kind: "digit", digit: fields["digit"] ?? "" };
    case "MEDIA_MARK_PROCESSED":
      return { kind: "mark", name: fields["correlation_id"] ?? "" };
    default:
      // MEDIA_XOFF among them: so much is never sent ahead that its queue fills.
      return undefined;
  }
}

function read(message: string): Told | undefined {
  if (message.trimStart().startsWith("{")) {
    const json = readJson(message);
    const event = textAt(json, "event");
    if (json === undefined || event === undefined) return undefined;
    const texts = Object.entries(json).flatMap(([name, value]) => (typeof value === "string" ? [[name, value]] : []));
    return { event, fields: Object.fromEntries(texts) };
  }
  const [event = "", ...words] = message.trim().split(/\s+/, 50);
  if (!/^[A-Z][A-Z_]{2,40}$/.test(event)) return undefined;
  const pairs = words.map((word) => {
    const colon = word.indexOf(":");
    return colon < 0 ? ["correlation_id", word] : [word.slice(0, colon), word.slice(colon + 1)];
  });
  return { event, fields: Object.fromEntries(pairs) };
}
