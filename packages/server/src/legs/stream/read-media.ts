import { fromBase64 } from "./base64.ts";
import { type JsonRecord, textAt } from "./read-json.ts";
import type { StreamEvent } from "./stream-codec.ts";

/** A message `media` as most carriers write it. Only what the caller says matters: a stream of both tracks has more. */
export function readMedia(json: JsonRecord | undefined): StreamEvent | undefined {
  const payload = textAt(json, "media", "payload");
  if (payload === undefined) return { kind: "garbage", problem: "media without payload" };
  if ((textAt(json, "media", "track") ?? "inbound") !== "inbound") return undefined;
  return { kind: "audio", payload: fromBase64(payload) };
}
