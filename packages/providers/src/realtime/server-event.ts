/** What a realtime server says, in our words. OpenAI's names, the older ones of its beta, and xAI's mean the same. */

export type ServerEvent =
  | { readonly type: "session-created" }
  | { readonly type: "session-updated" }
  /** `startMs`: of the audio sent on this connection; absent where the vendor does not say. */
  | { readonly type: "speech-started"; readonly itemId: string; readonly startMs?: number }
  | { readonly type: "speech-stopped"; readonly itemId: string; readonly endMs?: number }
  /** Nobody spoke for as long as was agreed: the model speaks up. */
  | { readonly type: "idle"; readonly itemId: string }
  | { readonly type: "transcribed"; readonly itemId: string; readonly text: string }
  | { readonly type: "response-created"; readonly responseId: string; readonly ask: string | undefined }
  | ({ readonly type: "item-added" | "item-done" } & InResponse & { readonly item: OutputItem })
  | ({ readonly type: "text"; readonly text: string } & InResponse)
  | ({ readonly type: "audio"; readonly bytes: Buffer } & InResponse)
  | ({ readonly type: "call-complete"; readonly call: PartialCall } & InResponse)
  | {
      readonly type: "response-done";
      readonly responseId: string;
      readonly ask: string | undefined;
      readonly status: ResponseStatus;
      readonly reason: string | undefined;
      readonly error: ServerError | undefined;
      readonly items: readonly OutputItem[];
    }
  | { readonly type: "error"; readonly error: ServerError; readonly eventId: string | undefined }
  | { readonly type: "other" };

/** Absent ids belong to the response that is under way. */
type InResponse = { readonly responseId: string | undefined; readonly itemId: string | undefined };
export type PartialCall = {
  readonly callId: string | undefined;
  readonly name: string | undefined;
  readonly arguments: string;
};
export type OutputItem =
  | { readonly kind: "message"; readonly itemId: string }
  | { readonly kind: "call"; readonly itemId: string; readonly call: PartialCall }
  | { readonly kind: "other"; readonly itemId: string };
export type ServerError = { readonly type: string; readonly code: string; readonly message: string };
export type ResponseStatus = "completed" | "cancelled" | "failed" | "incomplete";

/** A message that is no event: not JSON, no object, or without what its type needs. */
export class BadServerEvent extends Error {}

const BETA_NAMES: Readonly<Record<string, string>> = {
  "response.audio.delta": "response.output_audio.delta",
  "response.audio_transcript.delta": "response.output_audio_transcript.delta",
  "response.text.delta": "response.output_text.delta",
};

/** Unknown types are `other`: vendors add some now and then. @throws BadServerEvent */
export function parseServerEvent(text: string): ServerEvent {
  const event = toRecord(parseJson(text));
  const type = event && readText(event, "type");
  if (!event || type === undefined) throw new BadServerEvent("a message came that is no event");
  const read = READERS[BETA_NAMES[type] ?? type];
  return read ? read(event) : { type: "other" };
}

type Fields = Readonly<Record<string, unknown>>;

