/** Twilio's end of a media stream. Messages as in https://www.twilio.com/docs/voice/media-streams/websocket-messages */

import { decodeMuLaw, encodeMuLaw, Resampler, type Samples } from "@earshot/engine";
import { readJson, textAt } from "../../stream/read-json.ts";
import type { StreamMessage } from "../../stream/stream-codec.ts";
import type { CarrierEnd } from "../../stream/testing/carrier-end.ts";
import { FarPlayback } from "../../stream/testing/far-playback.ts";

const ACCOUNT_SID = "AC00000000000000000000000000000001";

export class TwilioEnd implements CarrierEnd {
  readonly digits = "";
  readonly #playback = new FarPlayback();
  readonly #down = new Resampler(16_000, 8000);
  readonly #streamSid = "MZ00000000000000000000000000000001";
  readonly #callSid: string;
  #sequence = 0;
  #chunk = 0;
  readonly #answers: string[] = [];

  constructor(callSid = "CA00000000000000000000000000000001") {
    this.#callSid = callSid;
  }

  get played(): readonly Samples[] {
    return this.#playback.played;
  }

  greet(): StreamMessage[] {
    const start = {
      accountSid: ACCOUNT_SID,
      streamSid: this.#streamSid,
      callSid: this.#callSid,
      tracks: ["inbound"],
      mediaFormat: { encoding: "audio/x-mulaw", sampleRate: 8000, channels: 1 },
      customParameters: {},
    };
    return [JSON.stringify({ event: "connected", protocol: "Call", version: "1.0.0" }), this.#tell("start", { start })];
  }

  say(frame: Samples): StreamMessage {
    const payload = Buffer.from(encodeMuLaw(this.#down.push(frame))).toString("base64");
    const media = { track: "inbound", chunk: String(++this.#chunk), timestamp: String(this.#chunk * 20), payload };
    return this.#tell("media", { media });
  }

  press(digit: string): StreamMessage {
    return this.#tell("dtmf", { dtmf: { track: "inbound_track", digit } });
  }

  hangUp(): StreamMessage {
    return this.#tell("stop", { stop: { accountSid: ACCOUNT_SID, callSid: this.#callSid } });
  }

  hear(message: StreamMessage): void {
    const json = readJson(String(message));
    if (textAt(json, "streamSid") !== this.#streamSid) throw new Error(`31951: no such stream in ${String(message)}`);
    switch (textAt(json, "event")) {
      case "media":
        return this.#playback.add(decodeMuLaw(Buffer.from(textAt(json, "media", "payload") ?? "", "base64")));
      case "mark":
        return this.#playback.mark(textAt(json, "mark", "name") ?? "");
      case "clear":
        for (const name of this.#playback.clear()) this.#answers.push(this.#tell("mark", { mark: { name } }));
        return;
      default:
        throw new Error(`31951: unknown event in ${String(message)}`);
    }
  }

  tick(): StreamMessage[] {
    const marks = this.#playback.tick().map((name) => this.#tell("mark", { mark: { name } }));
    return [...this.#answers.splice(0), ...marks];
  }

  #tell(event: string, more: object): string {
    return JSON.stringify({ event, sequenceNumber: String(++this.#sequence), ...more, streamSid: this.#streamSid });
  }
}
