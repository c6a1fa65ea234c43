/** Telnyx's end of a media stream. Messages as in https://developers.telnyx.com/docs/voice/programmable-voice/media-streaming */

import { decodeMuLaw, encodeMuLaw, Resampler, type Samples } from "@earshot/engine";
import { readJson, textAt } from "../../stream/read-json.ts";
import type { StreamMessage } from "../../stream/stream-codec.ts";
import type { CarrierEnd } from "../../stream/testing/carrier-end.ts";
import { FarPlayback } from "../../stream/testing/far-playback.ts";

const STREAM_ID = "32de0dea-53cb-4b21-89a4-9e1819c043bc";

export class TelnyxEnd implements CarrierEnd {
  readonly digits = "";
  readonly #playback = new FarPlayback();
  readonly #down = new Resampler(16_000, 8000);
  readonly #callControlId: string;
  #sequence = 0;
  #chunk = 0;
  readonly #answers: string[] = [];

  constructor(callControlId = "v3:T02llQxIyaRkhfRKxgAP8nY511EhFLizdvdUKJiSw8d6A9BborherQ") {
    this.#callControlId = callControlId;
  }

  get played(): readonly Samples[] {
    return this.#playback.played;
  }

  greet(): StreamMessage[] {
    const start = {
      user_id: "3e6f995f-85f7-4705-9741-53b116d28237",
      call_control_id: this.#callControlId,
      client_state: "aGF2ZSBhIG5pY2UgZGF5ID1d",
      media_format: { encoding: "PCMU", sample_rate: 8000, channels: 1 },
    };
    return [JSON.stringify({ event: "connected", version: "1.0.0" }), this.#tell("start", { start })];
  }

  say(frame: Samples): StreamMessage {
    const payload = Buffer.from(encodeMuLaw(this.#down.push(frame))).toString("base64");
    const media = { track: "inbound", chunk: String(++this.#chunk), timestamp: String(this.#chunk * 20), payload };
    return this.#tell("media", { media });
  }

  press(digit: string): StreamMessage {
    return this.#tell("dtmf", { occurred_at: "2026-01-05T10:00:00.000000Z", dtmf: { digit } });
  }

  hangUp(): StreamMessage {
    return this.#tell("stop", { stop: { call_control_id: this.#callControlId } });
  }

  hear(message: StreamMessage): void {
    const json = readJson(String(message));
    switch (textAt(json, "event")) {
      case "media":
        return this.#playback.add(decodeMuLaw(Buffer.from(textAt(json, "media", "payload") ?? "", "base64")));
      case "mark":
        return this.#playback.mark(textAt(json, "mark", "name") ?? "");
      case "clear":
        for (const name of this.#playback.clear()) this.#answers.push(this.#tell("mark", { mark: { name } }));
        return;
      default:
        throw new Error(`100002: unknown frame ${String(message)}`);
    }
  }

  tick(): StreamMessage[] {
    const marks = this.#playback.tick().map((name) => this.#tell("mark", { mark: { name } }));
    return [...this.#answers.splice(0), ...marks];
  }

  #tell(event: string, more: object): string {
    return JSON.stringify({ event, sequence_number: String(++this.#sequence), ...more, stream_id: STREAM_ID });
  }
}
