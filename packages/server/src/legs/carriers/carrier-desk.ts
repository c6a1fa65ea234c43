/** The node's carriers: takes the calls that they tell of, places others through their APIs, and gives them their sound. */

import { AppError } from "../../app-error.ts";
import type { Call } from "../../calls/call.ts";
import type { CallControl } from "../../calls/call-control.ts";
import type { Dialler, DialOptions, Ring } from "../../calls/dialler.ts";
import { type LegRequest, reserveDial, transferCounted } from "../../calls/dialling/reserve.ts";
import type { CarrierLeg } from "../../calls/dialling/store.ts";
import { type Failure, giveUp } from "../../calls/give-up.ts";
import type { Refer } from "../../calls/place-transfer.ts";
import { type TakeCallDeps, takeCall } from "../../calls/take-call.ts";
import type { CarrierAccess } from "../../carrier-accounts/carrier-account.ts";
import type { FindCarrierAccount } from "../../carrier-accounts/find-carrier-account.ts";
import type { CarrierCallStore } from "../../carrier-calls/store.ts";
import type { CarrierCalls, RejectReason } from "../../carriers/carrier-calls.ts";
import type { CarrierClientDeps } from "../../carriers/carrier-client.ts";
import { CARRIER_PATHS, toCarrierUrls } from "../../carriers/carrier-urls.ts";
import { createCarrierCalls } from "../../carriers/create-carrier-calls.ts";
import type { PhoneNumber } from "../../phone-numbers/phone-number.ts";
import type { PhoneNumberStore } from "../../phone-numbers/store.ts";
import type { Log } from "../../telemetry/log.ts";
import type { WorkspaceStore } from "../../workspaces/store.ts";
import { toCallVariables } from "../sip/call-variables.ts";
import { CarrierLine, type StreamSocket, type StreamThread } from "./carrier-line.ts";
import { toDialFailure, toTransferOutcome } from "./carrier-outcomes.ts";
import type { VoiceDocument, VoiceNews } from "./carrier-voice.ts";
import { carrierVoices } from "./carrier-voices.ts";
import { PlacedCall, type PlacedCallOptions } from "./placed-call.ts";
import { StreamTokens } from "./stream-tokens.ts";

export type CarrierDeskOptions = {
  readonly deps: TakeCallDeps & {
    readonly phoneNumbers: Pick<PhoneNumberStore, "findActive">;
    readonly workspaces: Pick<WorkspaceStore, "find">;
    readonly findCarrierAccount: FindCarrierAccount;
    readonly carrierGuard: CarrierClientDeps["guard"];
    readonly carrierCalls: CarrierCallStore;
  };
  readonly thread: StreamThread &
    Pick<CallControl, "isDraining"> & { watchHandOvers(told: (callId: string, toCallId: string) => void): void };
  readonly log: Log;
  /** Where carriers reach this server; without it there are no calls through them. */
  readonly publicUrl: string | undefined;
};

/** Less than a call waits for its far end. */
const RING_MS = 45_000;
/** Between the carrier's being told where to stream and its connecting. */
const CONNECT_MS = 15_000;

/** Carriers connect two for four hours at most, unless they are told otherwise, and Vonage for two. */
const LONGEST_TRANSFER_MS = 4 * 3_600_000;

/** Where streams connect, with their token. */
export const STREAM_PATH = `${CARRIER_PATHS}streams/`;

/** For hanging up when the server stops. */
const LAST_WORDS_MS = 5_000;

type Held = {
  readonly line: CarrierLine;
  readonly access: CarrierAccess;
  readonly streamUrl: string;
  /** Ours. */
  readonly number: PhoneNumber;
  /** Of a call that we placed. */
  readonly placed?: PlacedCall | undefined;
};

export class CarrierDesk implements Dialler {
  readonly #options: CarrierDeskOptions;
  readonly #held = new Set<Held>();
  readonly #tokens: StreamTokens<CarrierLine>;