const READERS: Readonly<Record<string, (event: Fields) => ServerEvent>> = {
  "session.created": () => ({ type: "session-created" }),
  "session.updated": () => ({ type: "session-updated" }),
  "input_audio_buffer.speech_started": (event) => ({
    type: "speech-started",
    itemId: readText(event, "item_id") ?? "",
    ...optional("startMs", readNumber(event, "audio_start_ms")),
  }),
  "input_audio_buffer.speech_stopped": (event) => ({
    type: "speech-stopped",
    itemId: readText(event, "item_id") ?? "",
    ...optional("endMs", readNumber(event, "audio_end_ms")),
  }),
  "input_audio_buffer.timeout_triggered": (event) => ({ type: "idle", itemId: readText(event, "item_id") ?? "" }),
  "conversation.item.input_audio_transcription.completed": (event) =>
    // xAI sends what it has so far under the same name.
    readText(event, "status") === "in_progress"
      ? { type: "other" }
      : { type: "transcribed", itemId: need(event, "item_id"), text: readText(event, "transcript")?.trim() ?? "" },
  "conversation.item.input_audio_transcription.failed": (event) => ({
    type: "transcribed",
    itemId: need(event, "item_id"),
    text: "",
  }),
  "response.created": (event) => {
    const response = toRecord(event["response"]) ?? {};
    return { type: "response-created", responseId: need(response, "id"), ask: readAsk(response) };
  },
  "response.output_item.added": (event) => ({
    type: "item-added",
    ...inResponse(event),
    item: readItem(event["item"]),
  }),
  "response.output_item.done": (event) => ({ type: "item-done", ...inResponse(event), item: readItem(event["item"]) }),
  "response.output_audio.delta": (event) => ({
    type: "audio",
    ...inResponse(event),
    bytes: Buffer.from(need(event, "delta"), "base64"),
  }),
  "response.output_audio_transcript.delta": (event) => ({
    type: "text",
    ...inResponse(event),
    text: need(event, "delta"),
  }),
  "response.output_text.delta": (event) => ({ type: "text", ...inResponse(event), text: need(event, "delta") }),
  "response.function_call_arguments.done": (event) => ({
    type: "call-complete",
    ...inResponse(event),
    call: readCall(event),
  }),
  "response.done": (event) => {
    const response = toRecord(event["response"]) ?? {};
    const details = toRecord(response["status_details"]) ?? {};
    const output = response["output"];
    return {
      type: "response-done",
      responseId: need(response, "id"),
      ask: readAsk(response),
      status: toStatus(readText(response, "status")),
      reason: readText(details, "reason"),
      error: details["error"] === undefined ? undefined : readError(details["error"]),
      items: Array.isArray(output) ? output.map(readItem) : [],
    };
  },
  error: (event) => {
    const error = event["error"];
    return { type: "error", error: readError(error), eventId: readText(toRecord(error) ?? {}, "event_id") };
  },
};

function inResponse(event: Fields): InResponse {
  return { responseId: readText(event, "response_id"), itemId: readText(event, "item_id") };
}

function readItem(value: unknown): OutputItem {
  const item = toRecord(value) ?? {};
  const itemId = readText(item, "id") ?? "";
  switch (readText(item, "type")) {
    case "message":
      return { kind: "message", itemId };
    case "function_call":
      return { kind: "call", itemId, call: readCall(item) };
    default:
      return { kind: "other", itemId };
  }
}

function readCall(fields: Fields): PartialCall {
  return {
    callId: readText(fields, "call_id"),
    name: readText(fields, "name"),
    arguments: readText(fields, "arguments") ?? "",
  };
}

function readError(value: unknown): ServerError {
  const error = toRecord(value) ?? {};
  const type = readText(error, "type") ?? "";
  const code = readText(error, "code") ?? "";
  return { type, code, message: readText(error, "message") ?? (code === "" ? type : code) };
}

function readAsk(response: Fields): string | undefined {
  return readText(toRecord(response["metadata"]) ?? {}, "ask");
}

function toStatus(status: string | undefined): ResponseStatus {
  switch (status) {
    case "cancelled":
    case "failed":
    case "incomplete":
      return status;
    default:
      return "completed";
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new BadServerEvent("a message came that is not JSON", { cause });
  }
}

function toRecord(value: unknown): Fields | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
}

function readText(fields: Fields, name: string): string | undefined {
  const value = fields[name];
  return typeof value === "string" && value !== "" ? value : undefined;
}

function readNumber(fields: Fields, name: string): number | undefined {
  const value = fields[name];
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}

function need(fields: Fields, name: string): string {
  const value = fields[name];
  if (typeof value !== "string") throw new BadServerEvent(`an event came without its ${name}`);
  return value;
}

function optional<Name extends string>(name: Name, value: number | undefined) {
  return (value === undefined ? {} : { [name]: value }) as { readonly [Key in Name]?: number };
}
