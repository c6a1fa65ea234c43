import type { MediaStatistics } from "@earshot/telephony";
import type { LineQuality } from "../../calls/call.ts";

/** What of a line's statistics is kept with the call. */
export function toLineQuality({ codec, received, roundTripMs, quality }: MediaStatistics): LineQuality {
  return {
    codec,
    ...(quality === undefined ? {} : { mos: quality.mos }),
    lostPackets: received.lost,
    jitterMs: Math.round(received.jitterMs * 10) / 10,
    ...(roundTripMs === undefined ? {} : { roundTripMs: Math.round(roundTripMs) }),
  };
}
