/** Rings telephones: through each way in turn until one of them takes the call. */

import type { CallEvent, CallOutcome, CallSlot, Clock, InviteOptions, UserAgent } from "@earshot/telephony";
import { parseUri } from "@earshot/telephony";
import type { Call } from "../../calls/call.ts";
import type { Dialled, DialOptions } from "../../calls/dialler.ts";
import type { Dial } from "../../calls/dialling/dial.ts";
import type { Failure } from "../../calls/give-up.ts";
import { pause } from "../../wall-clock.ts";
import { isTrunkFault, toDialFailure, withNetworkCause } from "./dial-failure.ts";
import type { Way } from "./find-ways.ts";
import type { LineBook } from "./line-book.ts";
import type { LiveTrunk } from "./live-trunk.ts";
import { readNetworkCause } from "./network-cause.ts";
import { MAX_REDIRECTS, Redirects } from "./redirects.ts";
import { RingTime } from "./ring-time.ts";
import { LineError, type SipLine } from "./sip-line.ts";

export type OutgoingCallsOptions = {
  readonly agent: UserAgent;
  readonly clock: Clock;
  readonly lines: Pick<LineBook, "open" | "forget" | "begin" | "notice">;
  readonly storeDial: (callId: string, dial: Dial) => Promise<void>;
  /** Counts a call that is about to go out; or why it must not. */
  readonly reserve: (call: Call, way: Dial) => Promise<Failure | undefined>;
  /** Why a workspace must not call a number. */
  readonly judge: (workspaceId: string, phoneNumber: string) => Promise<Failure | undefined>;
  /** Whether the call still waits for its far end. */
  readonly isWanted: (callId: string) => Promise<boolean>;
};

/** Ours; a trunk may give up before. Less than a call waits for its far end. */
const RING_MS = 45_000;
/** A trunk that says nothing at all, while there is another one. */
const NO_RESPONSE_MS = 4_000;
/** A trunk whose calls of this second are used up is waited for so long. */
const MOST_WAIT_MS = 2_000;

type DialAttempt = NonNullable<Dial["attempts"]>[number];
type Ringing = {
  readonly ringTime: RingTime;
  readonly redirects: Redirects | undefined;
  /** What the network has said so far, as in an announcement. */
  cause?: CallOutcome | undefined;
  readonly settle: (attempt: Attempt) => void;
};
type Attempt = { readonly dialled: Dialled; readonly isTrunkFault: boolean; readonly dial: Dial };

export class OutgoingCalls {
  readonly #options: OutgoingCallsOptions;

  constructor(options: OutgoingCallsOptions) {
    this.#options = options;
  }

