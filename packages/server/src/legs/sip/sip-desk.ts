/** The node's telephone exchange: takes the calls that come in over SIP, and places others. */

import {
  type AdmissionVerdict,
  AllowList,
  type Clock,
  Gate,
  type SipRequest,
  SocketNetwork,
  type TlsServerOptions,
  UserAgent,
} from "@earshot/telephony";
import type { LineQuality, Call as OurCall } from "../../calls/call.ts";
import type { CallControl } from "../../calls/call-control.ts";
import type { Dialled, Dialler, DialOptions, Ring } from "../../calls/dialler.ts";
import {
  type CheckDestinationDeps,
  checkDestination,
  checkNumber,
  findCallingRules,
} from "../../calls/dialling/check-destination.ts";
import { reserveDial, reserveLeg, transferCounted } from "../../calls/dialling/reserve.ts";
import { giveUp } from "../../calls/give-up.ts";
import type { Refer } from "../../calls/place-transfer.ts";
import type { TakeCallDeps } from "../../calls/take-call.ts";
import type { PhoneNumber } from "../../phone-numbers/phone-number.ts";
import type { ListTrunks } from "../../sip-trunks/list-trunks.ts";
import type { TrunkWatch } from "../../sip-trunks/trunk-status.ts";
import type { Log } from "../../telemetry/log.ts";
import type { Metrics } from "../../telemetry/metrics.ts";
import { asTrunkWrites, type FindWaysDeps, findWays, type Origin, type Way } from "./find-ways.ts";
import { IncomingCalls } from "./incoming-calls.ts";
import { LineBook } from "./line-book.ts";
import { targetOf } from "./live-trunk.ts";
import { OutgoingCalls } from "./outgoing-calls.ts";
import { ReferralWays } from "./referral-ways.ts";
import { Referrals } from "./referrals.ts";
import { findTaker, type RouteDeps } from "./route-call.ts";
import type { SipLine, SipLineOptions } from "./sip-line.ts";
import { Softphones, type SoftphonesOptions } from "./softphones.ts";
import type { Referred } from "./transfer-outcome.ts";
import { TrunkDesk } from "./trunk-desk.ts";

/** No trunk tells how long those talk whom it has connected. */
const UNTOLD_TRANSFER_MS = 5 * 60_000;

export type SipDeskOptions = {
  readonly host: string;
  /** UDP and TCP; TLS one higher. */
  readonly port: number;
  readonly advertisedAddress?: string | undefined;
  readonly tls?: TlsServerOptions | undefined;
  /** Monotonic, for the protocol; `deps.clock` tells the date. */
  readonly clock: Clock;
  readonly deps: TakeCallDeps &
    Omit<RouteDeps, "isTrusted" | "findCaller" | "trunks"> &
    Pick<CheckDestinationDeps, "workspaces" | "phoneNumbers"> &
    Omit<SoftphonesOptions, "clock" | "wallClock" | "onError"> & { readonly listTrunks: ListTrunks };
  readonly thread: Pick<SipLineOptions, "openLine" | "whenOver"> &
    Pick<CallControl, "isDraining"> & { watchHandOvers(told: (callId: string, toCallId: string) => void): void };
  readonly log: Log;
  readonly metrics: Pick<Metrics, "sipRefused">;
  /** Addresses and CIDR ranges that may call whatever is here. */
  readonly trusted: readonly string[];
  readonly onQuality: (callId: string, quality: LineQuality) => Promise<void>;
};

export class SipDesk implements Dialler {
  readonly #options: SipDeskOptions;
  readonly #agent: UserAgent;
  readonly #lines: LineBook;
  readonly #softphones: Softphones;
  readonly #trunks: TrunkDesk;
  readonly #outgoing: OutgoingCalls;

