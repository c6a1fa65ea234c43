/** Vonage's end of a WebSocket. Messages as in https://developer.vonage.com/en/voice/voice-api/guides/websockets */

import type { Samples } from "@earshot/engine";
import { readJson, textAt, toRecord } from "../../stream/read-json.ts";
import type { StreamMessage } from "../../stream/stream-codec.ts";
import type { CarrierEnd } from "../../stream/testing/carrier-end.ts";
import { FarPlayback } from "../../stream/testing/far-playback.ts";

const MESSAGE_BYTES = 640;

export class VonageEnd implements CarrierEnd {
  readonly digits = "";
  readonly #playback = new FarPlayback();
  readonly #answers: string[] = [];

  get played(): readonly Samples[] {
    return this.#playback.played;
  }

  greet(): StreamMessage[] {
    return [JSON.stringify({ event: "websocket:connected", "content-type": "audio/l16;rate=16000" })];
  }

  say(frame: Samples): StreamMessage {
    return new Uint8Array(frame.slice().buffer);
  }

  press(digit: string): StreamMessage {
    return JSON.stringify({ event: "websocket:dtmf", digit, duration: 260 });
  }

  hangUp(): undefined {}

  hear(message: StreamMessage): void {
    if (typeof message !== "string") {
      if (message.length !== MESSAGE_BYTES) throw new Error(`${message.length} bytes are not 20 ms`);
      return this.#playback.add(new Int16Array(message.slice().buffer));
    }
    const json = readJson(message);
    switch (textAt(json, "action")) {
      case "notify":
        return this.#playback.mark(JSON.stringify(toRecord(json?.["payload"])));
      case "clear":
        this.#playback.clear();
        this.#answers.push(JSON.stringify({ event: "websocket:cleared" }));
        return;
      default:
        throw new Error(`unknown action in ${message}`);
    }
  }

  tick(): StreamMessage[] {
    const marks = this.#playback
      .tick()
      .map((payload) => JSON.stringify({ event: "websocket:notify", payload: JSON.parse(payload) }));
    return [...this.#answers.splice(0), ...marks];
  }
}
