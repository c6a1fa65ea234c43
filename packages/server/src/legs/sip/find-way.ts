/** How an outgoing call reaches its destination. */

import type { Credentials, InviteOptions, RegisteredTarget } from "@earshot/telephony";
import type { Call } from "../../calls/call.ts";
import type { PhoneNumber } from "../../phone-numbers/phone-number.ts";
import type { FindTrunk } from "../../sip-trunks/find-trunk.ts";

export type Way = Pick<InviteOptions, "target" | "from" | "credentials" | "via" | "outboundProxies">;

export type FindWayDeps = {
  readonly findTrunk: FindTrunk;
  readonly findSoftphones: (phoneNumber: string) => Promise<readonly RegisteredTarget[]>;
};

/** To the softphone registered as the number, or through the trunk of the one that calls; undefined without both. */
export async function findWay(deps: FindWayDeps, call: Call, from: PhoneNumber): Promise<Way | undefined> {
  if (call.toNumber === undefined) return undefined;
  const [softphone] = await deps.findSoftphones(call.toNumber);
  if (softphone) {
    const { uri, via, outboundProxies } = softphone;
    return {
      target: uri,
      via: [via],
      outboundProxies,
      from: `sip:${from.phoneNumber}@${via.address.includes(":") ? `[${via.address}]` : via.address}`,
    };
  }
  if (from.sipTrunkId === undefined) return undefined;
  const trunk = await deps.findTrunk(from.workspaceId, from.sipTrunkId);
  if (trunk === undefined) return undefined;
  const { host, port, transport, username, password } = trunk;
  const at = `${host}:${port}${transport === "udp" ? "" : `;transport=${transport}`}`;
  const credentials: Credentials[] = username === undefined ? [] : [{ username, password: password ?? "" }];
  return { target: `sip:${call.toNumber}@${at}`, from: `sip:${from.phoneNumber}@${host}`, credentials };
}
