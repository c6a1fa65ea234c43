/** Plivo's end of an audio stream. Messages as in https://www.plivo.com/docs/voice/audio-streaming/audio-streaming */

import { decodeMuLaw, encodeMuLaw, Resampler, type Samples } from "@earshot/engine";
import { numberAt, readJson, textAt } from "../../stream/read-json.ts";
import type { StreamMessage } from "../../stream/stream-codec.ts";
import type { CarrierEnd } from "../../stream/testing/carrier-end.ts";
import { FarPlayback } from "../../stream/testing/far-playback.ts";

const STREAM_ID = "20170ada-f610-433b-8758-c02a2aab3662";

export class PlivoEnd implements CarrierEnd {
  digits = "";
  readonly #playback = new FarPlayback();
  readonly #down = new Resampler(16_000, 8000);
  readonly #callId: string;
  #sequence = 0;
  #chunk = 0;
  readonly #answers: string[] = [];

  constructor(callId = "12345678-1234-1234-1234-123456789abc") {
    this.#callId = callId;
  }

  get played(): readonly Samples[] {
    return this.#playback.played;
  }

  greet(): StreamMessage[] {
    const start = {
      callId: this.#callId,
      streamId: STREAM_ID,
      accountId: "MAXXXXXXXXXXXXXXXXXX",
      tracks: ["inbound"],
      mediaFormat: { encoding: "audio/x-mulaw", sampleRate: 8000 },
    };
    return [this.#tell("start", { start })];
  }

  say(frame: Samples): StreamMessage {
    const payload = Buffer.from(encodeMuLaw(this.#down.push(frame))).toString("base64");
    const media = { track: "inbound", chunk: ++this.#chunk, timestamp: String(1_700_000_000_000 + this.#chunk * 20) };
    return this.#tell("media", { streamId: STREAM_ID, media: { ...media, payload } });
  }

  press(digit: string): StreamMessage {
    return this.#tell("dtmf", { streamId: STREAM_ID, dtmf: { track: "inbound", digit, timestamp: "1700000000000" } });
  }

  hangUp(): undefined {}

  hear(message: StreamMessage): void {
    const json = readJson(String(message));
    switch (textAt(json, "event")) {
      case "playAudio": {
        const { contentType, sampleRate } = (json?.["media"] ?? {}) as Readonly<Record<string, unknown>>;
        if (contentType !== "audio/x-mulaw" || numberAt(json, "media", "sampleRate") !== 8000)
          throw new Error(`the stream began as audio/x-mulaw at 8000, not ${contentType} at ${sampleRate}`);
        return this.#playback.add(decodeMuLaw(Buffer.from(textAt(json, "media", "payload") ?? "", "base64")));
      }
      case "checkpoint":
        return this.#playback.mark(requireStream(json) && (textAt(json, "name") ?? ""));
      case "clearAudio":
        requireStream(json);
        // Checkpoints that were not reached are never told of.
        this.#playback.clear();
        this.#answers.push(
          JSON.stringify({ sequenceNumber: ++this.#sequence, event: "clearedAudio", streamId: STREAM_ID }),
        );
        return;
      case "sendDTMF":
        this.digits += textAt(json, "dtmf") ?? "";
        return;
      default:
        throw new Error(`unknown event in ${String(message)}`);
    }
  }

  tick(): StreamMessage[] {
    const marks = this.#playback
      .tick()
      .map((name) =>
        JSON.stringify({ sequenceNumber: ++this.#sequence, event: "playedStream", streamId: STREAM_ID, name }),
      );
    return [...this.#answers.splice(0), ...marks];
  }

  #tell(event: string, more: object): string {
    return JSON.stringify({ sequenceNumber: ++this.#sequence, event, ...more, extra_headers: "{}" });
  }
}

function requireStream(json: Readonly<Record<string, unknown>> | undefined): string {
  const streamId = textAt(json, "streamId");
  if (streamId !== STREAM_ID) throw new Error(`there is no stream ${streamId}`);
  return streamId;
}