  /** Resolves once somebody has answered and the call has begun, or with why not; ending the call is the caller's. */
  async ring(call: Call, ways: readonly Way[], options: DialOptions = {}): Promise<Dialled> {
    const attempts: DialAttempt[] = [];
    const ringTime = new RingTime(this.#options.clock);
    let last: Attempt | undefined;
    for (const [at, way] of ways.entries()) {
      if (last !== undefined) attempts.push(toAttempt(last.dial));
      const isLast = at === ways.length - 1;
      last = await this.#try(call, way, { ...options, isLast, ringTime });
      if (!last.isTrunkFault || !(await this.#options.isWanted(call.id))) break;
    }
    if (last === undefined) throw new RangeError("a call needs a way");
    const dial: Dial = { ...last.dial, ...ringTime.value, ...(attempts.length === 0 ? {} : { attempts }) };
    if (last.dialled.kind === "failed") return { kind: "failed", failure: { ...last.dialled.failure, dial } };
    await this.#options.storeDial(call.id, dial);
    return last.dialled;
  }

  async #try(
    call: Call,
    way: Way,
    options: DialOptions & { readonly isLast: boolean; readonly ringTime: RingTime },
  ): Promise<Attempt> {
    const { trunk } = way;
    if (trunk === undefined) return this.#invite(call, way, options);
    const slot = await this.#take(trunk, options.isLast);
    const { id: trunkId, pricePerMinute, name } = trunk.settings;
    if (slot.kind === "refused") {
      const isFull = slot.reason === "too_many_calls";
      const error = `the trunk "${name}" ${isFull ? "has all its calls under way" : "places no more calls in this second"}`;
      const dial = { trunkId, code: isFull ? "trunk_full" : "trunk_rate" } as const;
      return { isTrunkFault: true, dial, dialled: { kind: "failed", failure: { reason: "rejected", error } } };
    }
    try {
      const used = { trunkId, ...(pricePerMinute === undefined ? {} : { pricePerMinute }) };
      const refusal = await this.#options.reserve(call, used);
      if (refusal !== undefined) {
        slot.release();
        return { isTrunkFault: false, dial: refusal.dial ?? {}, dialled: { kind: "failed", failure: refusal } };
      }
      const attempt = await this.#invite(call, way, options, slot.release);
      if (attempt.dialled.kind === "failed") slot.release();
      trunk.report(
        attempt.isTrunkFault && attempt.dialled.kind === "failed" ? attempt.dialled.failure.error : undefined,
      );
      return { ...attempt, dial: { ...used, ...attempt.dial } };
    } catch (error) {
      slot.release();
      throw error;
    }
  }

  async #take(trunk: LiveTrunk, mayWait: boolean): Promise<CallSlot> {
    for (let waitedMs = 0; ; ) {
      const slot = trunk.take();
      if (slot.kind === "taken" || slot.reason === "too_many_calls" || !mayWait) return slot;
      waitedMs += slot.retryInMs;
      if (waitedMs > MOST_WAIT_MS) return slot;
      await pause(this.#options.clock, slot.retryInMs);
    }
  }

  async #invite(
    call: Call,
    { trunk, softphone, ...way }: Way,
    options: DialOptions & { readonly isLast: boolean; readonly ringTime: RingTime },
    onOver: () => void = () => {},
  ): Promise<Attempt> {
    const { agent, lines, judge } = this.#options;
    const [peer] = way.via ?? (await agent.targetsOf(way.outboundProxies?.[0] ?? way.target));
    if (peer === undefined) return noAddress(parseUri(way.outboundProxies?.[0] ?? way.target).host);
    const line = lines.open(peer, trunk);
    line.softphone = softphone;
    line.onEnd(onOver);
    const redirects =
      trunk &&
      new Redirects({
        ...{ trunk, toNumber: call.toNumber ?? "", targetsOf: (uri) => agent.targetsOf(uri) },
        judge: (phoneNumber) => judge(call.workspaceId, phoneNumber),
      });
    try {
      await line.ready();
      const { promise, resolve } = Promise.withResolvers<Attempt>();
      const ringing: Ringing = { ringTime: options.ringTime, redirects, settle: resolve };
      const watcher = {
        media: line.media,
        onEvent: (event: CallEvent) => this.#follow(line, event, ringing),
      };
      const invite: InviteOptions = {
        ...way,
        ...{ body: line.offer(), watcher },
        ...(redirects ? { maxRedirects: MAX_REDIRECTS, redirectTo: redirects.follow } : { maxRedirects: 0 }),
        ringTimeoutMs: options.ringTimeoutMs ?? RING_MS,
        ...(options.isLast ? {} : { noResponseMs: NO_RESPONSE_MS }),
      };
      line.headers = way.headers;
      options.ringTime.start();
      line.bind(agent.invite(invite), call.id);
      return await promise;
    } catch (error) {
      line.unbind();
      lines.forget(line);
      const words = error instanceof LineError ? error.message : "the call could not be connected";
      const failure: Failure = { reason: "internal", error: words };
      return { isTrunkFault: false, dial: { code: "trunk_failed" }, dialled: { kind: "failed", failure } };
    }
  }

  #follow(line: SipLine, event: CallEvent, ringing: Ringing): void {
    const { ringTime, redirects, settle } = ringing;
    switch (event.kind) {
      case "ringing":
      case "early-media":
        ringing.cause = readNetworkCause(event.headers) ?? ringing.cause;
        return ringTime.ring();
      case "answered": {
        ringTime.stop();
        const fail = (failure: Failure): Attempt => ({
          isTrunkFault: false,
          dial: { code: "no_common_media", sipStatus: 200 },
          dialled: { kind: "failed", failure },
        });
        const answered: Attempt = {
          isTrunkFault: false,
          dial: { code: "answered", sipStatus: 200, sipReason: "OK" },
          dialled: { kind: "answered" },
        };
        void this.#options.lines.begin(line, event).then(
          (failure) => settle(failure === undefined ? answered : fail(failure)),
          (error: unknown) => settle(fail({ reason: "internal", error: String(error) })),
        );
        return;
      }
      case "failed": {
        ringTime.stop();
        this.#options.lines.forget(line);
        line.end("connection-lost");
        const failed = withNetworkCause(event, ringing.cause);
        const { dial, ...failure } = toDialFailure(failed, redirects?.refusal);
        settle({ isTrunkFault: isTrunkFault(failed) && !ringTime.hasRung, dial, dialled: { kind: "failed", failure } });
        return;
      }
      default:
        return this.#options.lines.notice(line, event);
    }
  }
}

function toAttempt({ trunkId = "", code = "trunk_failed", sipStatus, sipReason }: Dial): DialAttempt {
  return {
    ...{ trunkId, code },
    ...(sipStatus === undefined ? {} : { sipStatus }),
    ...(sipReason === undefined ? {} : { sipReason }),
  };
}

function noAddress(host: string): Attempt {
  const failure: Failure = { reason: "unreachable", error: `the SIP host ${host} has no address` };
  return { isTrunkFault: true, dial: { code: "unreachable" }, dialled: { kind: "failed", failure } };
}
