/** Text/event-stream as in the HTML standard, section 9.2.6, fed in pieces. */
export type ServerSentEvent = {
  /** "message" where the server names none. */
  readonly type: string;
  readonly data: string;
  /** The last id the stream gave, this event's or an earlier one's. */
  readonly id: string;
};

/** A line or an event that grows beyond this is a broken stream. */
const MAX_CHARACTERS = 8_000_000;

export class ServerSentEvents {
  readonly #decoder = new TextDecoder();
  #rest = "";
  #type = "";
  #data: string[] = [];
  #size = 0;
  #id = "";

  /** Takes the next bytes and returns the events they complete. @throws RangeError for an event without end */
  push(bytes: Uint8Array): ServerSentEvent[] {
    const text = this.#rest + this.#decoder.decode(bytes, { stream: true });
    const ending = text.endsWith("\r") ? 1 : 0;
    const lines = text.slice(0, text.length - ending).split(/\r\n|\n|\r/);
    this.#rest = (lines.pop() ?? "") + text.slice(text.length - ending);
    const events = lines.flatMap((line) => this.#line(line) ?? []);
    if (this.#rest.length + this.#size > MAX_CHARACTERS) throw new RangeError("An event of the stream is too long.");
    return events;
  }

  #line(line: string): ServerSentEvent | undefined {
    if (line === "") return this.#dispatch();
    const colon = line.indexOf(":");
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (field === "event") this.#type = value;
    if (field === "id" && !value.includes("\0")) this.#id = value;
    if (field === "data") {
      this.#data.push(value);
      this.#size += value.length + 1;
    }
    return undefined;
  }

  #dispatch(): ServerSentEvent | undefined {
    const data = this.#data;
    const type = this.#type || "message";
    this.#data = [];
    this.#type = "";
    this.#size = 0;
    return data.length === 0 ? undefined : { type, data: data.join("\n"), id: this.#id };
  }
}
