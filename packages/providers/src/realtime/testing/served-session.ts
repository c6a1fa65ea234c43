import type { Samples } from "@earshot/engine";
import type { WebSocket } from "ws";
import { EnergyVad } from "./energy-vad.ts";
import type { AnswerRequest, ServedAnswer } from "./served-answer.ts";
import { Refusal, readAudio, readItem, readSettings, type ServedItem, type ServedSettings } from "./served-settings.ts";

const CHUNK_MS = 200;

export type Surroundings = {
  readonly manners: "openai" | "openai-beta" | "xai";
  readonly isDeaf: boolean;
  readonly isMute: boolean;
  readonly hear: () => string;
  readonly answer: (request: Omit<AnswerRequest, "index">) => ServedAnswer;
  readonly speak: (text: string, rateHz: number) => Samples;
};

type Fields = Readonly<Record<string, unknown>>;
type Running = {
  readonly id: string;
  readonly metadata: unknown;
  readonly answer: ServedAnswer;
  readonly output: ServedItem[];
  finish: () => void;
};

const BETA_NAMES: Readonly<Record<string, string>> = {
  "response.output_audio.delta": "response.audio.delta",
  "response.output_audio.done": "response.audio.done",
  "response.output_audio_transcript.delta": "response.audio_transcript.delta",
  "response.output_audio_transcript.done": "response.audio_transcript.done",
};

/** One client of the server. */
export class ServedSession {
  readonly model: string;
  /** All that the client sent but its audio, in order. */
  readonly received: Fields[] = [];
  /** Bytes of audio that came. */
  audioBytes = 0;
  /** The conversation as the model knows it. */
  readonly items: ServedItem[] = [];
  readonly #socket: WebSocket;
  readonly #server: Surroundings;
  #settings: ServedSettings | undefined;
  #vad: EnergyVad | undefined;
  #speechItemId = "";
  #running: Running | undefined;
  #hasSpoken = false;
  #ids = 0;
  #watchers: (() => void)[] = [];

