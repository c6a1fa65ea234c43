/** How an outgoing call reaches its destination. */

import { formatNameAddr, type InviteOptions, type RegisteredTarget } from "@earshot/telephony";
import type { Call } from "../../calls/call.ts";
import type { DialOptions } from "../../calls/dialler.ts";
import type { PhoneNumber } from "../../phone-numbers/phone-number.ts";
import { fillHeaders } from "./fill-headers.ts";
import { credentialsOf, type LiveTrunk, proxiesOf, targetOf, toUser } from "./live-trunk.ts";
import type { TrunkDesk } from "./trunk-desk.ts";

export type Way = Pick<InviteOptions, "target" | "from" | "credentials" | "via" | "outboundProxies"> & {
  readonly headers: Readonly<Record<string, string>>;
  readonly trunk?: LiveTrunk;
  /** The number whose softphone is rung. */
  readonly softphone?: string;
};

export type Caller = Pick<PhoneNumber, "phoneNumber">;
export type Origin = Caller & Pick<PhoneNumber, "workspaceId" | "sipTrunkId">;
type Dialled = Pick<Call, "toNumber" | "fromNumber" | "variables">;

export type FindWaysDeps = {
  readonly trunks: Pick<TrunkDesk, "withBackups">;
  readonly findSoftphones: (phoneNumber: string) => Promise<readonly RegisteredTarget[]>;
  /** For numbers without a trunk of their own, in order. */
  readonly findTrunkIds: (workspaceId: string) => Promise<readonly string[]>;
};

/**
 * To the softphone registered as the number, or else through the trunks of the one that calls: in their order, those
 * that are down last. Empty without both.
 */
export async function findWays(
  deps: FindWaysDeps,
  call: Dialled,
  from: Origin,
  options: DialOptions = {},
): Promise<Way[]> {
  const { toNumber } = call;
  if (toNumber === undefined) return [];
  const [softphone] = await deps.findSoftphones(toNumber);
  if (softphone) return [toSoftphone(softphone, call, from, options)];
  const ids = from.sipTrunkId === undefined ? await deps.findTrunkIds(from.workspaceId) : [from.sipTrunkId];
  const trunks = deps.trunks.withBackups(from.workspaceId, ids);
  return [...trunks.filter(({ isUp }) => isUp), ...trunks.filter(({ isUp }) => !isUp)].map((trunk) =>
    throughTrunk(trunk, call, from, options),
  );
}

function toSoftphone(softphone: RegisteredTarget, call: Dialled, from: Caller, options: DialOptions): Way {
  const { uri, via, outboundProxies } = softphone;
  return {
    ...(call.toNumber === undefined ? {} : { softphone: call.toNumber }),
    target: uri,
    via: [via],
    outboundProxies,
    from: `sip:${call.fromNumber ?? from.phoneNumber}@${via.address.includes(":") ? `[${via.address}]` : via.address}`,
    headers: fillHeaders(options.headers ?? {}, call.variables),
  };
}

/** @param caller whose number is shown where the call itself names none */
export function throughTrunk(trunk: LiveTrunk, call: Dialled, caller: Caller, options: DialOptions): Way {
  const { settings } = trunk;
  const { fromUser, assertedIdentity, username, domain, host } = settings;
  const shown = asTrunkWrites(settings, call.fromNumber ?? caller.phoneNumber);
  const user = fromUser === "username" && username !== undefined ? toUser(username) : shown;
  const identity = formatNameAddr({ uri: `sip:${shown}@${domain ?? host}`, params: new Map() });
  return {
    trunk,
    target: targetOf(settings, asTrunkWrites(settings, call.toNumber ?? "")),
    from: `sip:${user}@${domain ?? host}`,
    credentials: credentialsOf(settings),
    outboundProxies: proxiesOf(settings),
    headers: {
      ...(assertedIdentity === "none" ? {} : { [assertedIdentity]: identity }),
      ...fillHeaders({ ...settings.headers, ...options.headers }, call.variables),
    },
  };
}

/** A number in E.164, as the trunk wants it. */
export function asTrunkWrites({ hasLeadingPlus }: LiveTrunk["settings"], phoneNumber: string): string {
  return hasLeadingPlus ? phoneNumber : phoneNumber.replace(/^\+/, "");
}
