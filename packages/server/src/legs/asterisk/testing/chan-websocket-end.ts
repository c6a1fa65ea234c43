/** Asterisk's end of a media WebSocket. Messages as in https://docs.asterisk.org/Configuration/Channel-Drivers/WebSocket/ */

import type { Samples } from "@earshot/engine";
import { readJson, textAt } from "../../stream/read-json.ts";
import type { StreamMessage } from "../../stream/stream-codec.ts";
import type { CarrierEnd } from "../../stream/testing/carrier-end.ts";
import { FarPlayback } from "../../stream/testing/far-playback.ts";

const CHANNEL_ID = "pbx1-123456789.999";
const COMMANDS = new Set(["FLUSH_MEDIA", "MARK_MEDIA", "HANGUP", "ANSWER"]);

/** In JSON, as from 20.18, 22.8 and 23.2 on; or in plain text, and without marks, as before. */
export class ChanWebSocketEnd implements CarrierEnd {
  readonly digits = "";
  hasHungUp = false;
  readonly #isJson: boolean;
  readonly #playback = new FarPlayback();

  constructor({ isJson = true }: { isJson?: boolean } = {}) {
    this.#isJson = isJson;
  }

  get played(): readonly Samples[] {
    return this.#playback.played;
  }

  greet(): StreamMessage[] {
    const fields = {
      connection_id: "e226e283-c90a-4ea9-9e37-389000b9ef47",
      channel: "WebSocket/connectionid",
      channel_id: CHANNEL_ID,
      format: "slin16",
      optimal_frame_size: 640,
      ptime: 20,
    };
    return [this.#tell("MEDIA_START", fields)];
  }

  say(frame: Samples): StreamMessage {
    return new Uint8Array(frame.slice().buffer);
  }

  press(digit: string): StreamMessage {
    return this.#tell("DTMF_END", this.#isJson ? { channel_id: CHANNEL_ID, digit } : { digit });
  }

  hangUp(): undefined {}

  hear(message: StreamMessage): void {
    if (typeof message !== "string") {
      if (message.length % 640 !== 0) throw new Error(`${message.length} bytes are no whole frames: the rest is lost`);
      return this.#playback.add(new Int16Array(message.slice().buffer));
    }
    const [command, id] = this.#read(message);
    if (!COMMANDS.has(command)) throw new Error(`unknown command in ${message}`);
    if (command === "FLUSH_MEDIA") this.#playback.clear();
    if (command === "HANGUP") this.hasHungUp = true;
    if (command === "MARK_MEDIA" && this.#isJson) this.#playback.mark(id);
  }

  tick(): StreamMessage[] {
    return this.#playback
      .tick()
      .map((id) => this.#tell("MEDIA_MARK_PROCESSED", { channel_id: CHANNEL_ID, correlation_id: id }));
  }

  #read(message: string): [command: string, id: string] {
    if (!this.#isJson) {
      const [command = "", id = ""] = message.split(" ");
      return [command, id];
    }
    const json = readJson(message);
    return [textAt(json, "command") ?? "", textAt(json, "correlation_id") ?? ""];
  }

  #tell(event: string, fields: object): string {
    if (this.#isJson) return JSON.stringify({ event, ...fields }, null, 2);
    return [event, ...Object.entries(fields).map(([name, value]) => `${name}:${value}`)].join(" ");
  }
}