  constructor(options: SipDeskOptions) {
    this.#options = options;
    const { clock, host, port, advertisedAddress, tls, trusted, log, deps } = options;
    const allowed = new AllowList(trusted);
    this.#softphones = new Softphones({
      ...{ ...deps, clock, wallClock: deps.clock },
      onError: (error) => log.error({ error: String(error) }, "A registration can't be kept"),
    });
    const gate = new Gate({ clock, trusted, isTrusted: (address) => this.#trunks.at(address).length > 0 });
    this.#agent = new UserAgent({
      clock,
      network: new SocketNetwork({
        clock,
        host,
        udpPort: port,
        tcpPort: port,
        ...(advertisedAddress === undefined ? {} : { advertisedHost: advertisedAddress }),
        ...(tls === undefined ? {} : { tls: { ...tls, port: port === 0 ? 0 : port + 1 } }),
      }),
      admit: (request, source) => this.#count(request, gate.admit(request, source)),
      onRegister: this.#softphones.handle,
      onIncomingCall: (call) => void incoming.take(call),
      onFault: ({ code, message }) => log.debug({ code }, message),
    });
    this.#lines = new LineBook({
      ...{ ...options, agent: this.#agent },
      onRefer: (line, refer) => void referrals.take(line, refer),
    });
    const ways = new ReferralWays({
      agent: this.#agent,
      judge: (workspaceId, phoneNumber) => checkDestination(deps, workspaceId, phoneNumber),
      findTaker: (dialled, workspaceId) => findTaker(deps, dialled, workspaceId),
      findNumber: (phoneNumber) => deps.phoneNumbers.findActive(phoneNumber),
      findWays: (call, from) => this.#findWays(call, from),
      trustsEverybody: async (id) => (await findCallingRules(deps, id)).allowsUnregisteredTransfers,
      ownAddress: () => this.address,
    });
    const referrals = new Referrals({
      ...{ agent: this.#agent, lines: this.#lines, ways, log },
      findCall: (callId) => deps.calls.findAnywhere(callId),
      reserve: (call, pricePerMinute) => reserveLeg(deps, { call, pricePerMinute, kind: "replacing" }),
      endLeg: ({ id, startedAt }, hasTalked) => deps.calls.endLeg(id, hasTalked ? deps.clock.now() : startedAt),
    });
    this.#trunks = new TrunkDesk({
      ...{ agent: this.#agent, clock, wallClock: deps.clock, listTrunks: deps.listTrunks },
      onTrouble: ({ id, name }, problem) => log.warn({ trunkId: id, name, problem }, "A SIP trunk has trouble"),
      onError: (error) => log.error({ error: String(error) }, "The SIP trunks can't be read"),
    });
    const incoming = new IncomingCalls({
      deps: {
        ...deps,
        trunks: this.#trunks,
        isTrusted: (address) => allowed.has(address),
        findCaller: (source) => this.#softphones.findCaller(source),
      },
      ...{ thread: options.thread, lines: this.#lines, log },
      findReferred: ways.claim,
      findTrunk: (trunkId) => this.#trunks.find(trunkId),
      prove: (sip, phoneNumber) => this.#softphones.prove(sip, phoneNumber),
      onStranger: () => options.metrics.sipRefused("INVITE", "not_allowed"),
    });
    this.#outgoing = new OutgoingCalls({
      ...{ agent: this.#agent, clock },
      lines: this.#lines,
      reserve: (call, way) => reserveDial(deps, call, way),
      storeDial: (callId, dial) => deps.calls.storeDial(callId, dial),
      judge: (workspaceId, phoneNumber) => checkNumber(deps, workspaceId, phoneNumber),
      isWanted: async (callId) => (await deps.calls.findAnywhere(callId))?.status === "ringing",
    });
  }

  /** @throws NetworkError `cannot_bind` */
  async start(): Promise<void> {
    this.#options.thread.watchHandOvers((callId, toCallId) => this.#lines.of(callId)?.moveTo(toCallId));
    await this.#softphones.recall();
    await this.#agent.start();
    await this.#trunks.start();
  }

  /** Where phones on this machine call, e.g. `127.0.0.1:5060`. */
  get address(): string {
    const { host = this.#options.host, port = 0 } = this.#agent.localAddress("udp", "127.0.0.1") ?? {};
    return `${host}:${port}`;
  }

  get trunks(): TrunkWatch {
    return this.#trunks;
  }

  /** Ends all calls, and takes the registrations back. Idempotent. */
  async close(): Promise<void> {
    await this.#trunks.close();
    await this.#agent.close();
  }

  async dial(call: OurCall, from: PhoneNumber, options: DialOptions = {}): Promise<boolean> {
    const dialled = await this.#ring(call, from, options);
    dialled?.outcome.catch((error: unknown) =>
      this.#options.log.error({ error: String(error) }, "A call can't be placed"),
    );
    return dialled !== undefined;
  }

  readonly ring: Ring = async (call, from, options) => (await this.#ring(call, from, options))?.outcome;

  /** What comes of it is told later; a call that comes to nothing is over by then. */
  async #ring(call: OurCall, from: PhoneNumber, options: DialOptions = {}) {
    const { deps } = this.#options;
    const ways = await this.#findWays(call, from, options);
    if (ways.length === 0) return undefined;
    const outcome = this.#outgoing.ring(call, ways, options).then(async (dialled): Promise<Dialled> => {
      if (dialled.kind === "failed") await giveUp(deps, call.id, dialled.failure);
      return dialled;
    });
    return { outcome };
  }

  #findWays(call: Parameters<typeof findWays>[1], from: Origin, options: DialOptions = {}): Promise<Way[]> {
    const deps: FindWaysDeps = {
      trunks: this.#trunks,
      findSoftphones: (number) => this.#softphones.find(number),
      findTrunkIds: async (workspaceId) => (await findCallingRules(this.#options.deps, workspaceId)).trunkIds,
    };
    return findWays(deps, call, from, options);
  }

  /** Numbers are the trunk's to find; whoever calls from a softphone is sent to SIP URIs alone. */
  readonly refer: Refer = async (callId, destination) => {
    const line = this.#lines.of(callId);
    const isUri = /^sips?:/i.test(destination);
    const settings = line?.trunk?.settings;
    if (line === undefined || settings === undefined) return isUri ? line?.refer(destination) : undefined;
    if (isUri) return this.#transfer(line, callId, destination);
    if (settings.transfers === "bridge") return { outcome: "not-supported" };
    const referred = await this.#transfer(line, callId, targetOf(settings, asTrunkWrites(settings, destination)));
    const isFinal = settings.transfers === "refer" && referred.outcome === "not-supported";
    return isFinal ? { ...referred, outcome: "rejected" } : referred;
  };

  async #transfer(line: SipLine, callId: string, target: string): Promise<Referred> {
    const { deps } = this.#options;
    const call = await deps.calls.findAnywhere(callId);
    if (call === undefined) return { outcome: "failed" };
    const pricePerMinute = line.trunk?.settings.pricePerMinute;
    const leg = { call, pricePerMinute, kind: "apart", atMostMs: UNTOLD_TRANSFER_MS } as const;
    return transferCounted(deps, leg, () => line.refer(target));
  }

  #count(request: SipRequest, verdict: AdmissionVerdict): AdmissionVerdict {
    if (verdict.kind !== "admitted") this.#options.metrics.sipRefused(request.method, verdict.reason);
    return verdict;
  }
}