  constructor(options: CarrierDeskOptions) {
    this.#options = options;
    this.#tokens = new StreamTokens(options.deps.clock);
    options.thread.watchHandOvers((callId, toCallId) => this.#heldFor(callId)?.line.moveTo(toCallId));
  }

  /** Hangs up on everybody. Waits until the carriers have done so, or a few seconds. */
  async close(): Promise<void> {
    const { clock } = this.#options.deps;
    const all = Promise.all([...this.#held].map(({ line }) => line.close()));
    const late = Promise.withResolvers<void>();
    const cancel = clock.after(LAST_WORDS_MS, () => late.resolve());
    await Promise.race([all, late.promise]).finally(cancel);
  }

  /** A carrier has connected to a stream. Undefined when the token is none, or the call is over by now. */
  connect(token: string, socket: StreamSocket): CarrierLine | undefined {
    const line = this.#tokens.redeem(token);
    return line?.connect(socket) ? line : undefined;
  }

  /**
   * What a carrier tells of a call, proved to be the account's. `callId`: which of ours it says it is about.
   * @returns what it is to do; undefined: nothing
   */
  async receive(access: CarrierAccess, news: VoiceNews, callId?: string): Promise<VoiceDocument | undefined> {
    const { deps } = this.#options;
    switch (news.kind) {
      case "incoming":
        return this.#take(access, news);
      case "answered":
        return this.#answered(access, news.carrierCallId, callId);
      case "transferred":
        return carrierVoices[access.provider].dial?.(news.destination, news.from);
      case "over":
        await deps.calls.endLegsAt({ accountId: access.id, carrierCallId: news.carrierCallId }, deps.clock.now());
        await this.#over(this.#find(access, news.carrierCallId, callId), news);
        return undefined;
      case "failed":
        await this.#over(this.#find(access, news.carrierCallId, callId), { ...news, reason: "provider-failure" }, true);
        return undefined;
      case "other":
        return undefined;
    }
  }

  async dial(call: Call, from: PhoneNumber, options: DialOptions = {}): Promise<boolean> {
    return (await this.#place(call, from, options)) !== undefined;
  }

  readonly ring: Ring = async (call, from, options) => (await this.#place(call, from, options))?.outcome;

  /** Undefined when the number that calls is no carrier's. */
  async #place(
    call: Call,
    from: PhoneNumber,
    { ringTimeoutMs = RING_MS }: DialOptions = {},
  ): Promise<PlacedCall | undefined> {
    const { deps, publicUrl } = this.#options;
    if (from.carrierAccountId === undefined || call.toNumber === undefined) return undefined;
    const access = await deps.findCarrierAccount(from.carrierAccountId);
    if (access === undefined) return undefined;
    const { id: carrierAccountId, pricePerMinute } = access;
    // Before the order goes out: whatever comes of it counts.
    const refusal = await reserveDial(deps, call, {
      carrierAccountId,
      ...(pricePerMinute === undefined ? {} : { pricePerMinute }),
    });
    const storeDial: PlacedCallOptions["storeDial"] = (id, dial) => deps.calls.storeDial(id, dial);
    const placed = new PlacedCall({ deps, callId: call.id, storeDial });
    if (refusal !== undefined) {
      await placed.fail(refusal);
      return placed;
    }
    let held: Held | undefined;
    try {
      const urls = toCarrierUrls(publicUrl, access.id);
      const calls = this.#callsOf(access);
      held = this.#hold({ access, calls, callId: call.id, number: from, placed, lastsMs: ringTimeoutMs + CONNECT_MS });
      const query = `?call=${call.id}`;
      const webhooks = { voice: `${urls.calls}${query}`, status: `${urls.callEvents}${query}` };
      const { streamUrl } = held;
      const id = await calls.place({
        to: call.toNumber,
        from: call.fromNumber ?? from.phoneNumber,
        ...{ streamUrl, webhooks, ringMs: ringTimeoutMs },
      });
      held.line.name(id);
    } catch (error) {
      const failing = placed.fail(toDialFailure(error));
      void held?.line.close();
      await failing;
    }
    return placed;
  }

  readonly refer: Refer = async (callId, destination) => {
    const held = this.#heldFor(callId);
    if (held === undefined) return undefined;
    const { deps, publicUrl } = this.#options;
    const { line, number, access } = held;
    if (access.transfers === "bridge" && !/^sips?:/i.test(destination)) return { outcome: "not-supported" };
    const { carrierCallId } = line;
    const call = await deps.calls.findAnywhere(callId);
    if (call === undefined || carrierCallId === undefined) return { outcome: "failed", message: "the call is gone" };
    const leg: LegRequest = {
      ...{ call, kind: "apart", at: { accountId: access.id, carrierCallId } },
      ...{ pricePerMinute: access.pricePerMinute, atMostMs: LONGEST_TRANSFER_MS },
    };
    try {
      return await transferCounted(deps, leg, async () => {
        const { calls: voiceUrl } = toCarrierUrls(publicUrl, access.id);
        const isOnItsWay = await line.transfer({ destination, from: number.phoneNumber, voiceUrl });
        return isOnItsWay ? { outcome: "answered" } : { outcome: "failed", message: "the call is gone" };
      });
    } catch (error) {
      return toTransferOutcome(error);
    }
  };

  /** On two whom a carrier has connected, whichever node has ordered it. @throws CarrierError */
  async hangUp({ accountId, carrierCallId }: CarrierLeg): Promise<void> {
    const access = await this.#options.deps.findCarrierAccount(accountId);
    if (access !== undefined) await this.#callsOf(access).hangUp(carrierCallId);
  }

  async #take(access: CarrierAccess, news: VoiceNews & { kind: "incoming" }): Promise<VoiceDocument | undefined> {
    const { deps, thread, log } = this.#options;
    const voice = carrierVoices[access.provider];
    // Told again: it is on its way, or its stream has connected by now, and its URL is good for nothing any more.
    const toldAgain = () => {
      const known = this.#find(access, news.carrierCallId);
      return known && voice.connect?.(known.streamUrl);
    };
    if (this.#find(access, news.carrierCallId)) return toldAgain();
    const calls = this.#callsOf(access);
    const refuse = (why: RejectReason, reason: string) => {
      log.info({ accountId: access.id, why, pii: { reason } }, "An incoming call was refused");
      return this.#reject(access, calls, news.carrierCallId, why);
    };
    if (thread.isDraining) return refuse("busy", "the server is shutting down");
    const number = await deps.phoneNumbers.findActive(news.to);
    if (number?.carrierAccountId !== access.id) return refuse("rejected", `${news.to} is no number of the account`);
    if (!(await deps.carrierCalls.isFirstTold(access.id, news.carrierCallId, deps.clock.now()))) {
      log.warn({ accountId: access.id }, "A call that was told of before is no new call: its webhook came again");
      return toldAgain() ?? voice.reject?.("rejected");
    }
    try {
      const { from: fromNumber, to: toNumber, callerName, headers } = news;
      const entries = Object.entries(headers).map(([name, value]) => [name, [value]] as const);
      const variables = toCallVariables({ entries: () => entries });
      const taken = await takeCall(deps, { taker: { number }, fromNumber, toNumber, callerName, variables });
      if (taken.failure) return await refuse("rejected", taken.failure.error);
      return await this.#answer(access, { calls, number, carrierCallId: news.carrierCallId, callId: taken.call.id });
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      return refuse("busy", error.message);
    }
  }

  async #answer(
    access: CarrierAccess,
    {
      calls,
      carrierCallId,
      ...of
    }: { calls: CarrierCalls; number: PhoneNumber; carrierCallId: string; callId: string },
  ): Promise<VoiceDocument | undefined> {
    const held = this.#hold({ access, calls, ...of, lastsMs: CONNECT_MS });
    held.line.name(carrierCallId);
    const document = carrierVoices[access.provider].connect?.(held.streamUrl);
    if (document) return document;
    try {
      await calls.answer?.(carrierCallId, held.streamUrl);
    } catch (error) {
      void held.line.close();
      await giveUp(this.#options.deps, of.callId, toDialFailure(error));
    }
    return undefined;
  }

  #answered(access: CarrierAccess, carrierCallId: string, callId: string | undefined): VoiceDocument | undefined {
    const voice = carrierVoices[access.provider];
    const held = this.#find(access, carrierCallId, callId);
    held?.line.name(carrierCallId);
    return held ? voice.connect?.(held.streamUrl) : voice.reject?.("rejected");
  }

  async #over(held: Held | undefined, failure: Failure, isAlive = false): Promise<void> {
    if (held === undefined) return;
    const { line } = held;
    const givingUp = line.hasBegun ? undefined : this.#giveUp(held, failure);
    if (isAlive) void line.close();
    else line.end();
    await givingUp;
  }

  #hold(of: {
    access: CarrierAccess;
    calls: CarrierCalls;
    callId: string;
    number: PhoneNumber;
    placed?: PlacedCall | undefined;
    lastsMs: number;
  }): Held {
    const { thread, deps, publicUrl, log } = this.#options;
    const { callId, access, number, placed } = of;
    const line: CarrierLine = new CarrierLine({
      ...{ carrier: access.provider, callId, calls: of.calls, thread, control: deps.control, clock: deps.clock },
      onProblem: (problem) =>
        log.warn({ callId: line.callId, provider: access.provider, problem }, "A carrier's stream has a problem"),
      onBegun: () => {
        placed
          ?.begin()
          .catch((error: unknown) => log.error({ callId, error: String(error) }, "A call can't be stored"));
      },
      onDone: () => {
        this.#held.delete(held);
        placed?.leave();
      },
    });
    const token = this.#tokens.issue(line, of.lastsMs, () => void this.#expire(held));
    const streamUrl = `${(publicUrl ?? "").replace(/^http/, "ws")}${STREAM_PATH}${token}`;
    const held: Held = { line, access, number, streamUrl, placed };
    this.#held.add(held);
    return held;
  }

