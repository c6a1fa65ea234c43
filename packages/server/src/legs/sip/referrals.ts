/**
 * The far end of a call asks its agent to talk to somebody else (REFER): the new far end is called, and takes the old one's
 * place once it answers.
 */

import type { CallEvent, ReferRequest, UserAgent } from "@earshot/telephony";
import type { Call } from "../../calls/call.ts";
import type { ReservedLeg } from "../../calls/dialling/reserve.ts";
import type { Log } from "../../telemetry/log.ts";
import type { LineBook } from "./line-book.ts";
import type { ReferralWay, ReferralWays } from "./referral-ways.ts";
import { isRefusal, type SipLine } from "./sip-line.ts";

export type ReferralsOptions = {
  readonly agent: UserAgent;
  readonly lines: LineBook;
  readonly ways: ReferralWays;
  readonly findCall: (callId: string) => Promise<Call | undefined>;
  /** Counts whom the far end wants in its place, or tells why they must not be called now. */
  readonly reserve: (call: Call, pricePerMinute: number | undefined) => Promise<ReservedLeg>;
  /** One that nobody has talked on has used up no minutes. */
  readonly endLeg: (leg: Leg, hasTalked: boolean) => Promise<void>;
  readonly log: Log;
};

type Leg = Exclude<ReservedLeg, { readonly failure: unknown }>;
type Next = { readonly call: Call; readonly way: ReferralWay; readonly onOver: (hasTalked: boolean) => void };

const RING_MS = 45_000;
/** Of a Refer-To; others are not the far end's to choose. */
const PASSED_ON = ["replaces", "referred-by", "user-to-user"];

export class Referrals {
  readonly #options: ReferralsOptions;

  constructor(options: ReferralsOptions) {
    this.#options = options;
  }

  /** Never rejects. */
  async take(line: SipLine, refer: ReferRequest): Promise<void> {
    try {
      await this.#take(line, refer);
    } catch (error) {
      this.#options.log.warn({ callId: line.callId, error: String(error) }, "A caller could not be sent on");
      refer.reject(500);
      refer.report(500);
      line.keep(false);
    }
  }

  async #take(line: SipLine, refer: ReferRequest): Promise<void> {
    const { findCall, log, ways } = this.#options;
    const { trunk, callId } = line;
    const isAllowed = trunk === undefined || trunk.settings.acceptsRefer;
    if (!isAllowed || callId === undefined || !line.isConnected || line.isKept) return refer.reject(603);
    // The far end may hang up from now on.
    line.keep(true);
    const refuse = (status: number, reason: string | undefined) => {
      log.info({ callId, pii: { reason } }, "A far end's wish to be replaced was refused");
      refer.reject(status);
      line.keep(false);
    };
    const call = await findCall(callId);
    if (call === undefined) return refuse(403, "the call is gone");
    const way = await ways.find(line, call, refer);
    if ("status" in way) return refuse(way.status, way.reason);
    const onOver = await this.#reserve(call, way);
    if ("status" in onOver) return refuse(onOver.status, onOver.reason);
    refer.accept();
    try {
      await this.#call(line, refer, { call, way, onOver });
    } catch (error) {
      onOver(false);
      throw error;
    }
  }

  /** A place at the trunk, if it goes through one, that counts. @returns what gives it back, once */
  async #reserve(
    call: Call,
    { trunk }: ReferralWay,
  ): Promise<Next["onOver"] | { readonly status: number; readonly reason: string }> {
    const { reserve, endLeg, log } = this.#options;
    if (trunk === undefined) return () => {};
    const slot = trunk.take();
    if (slot.kind === "refused") return { status: 503, reason: "the trunk takes no more calls now" };
    const leg = await reserve(call, trunk.settings.pricePerMinute);
    if ("failure" in leg) {
      slot.release();
      return { status: 403, reason: leg.failure.error };
    }
    return (hasTalked) => {
      slot.release();
      endLeg(leg, hasTalked).catch((error: unknown) =>
        log.error({ callId: call.id, error: String(error) }, "The end of a call can't be stored"),
      );
    };
  }

  async #call(line: SipLine, refer: ReferRequest, { call, way, onOver }: Next): Promise<void> {
    const { agent, lines } = this.#options;
    const { trunk, softphone, ...invite } = way;
    const [peer] = way.via ?? (await agent.targetsOf(way.outboundProxies?.[0] ?? way.target));
    if (peer === undefined) throw new Error("the address leads nowhere");
    const next = lines.open(peer, trunk);
    next.onEnd(() => onOver(next.isConnected));
    next.headers = line.headers;
    next.softphone = softphone;
    next.isHandedOver = line.isHandedOver;
    try {
      await next.ready();
      const sip = agent.invite({
        ...invite,
        ...{ body: next.offer(), maxRedirects: 0, ringTimeoutMs: RING_MS },
        headers: { ...invite.headers, ...passedOn(refer) },
        watcher: { media: next.media, onEvent: (event) => this.#follow(event, { line, next, refer }) },
      });
      next.bind(sip, call.id);
    } catch (error) {
      next.unbind();
      lines.forget(next);
      throw error;
    }
  }

  #follow(event: CallEvent, { line, next, refer }: { line: SipLine; next: SipLine; refer: ReferRequest }): void {
    const { lines } = this.#options;
    switch (event.kind) {
      case "ringing":
      case "early-media":
        return refer.report(180);
      case "answered": {
        const isAgreed = replace(line, next, event);
        refer.report(isAgreed ? 200 : 488);
        if (isAgreed) return;
        next.sip?.hangUp({ reason: 'SIP;cause=488;text="No common codec"' });
        return this.#fail(line, next);
      }
      case "failed":
        refer.report(event.status === 0 ? 408 : event.status, event.reason.slice(0, 100));
        return this.#fail(line, next);
      default:
        return lines.notice(next, event);
    }
  }

  /** The old far end has its agent back, if it is still there. */
  #fail(line: SipLine, next: SipLine): void {
    next.unbind();
    this.#options.lines.forget(next);
    line.keep(false);
  }
}

/** The new far end is whom the agent talks to from now on. */
function replace(line: SipLine, next: SipLine, { body }: CallEvent & { kind: "answered" }): boolean {
  try {
    if (body) next.accept(body);
  } catch (error) {
    if (isRefusal(error)) return false;
    throw error;
  }
  if (!next.connect()) return false;
  line.cede();
  return true;
}

function passedOn({ inviteHeaders }: ReferRequest): Record<string, string> {
  return Object.fromEntries(Object.entries(inviteHeaders).filter(([name]) => PASSED_ON.includes(name.toLowerCase())));
}
