/** HMS shows UUIDs; they are our own ids in another spelling, so that nothing has to be looked up. */
import { fromUuid, toUuid } from "../../new-id.ts";

/** How ids of ours begin, by noun. */
export const PREFIXES = {
  agent: "agt",
  number: "num",
  sipTrunk: "trk",
  workflow: "wfl",
  mcpServer: "mcp",
  workspace: "ws",
} as const;

/** As HMS shows it; what isn't an id of ours is shown as it is. */
export function toVendorId(id: string): string {
  return toUuid(id) ?? id;
}

/** Ours, of whatever a client sent: a UUID, our own spelling, or something that will not be found. */
export function fromVendorId(prefix: string, id: string): string {
  return fromUuid(prefix, id) ?? id;
}

export function toVendorIdOrNull(id: string | undefined): string | null {
  return id === undefined ? null : toVendorId(id);
}
