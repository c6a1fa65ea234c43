/** Wordcab's prefixes for ids that begin otherwise here. Either spelling is understood. */
import { withPrefix } from "../../new-id.ts";

const OURS = { agent: "agt", wh: "whe" } as const;
type Prefix = keyof typeof OURS;

export function toVendorId(prefix: Prefix, id: string): string {
  return withPrefix(prefix, id);
}

export function fromVendorId(prefix: Prefix, id: string): string {
  return id.startsWith(`${prefix}_`) ? withPrefix(OURS[prefix], id) : id;
}
