/** Whom a call from outside wants, and whether it may. */

import { findUri, type IncomingCall, parseNameAddr, type SipHeaders, type Source, userOf } from "@earshot/telephony";
import type { AgentStore } from "../../agents/store.ts";
import type { CallTaker } from "../../calls/take-call.ts";
import { parsePhoneNumber } from "../../phone-numbers/parse-phone-number.ts";
import type { PhoneNumber } from "../../phone-numbers/phone-number.ts";
import type { PhoneNumberStore } from "../../phone-numbers/store.ts";
import { DEFAULT_WORKSPACE_ID } from "../../workspaces/workspace.ts";
import type { LiveTrunk } from "./live-trunk.ts";

export type RouteDeps = {
  readonly phoneNumbers: Pick<PhoneNumberStore, "findActive" | "findExtension" | "list">;
  readonly agents: Pick<AgentStore, "find" | "list">;
  /** Sources that may call whatever is here. */
  readonly isTrusted: (address: string) => boolean;
  readonly trunks: {
    /** Those whose calls come from there; asked of strangers too, so from memory. */
    at(address: string): readonly Pick<LiveTrunk, "settings">[];
    find(trunkId: string): Pick<LiveTrunk, "settings"> | undefined;
  };
  /** The number whose softphone sits there. */
  readonly findCaller: (source: Source) => Promise<PhoneNumber | undefined>;
};

export type Route =
  | {
      readonly taker: CallTaker;
      readonly fromNumber: string;
      readonly toNumber: string;
      readonly callerName: string;
      /** The trunk that it came through. */
      readonly trunkId?: string;
      /** The number whose softphone calls. */
      readonly softphone?: string;
      /** An address can be forged: the softphone has to prove that it is this number's. */
      readonly mustProve?: string;
    }
  /** `isStranger`: nothing was looked up for it. */
  | { readonly status: number; readonly reason: string; readonly isStranger?: true };

const MAX_NAME_CHARACTERS = 64;
const AGENTS_LOOKED_AT = 200;

type Request = Pick<IncomingCall, "target" | "from" | "source" | "headers">;

/** By number, else, where the source may call all of a workspace, by extension or by an agent's id or name. */
export async function routeCall(deps: RouteDeps, request: Request): Promise<Route> {
  const { source, from } = request;
  const isTrusted = deps.isTrusted(source.address);
  const trunks = isTrusted ? [] : deps.trunks.at(source.address);
  const softphone = await deps.findCaller(source);
  if (softphone === undefined && trunks.length > 0) return routeFromTrunk(deps, request, trunks);
  if (softphone === undefined && !isTrusted) return { ...stranger(source), isStranger: true };
  const wanted = calledUser(request.target);
  const found = await findTaker(deps, wanted, softphone?.workspaceId);
  if (found === undefined) return { status: 404, reason: "No Such Number Or Agent Here" };
  return {
    ...found,
    fromNumber: softphone?.phoneNumber ?? callerNumber(from.uri),
    callerName: (from.name ?? "").slice(0, MAX_NAME_CHARACTERS),
    ...(softphone ? { softphone: softphone.phoneNumber } : {}),
    ...(softphone && !isTrusted ? { mustProve: softphone.phoneNumber } : {}),
  };
}

/**
 * Who is meant by what a phone dials.
 * @param workspaceId whose extensions and agents; default: those of the number, or else of the default workspace
 */
export async function findTaker(
  deps: Pick<RouteDeps, "phoneNumbers" | "agents">,
  wanted: string,
  workspaceId?: string,
): Promise<{ readonly taker: CallTaker; readonly toNumber: string } | undefined> {
  const number = await findNumber(deps, wanted);
  const within = workspaceId ?? number?.workspaceId ?? DEFAULT_WORKSPACE_ID;
  const taker = number ?? (await deps.phoneNumbers.findExtension(within, wanted));
  if (taker) return { taker: { number: taker }, toNumber: taker.phoneNumber };
  const agentId = await findAgent(deps, within, wanted);
  if (agentId === undefined) return undefined;
  return { taker: { workspaceId: within, agentId }, toNumber: wanted.slice(0, MAX_NAME_CHARACTERS) };
}

/** Trunks reach their own numbers, and no others. */
async function routeFromTrunk(
  deps: RouteDeps,
  { target, headers, from, source }: Request,
  trunks: readonly Pick<LiveTrunk, "settings">[],
): Promise<Route> {
  const named = [target, headers.get("p-called-party-id"), headers.get("to")].flatMap((text) => uriOf(text) ?? []);
  for (const uri of named) {
    const number = await findNumber(deps, calledUser(uri));
    const trunk = number && trunks.find(({ settings }) => isFor(deps, settings, number));
    if (number && trunk) return toRoute(number, trunk.settings.id);
  }
  const user = calledUser(target);
  for (const { settings } of trunks) {
    if (settings.username !== user) continue;
    const own = await deps.phoneNumbers.list(settings.workspaceId, {
      sipTrunkId: settings.id,
      status: "active",
      limit: 2,
    });
    if (own[0] && own.length === 1) return toRoute(own[0], settings.id);
  }
  return stranger(source);

  function toRoute(number: PhoneNumber, trunkId: string): Route {
    const caller = uriOf(headers.get("p-asserted-identity")) ?? from.uri;
    return {
      fromNumber: callerNumber(caller),
      toNumber: number.phoneNumber,
      callerName: (from.name ?? "").slice(0, MAX_NAME_CHARACTERS),
      trunkId,
      taker: { number },
    };
  }
}

/** The number's own trunk, or one that stands in for it. */
function isFor({ trunks }: RouteDeps, { id, workspaceId }: LiveTrunk["settings"], number: PhoneNumber): boolean {
  if (workspaceId !== number.workspaceId || number.sipTrunkId === undefined) return false;
  if (id === number.sipTrunkId) return true;
  return trunks.find(number.sipTrunkId)?.settings.backupTrunkIds.includes(id) === true;
}

function stranger({ address }: Source): { readonly status: number; readonly reason: string } {
  return { status: 403, reason: `${address} Is Neither Trunk Nor Registered Nor Allowed` };
}

async function findNumber(
  { phoneNumbers }: Pick<RouteDeps, "phoneNumbers">,
  wanted: string,
): Promise<PhoneNumber | undefined> {
  const written = /^\d{7,15}$/.test(wanted) ? `+${wanted}` : wanted;
  const parsed = parsePhoneNumber(written);
  return parsed === undefined ? undefined : phoneNumbers.findActive(parsed.phoneNumber);
}

/** By its id, or by its name in small letters with hyphens: `sip:bloom-dental-receptionist@…`. */
async function findAgent(
  { agents }: Pick<RouteDeps, "agents">,
  workspaceId: string,
  wanted: string,
): Promise<string | undefined> {
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

/** What was dialled, of an address. */
export function calledUser(target: string): string {
  const uri = findUri(target);
  return uri === undefined ? "" : (userOf(uri).split(";")[0] ?? "");
}

/** E.164 where it is a number; else the user as the phone gives it. */
function callerNumber(text: string): string {
  const uri = findUri(text);
  const user = uri === undefined ? "" : userOf(uri);
  return (parsePhoneNumber(user)?.phoneNumber ?? (user || "anonymous")).slice(0, MAX_NAME_CHARACTERS);
}

/** Of a header whose value may be broken. */
function uriOf(text: ReturnType<SipHeaders["get"]>): string | undefined {
  try {
    return text === undefined ? undefined : parseNameAddr(text, "To").uri;
  } catch {
    return undefined;
  }
}
