/** Ids of calls: "call-_<the other side's number>_<ours>", as HMS's rooms are named. The last part alone says which. */
import type { Call } from "../../calls/call.ts";
import { fromVendorId } from "./ids.ts";

const OURS = /_([0-7][0-9a-hjkmnp-tv-z]{25})$/;
const PREFIX = "call";

export function toCallId(call: Pick<Call, "id" | "direction" | "fromNumber" | "toNumber">): string {
  return `call-_${customerOf(call) ?? "web"}_${call.id.slice(call.id.indexOf("_") + 1)}`;
}

/** Of HMS's spelling, a UUID or ours. */
export function fromCallId(id: string): string {
  const ours = OURS.exec(id)?.[1];
  return ours === undefined ? fromVendorId(PREFIX, id) : `${PREFIX}_${ours}`;
}

/** The number of whoever isn't the agent. */
export function customerOf({ direction, fromNumber, toNumber }: Pick<Call, "direction" | "fromNumber" | "toNumber">) {
  return direction === "inbound" ? fromNumber : toNumber;
}

/** Our own number in the call. */
export function ownNumberOf({ direction, fromNumber, toNumber }: Pick<Call, "direction" | "fromNumber" | "toNumber">) {
  return direction === "inbound" ? toNumber : fromNumber;
}
