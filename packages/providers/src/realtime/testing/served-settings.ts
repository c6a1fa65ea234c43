/** What the server takes, checked as the vendors check it. */
import type { Samples } from "@earshot/engine";

export type ServedSettings = {
  readonly instructions: string;
  readonly voice: string;
  readonly tools: readonly string[];
  readonly rateHz: number;
  readonly threshold: number;
  readonly silenceMs: number;
  readonly paddingMs: number;
};

export type ServedItem = {
  readonly id: string;
  readonly type: string;
  readonly role?: string;
  text: string;
  readonly callId?: string;
  /** Of speech of the model. */
  audioMs?: number;
};

/** Sent back as an `error` event. */
export class Refusal extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

type Fields = Readonly<Record<string, unknown>>;
type Manners = "openai" | "openai-beta" | "xai";

const SESSION_FIELDS: Readonly<Record<Manners, readonly string[]>> = {
  openai: ["type", "output_modalities", "instructions", "tools", "tool_choice", "max_output_tokens", "audio"],
  "openai-beta": ["type", "output_modalities", "instructions", "tools", "tool_choice", "max_output_tokens", "audio"],
  xai: ["instructions", "tools", "voice", "turn_detection", "audio"],
};

export function readSettings(given: unknown, manners: Manners, before: ServedSettings | undefined): ServedSettings {
  const session = fields(given, "session");
  for (const name of Object.keys(session))
    if (!SESSION_FIELDS[manners].includes(name)) refuse("unknown_parameter", `Unknown parameter: 'session.${name}'.`);
  if (manners !== "xai" && session["type"] !== "realtime")
    refuse("missing_required_parameter", "Missing required parameter: 'session.type'.");
  const audio = fields(session["audio"], "session.audio");
  const input = fields(audio["input"], "session.audio.input");
  const output = fields(audio["output"], "session.audio.output");
  const rateHz = readRate(input, manners);
  if (readRate(output, manners) !== rateHz) refuse("invalid_value", "Two rates.");
  const speed = output["speed"];
  if (speed !== undefined && (typeof speed !== "number" || speed < 0.25 || speed > 1.5))
    refuse("invalid_value", "Invalid 'session.audio.output.speed'.");
  const detection = fields(manners === "xai" ? session["turn_detection"] : input["turn_detection"], "turn_detection");
  if (detection["type"] !== "server_vad") refuse("invalid_value", "Invalid 'turn_detection.type'.");
  if (detection["create_response"] !== true || detection["interrupt_response"] !== false)
    refuse("invalid_value", "The floor is not the server's.");
  const voice = manners === "xai" ? session["voice"] : output["voice"];
  if (voice !== undefined && typeof voice !== "string" && typeof voice !== "object")
    refuse("invalid_value", "Invalid 'voice'.");
  return {
    instructions: String(session["instructions"] ?? before?.instructions ?? ""),
    voice: typeof voice === "string" ? voice : (before?.voice ?? ""),
    tools: readTools(session["tools"]),
    rateHz,
    threshold: number(detection["threshold"], 0.5),
    silenceMs: number(detection["silence_duration_ms"], 500),
    paddingMs: number(detection["prefix_padding_ms"], 300),
  };
}

export function readItem(given: unknown, id: string, known: readonly ServedItem[]): ServedItem {
  const item = fields(given, "item");
  const type = String(item["type"]);
  switch (type) {
    case "message":
    case "force_message":
      return { id, type, role: String(item["role"]), text: readContent(item) };
    case "function_call":
      return { id, type, text: String(item["name"]), callId: String(item["call_id"]) };
    case "function_call_output": {
      const callId = String(item["call_id"]);
      const isKnown = known.some((other) => other.type === "function_call" && other.callId === callId);
      if (!isKnown) refuse("invalid_tool_call_id", `Tool call ID '${callId}' not found in conversation.`);
      if (typeof item["output"] !== "string") refuse("invalid_type", "Invalid type for 'item.output'.");
      return { id, type, text: String(item["output"]), callId };
    }
    default:
      return refuse("invalid_value", `Invalid value: '${type}'.`);
  }
}

/** Also tells the bytes that came. */
export function readAudio(event: Fields): { bytes: number; samples: Samples } {
  const audio = event["audio"];
  if (typeof audio !== "string") return refuse("invalid_type", "Invalid 'audio'.");
  const bytes = Buffer.from(audio, "base64");
  if (bytes.length % 2 === 1) refuse("invalid_value", "Half a sample.");
  const samples = new Int16Array(bytes.length / 2);
  for (let i = 0; i < samples.length; i++) samples[i] = bytes.readInt16LE(2 * i);
  return { bytes: bytes.length, samples };
}

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  user: "input_text",
  system: "input_text",
  assistant: "output_text",
};

function readContent(item: Fields): string {
  const content = item["content"];
  const [part] = Array.isArray(content) ? content : [];
  const { type, text } = fields(part, "item.content[0]");
  const wanted = CONTENT_TYPES[String(item["role"])];
  if (wanted === undefined) refuse("invalid_value", `Invalid 'item.role'.`);
  if (type !== wanted) refuse("invalid_value", `Invalid value: '${String(type)}'. Supported values are: '${wanted}'.`);
  if (typeof text !== "string") return refuse("invalid_type", "Invalid type for 'item.content[0].text'.");
  return text;
}

function readTools(given: unknown): string[] {
  if (given === undefined) return [];
  if (!Array.isArray(given)) return refuse("invalid_type", "Invalid type for 'session.tools'.");
  return given.map((tool: unknown) => {
    const { type, name, parameters } = fields(tool, "session.tools[0]");
    if (type !== "function" || typeof name !== "string" || typeof parameters !== "object")
      return refuse("invalid_value", "Invalid 'session.tools'.");
    return name;
  });
}

function readRate(side: Fields, manners: Manners): number {
  const { type, rate } = fields(side["format"], "format");
  if (type !== "audio/pcm") refuse("invalid_value", "Invalid 'format.type'.");
  if (manners !== "xai" && rate !== 24_000) refuse("invalid_value", "Invalid 'format.rate'.");
  return number(rate, 24_000);
}

function number(value: unknown, byDefault: number): number {
  return typeof value === "number" ? value : byDefault;
}

function fields(value: unknown, name: string): Fields {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Fields;
  return refuse("invalid_type", `Invalid type for '${name}': expected an object.`);
}

function refuse(code: string, message: string): never {
  throw new Refusal(code, message);
}
