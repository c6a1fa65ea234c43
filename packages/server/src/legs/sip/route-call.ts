/** Whom a call from outside wants, and whether it may. */

import { isIP } from "node:net";
import { dnsLookup, findUri, type IncomingCall, type Source, userOf } from "@earshot/telephony";
import type { AgentStore } from "../../agents/store.ts";
import type { CallTaker } from "../../calls/take-call.ts";
import { parsePhoneNumber } from "../../phone-numbers/parse-phone-number.ts";
import type { PhoneNumber } from "../../phone-numbers/phone-number.ts";
import type { PhoneNumberStore } from "../../phone-numbers/store.ts";
import type { FindTrunk } from "../../sip-trunks/find-trunk.ts";
import { DEFAULT_WORKSPACE_ID } from "../../workspaces/workspace.ts";

export type RouteDeps = {
  readonly phoneNumbers: Pick<PhoneNumberStore, "findActive">;
  readonly agents: Pick<AgentStore, "find" | "list">;
  /** Sources that may call whatever is here. */
  readonly isTrusted: (address: string) => boolean;
  readonly findTrunk: FindTrunk;
  /** The number whose softphone sits there. */
  readonly findCaller: (source: Source) => Promise<PhoneNumber | undefined>;
};

export type Route =
  | {
      readonly taker: CallTaker;
      readonly fromNumber: string;
      readonly toNumber: string;
      readonly callerName: string;
      /** An address can be forged: the softphone has to prove that it is this number's. */
      readonly mustProve?: string;
    }
  /** Status and reason phrase of the refusal. */
  | { readonly status: number; readonly reason: string };

const AGENTS_LOOKED_AT = 200;
const MAX_NAME_CHARACTERS = 100;

/** Strangers aren't told which numbers there are. */
export async function routeCall(
  deps: RouteDeps,
  { target, from, source }: Pick<IncomingCall, "target" | "from" | "source">,
): Promise<Route> {
  const wanted = calledUser(target);
  const number = await findNumber(deps, wanted);
  const softphone = await deps.findCaller(source);
  const workspaceId = await workspaceOfCaller(deps, source, { number, softphone });
  if (workspaceId === undefined)
    return { status: 403, reason: `${source.address} Is Neither Trunk Nor Registered Nor Allowed` };
  const caller = {
    fromNumber: softphone?.phoneNumber ?? callerNumber(from.uri),
    toNumber: number?.phoneNumber ?? wanted.slice(0, MAX_NAME_CHARACTERS),
    callerName: (from.name ?? "").slice(0, MAX_NAME_CHARACTERS),
    ...(softphone && !deps.isTrusted(source.address) ? { mustProve: softphone.phoneNumber } : {}),
  };
  if (number) return { ...caller, taker: { number } };
  const agentId = await findAgent(deps, workspaceId, wanted);
  if (agentId === undefined) return { status: 404, reason: "No Such Number Or Agent Here" };
  return { ...caller, taker: { workspaceId, agentId } };
}

/** The workspace whose agents the source may call; undefined when it may not call at all. */
async function workspaceOfCaller(
  deps: RouteDeps,
  source: Source,
  found: { readonly number: PhoneNumber | undefined; readonly softphone: PhoneNumber | undefined },
): Promise<string | undefined> {
  const { number, softphone } = found;
  if (softphone) return softphone.workspaceId;
  if (deps.isTrusted(source.address)) return number?.workspaceId ?? DEFAULT_WORKSPACE_ID;
  if (number?.sipTrunkId === undefined) return undefined;
  const trunk = await deps.findTrunk(number.workspaceId, number.sipTrunkId);
  return trunk && (await isAt(trunk.host, source.address)) ? number.workspaceId : undefined;
}

async function findNumber({ phoneNumbers }: RouteDeps, wanted: string): Promise<PhoneNumber | undefined> {
  const written = /^\d{7,15}$/.test(wanted) ? `+${wanted}` : wanted;
  const parsed = parsePhoneNumber(written);
  return parsed === undefined ? undefined : phoneNumbers.findActive(parsed.phoneNumber);
}

/** By its id, or by its name in small letters with hyphens: `sip:bloom-dental-receptionist@…`. */
async function findAgent({ agents }: RouteDeps, workspaceId: string, wanted: string): Promise<string | undefined> {
  if (/^[a-z0-9_]{1,64}$/i.test(wanted) && (await agents.find(workspaceId, wanted)) !== undefined) return wanted;
  const all = await agents.list(workspaceId, { limit: AGENTS_LOOKED_AT });
  return all.find(({ agent }) => toSlug(agent.name) === toSlug(wanted))?.agent.id;
}

function toSlug(name: string): string {
  return name
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, "-")
    .replaceAll(/^-|-$/g, "");
}

function calledUser(target: string): string {
  const uri = findUri(target);
  return uri === undefined ? "" : (userOf(uri).split(";")[0] ?? "");
}

/** E.164 where it is a number; else the user as the phone gives it. */
function callerNumber(text: string): string {
  const uri = findUri(text);
  const user = uri === undefined ? "" : userOf(uri);
  return (parsePhoneNumber(user)?.phoneNumber ?? (user || "anonymous")).slice(0, MAX_NAME_CHARACTERS);
}

async function isAt(host: string, address: string): Promise<boolean> {
  const bare = host.replaceAll(/[[\]]/g, "");
  if (isIP(bare) !== 0) return bare === address;
  const found = await dnsLookup.addresses(bare);
  return found.includes(address);
}
