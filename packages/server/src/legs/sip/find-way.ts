/** How an outgoing call reaches its destination. */

import type { Credentials, InviteOptions } from "@earshot/telephony";
import type { Call } from "../../calls/call.ts";
import type { PhoneNumber } from "../../phone-numbers/phone-number.ts";
import type { SipTrunkAccess } from "../../sip-trunks/find-trunk.ts";

export type Way = Pick<InviteOptions, "target" | "from" | "credentials" | "via" | "outboundProxies">;

export type FindWayDeps = {
  readonly findTrunk: (workspaceId: string, trunkId: string) => Promise<SipTrunkAccess | undefined>;
};

/** Through the trunk of the number that calls; undefined when it has none. */
export async function findWay(deps: FindWayDeps, call: Call, from: PhoneNumber): Promise<Way | undefined> {
  if (from.sipTrunkId === undefined || call.toNumber === undefined) return undefined;
  const trunk = await deps.findTrunk(from.workspaceId, from.sipTrunkId);
  if (trunk === undefined) return undefined;
  const { host, port, transport, username, password } = trunk;
  const at = `${host}:${port}${transport === "udp" ? "" : `;transport=${transport}`}`;
  const credentials: Credentials[] = username === undefined ? [] : [{ username, password: password ?? "" }];
  return { target: `sip:${call.toNumber}@${at}`, from: `sip:${from.phoneNumber}@${host}`, credentials };
}
