import type { JournalEntry } from "../captions/journal-entry.ts";
import type { Media } from "../web-call-events.ts";

/** A text frame from the server. */
export type ServerMessage =
  | {
      readonly type: "open";
      readonly callId: string;
      readonly pace: string;
      /** For later connections to this call. */
      readonly resumeToken?: string;
      /** Present where the server takes the sound over WebRTC. */
      readonly iceServers?: readonly RTCIceServer[];
    }
  | { readonly type: "answer"; readonly sdp: string }
  | { readonly type: "media"; readonly way: Media }
  | { readonly type: "clear" }
  | { readonly type: "duck"; readonly isDucked: boolean }
  | { readonly type: "event"; readonly entry: JournalEntry }
  | { readonly type: "closed"; readonly reason: string }
  | { readonly type: "error"; readonly code: string; readonly message: string };

/** Undefined for what this page doesn't know: a newer server may say more. */
export function parseServerMessage(data: unknown): ServerMessage | undefined {
  const message = parseObject(data);
  switch (message?.["type"]) {
    case "open":
      return toOpen(message);
    case "answer":
      return { type: "answer", sdp: String(message["sdp"]) };
    case "media":
      return { type: "media", way: message["way"] === "webrtc" ? "webrtc" : "websocket" };
    case "clear":
      return { type: "clear" };
    case "duck":
      return { type: "duck", isDucked: message["isDucked"] === true };
    case "event":
      return isEntry(message["entry"]) ? { type: "event", entry: message["entry"] } : undefined;
    case "closed":
      return { type: "closed", reason: String(message["reason"]) };
    case "error":
      return { type: "error", code: String(message["code"]), message: String(message["message"]) };
    default:
      return undefined;
  }
}

function toOpen(message: Readonly<Record<string, unknown>>): ServerMessage {
  const { resumeToken, iceServers } = message;
  return {
    type: "open",
    callId: String(message["callId"]),
    pace: String(message["pace"]),
    ...(typeof resumeToken === "string" ? { resumeToken } : {}),
    ...(Array.isArray(iceServers) ? { iceServers: iceServers as readonly RTCIceServer[] } : {}),
  };
}

function parseObject(data: unknown): Readonly<Record<string, unknown>> | undefined {
  if (typeof data !== "string") return undefined;
  try {
    const value: unknown = JSON.parse(data);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

function isEntry(value: unknown): value is JournalEntry {
  return (
    isObject(value) &&
    typeof value["seq"] === "number" &&
    typeof value["atMs"] === "number" &&
    isObject(value["event"]) &&
    Array.isArray(value["effects"])
  );
}