  async #expire(held: Held): Promise<void> {
    if (held.line.isOver) return;
    const error = "the carrier's stream did not connect in time: can EARSHOT_PUBLIC_URL be reached from outside?";
    const givingUp = this.#giveUp(held, { reason: "provider-failure", error });
    void held.line.close();
    await givingUp;
  }

  /** The call waits for its far end in vain. */
  async #giveUp({ line, placed }: Held, { reason, error }: Failure): Promise<void> {
    if (placed) await placed.fail({ reason, error });
    else await giveUp(this.#options.deps, line.callId, { reason, error });
  }

  async #reject(
    { provider }: CarrierAccess,
    calls: CarrierCalls,
    carrierCallId: string,
    why: RejectReason,
  ): Promise<VoiceDocument | undefined> {
    const document = carrierVoices[provider].reject?.(why);
    if (!document) await calls.reject?.(carrierCallId, why);
    return document;
  }

  #callsOf(access: CarrierAccess): CarrierCalls {
    const { deps } = this.#options;
    return createCarrierCalls(access, { guard: deps.carrierGuard, clock: deps.clock });
  }

  /** Carriers tell of other legs of a call, too: ours is known by the id that it has there, as soon as there is one. */
  #find({ id, provider }: CarrierAccess, carrierCallId: string, callId?: string): Held | undefined {
    const { renamesCalls = false } = carrierVoices[provider];
    for (const held of this.#held) {
      const { line, access } = held;
      if (access.id !== id) continue;
      if (line.carrierCallId === carrierCallId) return held;
      if (line.callId === callId && (renamesCalls || line.carrierCallId === undefined)) return held;
    }
    return undefined;
  }

  #heldFor(callId: string): Held | undefined {
    for (const held of this.#held) if (held.line.callId === callId) return held;
    return undefined;
  }
}
