import { createHash } from "node:crypto";
import { fromUuid, toUuid } from "../../new-id.ts";

/** Our id as Voicy writes it. Ids that hold no UUID, such as the default workspace's, get one made of their text. */
export function toVoicyId(id: string): string {
  return toUuid(id) ?? nameUuid(id);
}

/** Our id of what a client sent: a UUID, or our own spelling. What is neither finds nothing. */
export function fromVoicyId(prefix: string, sent: string): string {
  return fromUuid(prefix, sent) ?? (sent.startsWith(`${prefix}_`) && toUuid(sent) !== undefined ? sent : "");
}

/** RFC 9562, version 8: the first bits of a SHA-256. */
function nameUuid(name: string): string {
  const bytes = createHash("sha256").update(name).digest().subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
