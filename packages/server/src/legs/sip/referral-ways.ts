/** Where a far end that asks for somebody else may be led, and how: a trunk's through that trunk, a softphone's as a call of its workspace's. */

import { randomBytes } from "node:crypto";
import { findUri, type IncomingCall, type ReferRequest, type UserAgent } from "@earshot/telephony";
import type { Call } from "../../calls/call.ts";
import type { Failure } from "../../calls/give-up.ts";
import type { CallTaker } from "../../calls/take-call.ts";
import { parsePhoneNumber } from "../../phone-numbers/parse-phone-number.ts";
import { type Origin, throughTrunk, type Way } from "./find-ways.ts";
import type { LiveTrunk } from "./live-trunk.ts";
import { Redirects } from "./redirects.ts";
import { calledUser, type Route } from "./route-call.ts";
import type { SipLine } from "./sip-line.ts";

export type ReferralWaysOptions = {
  readonly agent: Pick<UserAgent, "targetsOf">;
  /** Why a workspace must not call a number now, its caps included. */
  readonly judge: (workspaceId: string, phoneNumber: string) => Promise<Failure | undefined>;
  readonly findTaker: (
    dialled: string,
    workspaceId: string,
  ) => Promise<{ readonly taker: CallTaker; readonly toNumber: string } | undefined>;
  readonly findNumber: (phoneNumber: string) => Promise<Origin | undefined>;
  /** To a softphone, or through trunks, the best first. */
  readonly findWays: (call: Pick<Call, "toNumber" | "fromNumber" | "variables">, from: Origin) => Promise<Way[]>;
  /** Whether phones without a registration may have numbers outside called for a workspace. */
  readonly trustsEverybody: (workspaceId: string) => Promise<boolean>;
  /** Where this node is called from itself. */
  readonly ownAddress: () => string;
};

export type ReferralWay = Pick<Way, "target" | "from" | "headers" | "softphone"> & Partial<Way>;
export type RefusedReferral = { readonly status: number; readonly reason: string | undefined };

/** The oldest is forgotten then: it has not arrived. */
const MOST_WAITING = 1_000;

export class ReferralWays {
  readonly #options: ReferralWaysOptions;
  /** Calls to ourselves that are on their way, by the name that they call. */
  readonly #expected = new Map<string, Route>();

  constructor(options: ReferralWaysOptions) {
    this.#options = options;
  }

  /** Whom a call of our own to ourselves is for. Once. */
  readonly claim = (sip: Pick<IncomingCall, "target">): Route | undefined => {
    const name = calledUser(sip.target);
    const route = this.#expected.get(name);
    this.#expected.delete(name);
    return route;
  };

  async find(line: SipLine, call: Call, refer: ReferRequest): Promise<ReferralWay | RefusedReferral> {
    return line.trunk === undefined ? this.#ofSoftphone(line, call, refer) : this.#ofTrunk(line.trunk, call, refer);
  }

  async #ofTrunk(trunk: LiveTrunk, call: Call, refer: ReferRequest): Promise<ReferralWay | RefusedReferral> {
    const { agent, judge } = this.#options;
    const redirects = new Redirects({
      ...{ trunk, toNumber: "", allowsExtensions: true, targetsOf: (uri) => agent.targetsOf(uri) },
      judge: async (phoneNumber) => judge(call.workspaceId, phoneNumber),
    });
    const target = await redirects.follow(refer.target);
    if (target === undefined) return { status: 403, reason: redirects.refusal };
    return { ...throughTrunk(trunk, { variables: call.variables }, ourSide(call), {}), target };
  }

  /** Whatever domain the phone names, what it dials is meant here, as when it calls. */
  async #ofSoftphone(line: SipLine, call: Call, refer: ReferRequest): Promise<ReferralWay | RefusedReferral> {
    const dialled = findUri(refer.target) === undefined ? "" : calledUser(refer.target);
    const found = await this.#options.findTaker(dialled, call.workspaceId);
    if (found === undefined) return this.#outside(line, call, dialled);
    const { taker, toNumber } = found;
    if ("number" in taker && taker.number.agentId === undefined) return this.#toPhone(call, toNumber);
    return this.#toAgent(call, { taker, toNumber });
  }

  async #toPhone(call: Call, toNumber: string): Promise<ReferralWay | RefusedReferral> {
    const [way] = await this.#options.findWays(dialling(call, toNumber), await this.#origin(call));
    // Without a softphone of that number the ways lead outside, where it isn't.
    if (way?.softphone === undefined) return { status: 480, reason: `no phone is registered as ${toNumber}` };
    return way;
  }

  /** This node calls itself: to the agent it is a call like any other. */
  #toAgent(call: Call, to: { readonly taker: CallTaker; readonly toNumber: string }): ReferralWay {
    const [oldest] = this.#expected.keys();
    if (oldest !== undefined && this.#expected.size >= MOST_WAITING) this.#expected.delete(oldest);
    const name = randomBytes(16).toString("hex");
    const fromNumber = ourSide(call).phoneNumber;
    this.#expected.set(name, { ...to, fromNumber, callerName: call.agentName.slice(0, 64) });
    const at = this.#options.ownAddress();
    return { target: `sip:${name}@${at}`, from: `sip:${fromNumber}@${at}`, headers: {} };
  }

  async #outside(line: SipLine, call: Call, dialled: string): Promise<ReferralWay | RefusedReferral> {
    const { judge, findWays } = this.#options;
    const written = /^\d{7,15}$/.test(dialled) ? `+${dialled}` : dialled;
    const toNumber = parsePhoneNumber(written)?.phoneNumber;
    if (toNumber === undefined) return { status: 404, reason: `${dialled} is no number and no agent here` };
    if (!(await this.#maySpend(line, call)))
      return { status: 403, reason: "only softphones that have registered with the workspace may call outside for it" };
    const refusal = await judge(call.workspaceId, toNumber);
    if (refusal !== undefined) return { status: 403, reason: refusal.error };
    const [way] = await findWays(dialling(call, toNumber), await this.#origin(call));
    return way ?? { status: 503, reason: `no SIP trunk leads to ${toNumber}` };
  }

  async #maySpend({ softphone }: SipLine, { workspaceId }: Call): Promise<boolean> {
    const { findNumber, trustsEverybody } = this.#options;
    const owner = softphone === undefined ? undefined : await findNumber(softphone);
    return owner === undefined ? trustsEverybody(workspaceId) : owner.workspaceId === workspaceId;
  }

  /** Whose trunk it is that is called through. */
  async #origin(call: Call): Promise<Origin> {
    const { phoneNumber } = ourSide(call);
    const own = await this.#options.findNumber(phoneNumber);
    return own?.workspaceId === call.workspaceId ? own : { phoneNumber, workspaceId: call.workspaceId };
  }
}

/** Who calls, whichever way the call came about. */
function ourSide(call: Call): { readonly phoneNumber: string } {
  const own = call.direction === "outbound" ? call.fromNumber : call.toNumber;
  return { phoneNumber: own ?? "anonymous" };
}

function dialling(call: Call, toNumber: string) {
  return { toNumber, fromNumber: ourSide(call).phoneNumber, variables: call.variables };
}