  constructor({ socket, model, server }: { socket: WebSocket; model: string; server: Surroundings }) {
    this.model = model;
    this.#socket = socket;
    this.#server = server;
    socket.on("message", (data) => this.#receive(String(data)));
    this.send({ type: "session.created", session: { id: this.#id("sess"), model, object: "realtime.session" } });
    if (server.manners === "xai") this.send({ type: "ping", timestamp: 1 });
  }

  get settings(): ServedSettings | undefined {
    return this.#settings;
  }

  send(event: Fields & { readonly type: string }): void {
    const type = this.#server.manners === "openai-beta" ? (BETA_NAMES[event.type] ?? event.type) : event.type;
    this.sendRaw(JSON.stringify({ event_id: this.#id("event"), ...event, type }));
  }

  sendRaw(data: string | Buffer): void {
    this.#socket.send(data);
  }

  /** The connection breaks. */
  drop(): void {
    this.#socket.terminate();
  }

  hangUp(code: number, reason: string): void {
    this.#socket.close(code, reason);
  }

  /** Resolves once what was received satisfies the test. */
  until(test: (session: this) => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (!test(this)) return;
        this.#watchers = this.#watchers.filter((other) => other !== look);
        resolve();
      };
      this.#watchers.push(look);
      look();
    });
  }

  /** The first event of that type that came, as soon as there is one. */
  async next(type: string): Promise<Fields> {
    const find = () => this.received.find((event) => event["type"] === type);
    await this.until(() => find() !== undefined);
    return find() ?? {};
  }

  /** Resolves when the client has read all that was sent so far, and what it answered at once is here. */
  async roundTrip(): Promise<void> {
    for (let times = 0; times < 2; times++) {
      const answered = new Promise((resolve) => this.#socket.once("pong", resolve));
      this.#socket.ping();
      await answered;
    }
  }

  /** Lets a held reply go on to its end. */
  release(): void {
    this.#running?.finish();
  }

  #id(kind: string): string {
    return `${kind}_${Math.random().toString(36).slice(2, 8)}${++this.#ids}`;
  }

  #receive(text: string): void {
    let event: Fields = {};
    try {
      event = JSON.parse(text) as Fields;
      if (event["type"] === "input_audio_buffer.append") this.#listen(event);
      else this.#obey(event);
    } catch (error) {
      const refusal = error instanceof Refusal ? error : new Refusal("invalid_json", String(error));
      this.#refuse(refusal, event["event_id"]);
    }
    if (event["type"] !== "input_audio_buffer.append") this.received.push(event);
    for (const look of [...this.#watchers]) look();
  }

  #refuse({ code, message }: Refusal, eventId: unknown): void {
    const event_id = this.#server.manners === "xai" ? null : (eventId ?? null);
    this.send({ type: "error", error: { type: "invalid_request_error", code, message, param: null, event_id } });
  }

  #obey(event: Fields): void {
    switch (event["type"]) {
      case "session.update":
        return this.#update(event["session"]);
      case "conversation.item.create":
        return this.#create(event["item"]);
      case "conversation.item.delete":
        return this.#remove(this.#getItem(event["item_id"]));
      case "conversation.item.truncate":
        return this.#truncate(this.#getItem(event["item_id"]), Number(event["audio_end_ms"]));
      case "response.create":
        return this.#respond(toFields(event["response"]), undefined);
      case "response.cancel":
        if (!this.#running)
          throw new Refusal("response_cancel_not_active", "Cancellation failed: no active response found");
        return this.#finish("cancelled", "client_cancelled");
      default:
        throw new Refusal("invalid_value", `Invalid value: '${String(event["type"])}'.`);
    }
  }

  #update(session: unknown): void {
    if (this.#server.isDeaf) return;
    const settings = readSettings(session, this.#server.manners, this.#settings);
    if (this.#hasSpoken && settings.voice !== this.#settings?.voice && this.#server.manners !== "xai") {
      throw new Refusal("cannot_update_voice", "Cannot update a conversation's voice if assistant audio is present.");
    }
    this.#settings = settings;
    this.#vad ??= new EnergyVad(settings);
    this.send({ type: "session.updated", session: toFields(session) });
  }

  #listen(event: Fields): void {
    const { bytes, samples } = readAudio(event);
    this.audioBytes += bytes;
    for (const { type, atMs } of this.#vad?.push(samples) ?? []) {
      const times =
        this.#server.manners === "xai" ? {} : { [type === "started" ? "audio_start_ms" : "audio_end_ms"]: atMs };
      if (type === "started") this.#speechItemId = this.#id("item");
      const item_id = this.#speechItemId;
      this.send({ type: `input_audio_buffer.speech_${type}`, item_id, ...times });
      if (type === "stopped") this.#heard(item_id);
    }
  }

  #heard(itemId: string): void {
    const text = this.#server.hear();
    this.send({
      type: "input_audio_buffer.committed",
      item_id: itemId,
      previous_item_id: this.items.at(-1)?.id ?? null,
    });
    this.#add({ id: itemId, type: "message", role: "user", text });
    if (this.#running) {
      const message = `Conversation already has an active response in progress: ${this.#running.id}.`;
      this.#refuse(new Refusal("conversation_already_has_active_response", message), null);
    } else this.#respond({}, text);
    const type = "conversation.item.input_audio_transcription.completed";
    if (this.#server.manners === "xai")
      this.send({ type, item_id: itemId, content_index: 0, status: "in_progress", transcript: text.slice(0, 3) });
    this.send({ type, item_id: itemId, content_index: 0, transcript: `${text}\n` });
  }

  #create(given: unknown): void {
    const item = readItem(given, this.#id("item"), this.items);
    if (item.type !== "force_message") return this.#add(item);
    if (this.#server.manners !== "xai") throw new Refusal("invalid_value", "Invalid value: 'force_message'.");
    this.#run({ text: item.text }, null);
  }

  #add(item: ServedItem): void {
    this.items.push(item);
    this.send({ type: "conversation.item.added", item: { id: item.id, type: item.type } });
  }

  #getItem(id: unknown): ServedItem {
    const item = this.items.find((known) => known.id === id);
    if (!item) throw new Refusal("item_not_found", `Item with item_id not found: ${String(id)}`);
    return item;
  }

  #remove(item: ServedItem): void {
    this.items.splice(this.items.indexOf(item), 1);
    this.send({ type: "conversation.item.deleted", item_id: item.id });
  }

  #truncate(item: ServedItem, endMs: number): void {
    if (item.audioMs === undefined)
      throw new Refusal("unsupported_content_type", "Only model output audio messages can be truncated");
    if (!Number.isInteger(endMs) || endMs > item.audioMs)
      throw new Refusal("invalid_value", `Audio content of ${item.audioMs}ms is already shorter than ${endMs}ms`);
    item.text = item.text.slice(0, Math.floor((item.text.length * endMs) / item.audioMs));
    item.audioMs = endMs;
    this.send({ type: "conversation.item.truncated", item_id: item.id, content_index: 0, audio_end_ms: endMs });
  }

  #respond(wanted: Fields, heard: string | undefined): void {
    if (this.#server.isMute) return;
    const settings = this.#settings;
    if (!settings) throw new Refusal("invalid_request", "There is no session yet.");
    if (this.#running) {
      const message = `Conversation already has an active response in progress: ${this.#running.id}.`;
      throw new Refusal("conversation_already_has_active_response", message);
    }
    const said = /nothing before or after them:\n\n([\s\S]+)$/.exec(String(wanted["instructions"] ?? ""))?.[1];
    if (said !== undefined && wanted["tool_choice"] !== "none")
      throw new Refusal("invalid_value", "Words to say came with tools.");
    const answer =
      said === undefined
        ? this.#server.answer({ instructions: settings.instructions, conversation: this.#conversation(), heard })
        : { text: said };
    this.#run(answer, this.#server.manners === "xai" ? null : (wanted["metadata"] ?? null));
  }

  #conversation(): string[] {
    return this.items.map(({ type, role, text }) => `${role === "user" ? "caller" : (role ?? type)}: ${text}`);
  }

  #run(answer: ServedAnswer, metadata: unknown): void {
    const running: Running = { id: this.#id("resp"), metadata, answer, output: [], finish: () => {} };
    this.#running = running;
    this.send({ type: "response.created", response: this.#toResponse("in_progress", undefined) });
    if (answer.status === "failed") return this.#finish("failed", answer.reason);
    const rest = answer.text === undefined ? () => {} : this.#say(running, answer.text, answer.isHeld === true);
    running.finish = () => {
      rest();
      for (const call of answer.calls ?? []) this.#call(running, call);
      this.#finish(answer.status ?? "completed", answer.reason);
    };
    if (answer.isHeld !== true) running.finish();
  }

  /** Says it, or its first part; what is returned says the rest. */
  #say({ id, output }: Running, text: string, isHeld: boolean): () => void {
    const rateHz = this.#settings?.rateHz ?? 24_000;
    const item: ServedItem = { id: this.#id("item"), type: "message", role: "assistant", text: "", audioMs: 0 };
    const place = { response_id: id, item_id: item.id, output_index: 0, content_index: 0 };
    output.push(item);
    this.send({ type: "response.output_item.added", ...place, item: toWire(item) });
    this.#add(item);
    const audio = this.#server.speak(text, rateHz);
    const chunk = (rateHz * CHUNK_MS) / 1000;
    const send = (from: number, to: number) => {
      const start = Math.floor((text.length * from) / audio.length);
      const delta = text.slice(start, Math.floor((text.length * to) / audio.length));
      item.text += delta;
      if (delta !== "") this.send({ type: "response.output_audio_transcript.delta", ...place, delta });
      const bytes = Buffer.from(audio.buffer, audio.byteOffset + 2 * from, 2 * (to - from));
      this.#hasSpoken = true;
      item.audioMs = Math.floor((to * 1000) / rateHz);
      this.send({ type: "response.output_audio.delta", ...place, delta: bytes.toString("base64") });
    };
    let at = 0;
    const sendTo = (end: number) => {
      for (; at < end; at = Math.min(end, at + chunk)) send(at, Math.min(end, at + chunk));
    };
    if (isHeld) sendTo(Math.min(audio.length, 5 * chunk));
    return () => {
      sendTo(audio.length);
      this.send({ type: "response.output_audio.done", ...place });
      this.send({ type: "response.output_audio_transcript.done", ...place, transcript: text });
      this.send({ type: "response.output_item.done", ...place, item: toWire(item) });
    };
  }

  #call({ id, output }: Running, call: { name: string; arguments: string }): void {
    const call_id = this.#id("call");
    const item: ServedItem = { id: this.#id("item"), type: "function_call", text: call.name, callId: call_id };
    const place = { response_id: id, item_id: item.id, output_index: output.length };
    output.push(item);
    const wire = { id: item.id, type: "function_call", call_id, name: call.name, arguments: call.arguments };
    this.send({ type: "response.output_item.added", ...place, item: { ...wire, arguments: "" } });
    this.#add(item);
    const isXai = this.#server.manners === "xai";
    const name = this.#server.manners === "openai-beta" ? {} : { name: call.name };
    this.send({
      type: "response.function_call_arguments.done",
      ...(isXai ? {} : place),
      call_id,
      ...name,
      arguments: call.arguments,
    });
    this.send({ type: "response.output_item.done", ...place, item: wire });
  }

  #finish(status: "completed" | "cancelled" | "failed" | "incomplete", reason: string | undefined): void {
    const response = this.#toResponse(status, reason);
    this.#running = undefined;
    this.send({ type: "response.done", response });
  }

  #toResponse(status: string, reason: string | undefined) {
    const { id, metadata, output } = this.#running ?? { id: "", metadata: null, output: [] };
    const details =
      status === "failed"
        ? { type: status, error: { type: "server_error", code: reason ?? "server_error" } }
        : { type: status, ...(reason === undefined ? {} : { reason }) };
    return { id, object: "realtime.response", status, status_details: details, metadata, output: output.map(toWire) };
  }
}

function toWire(item: ServedItem) {
  return { id: item.id, type: item.type, ...(item.callId === undefined ? {} : { call_id: item.callId }) };
}

function toFields(value: unknown): Fields {
  return typeof value === "object" && value !== null ? (value as Fields) : {};
}
