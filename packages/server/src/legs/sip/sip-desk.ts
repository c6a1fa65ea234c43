/** The node's telephone exchange: takes the calls that come in over SIP, and places others. */

import {
  AllowList,
  type CallEvent,
  type Clock,
  Gate,
  type IncomingCall,
  parseUri,
  SocketNetwork,
  type TlsServerOptions,
  type TransportProtocol,
  UserAgent,
} from "@earshot/telephony";
import { AppError } from "../../app-error.ts";
import type { LineQuality, Call as OurCall } from "../../calls/call.ts";
import type { CallControl } from "../../calls/call-control.ts";
import type { Dialler } from "../../calls/dialler.ts";
import { type Failure, giveUp } from "../../calls/give-up.ts";
import type { Refer } from "../../calls/place-transfer.ts";
import { type TakeCallDeps, takeCall } from "../../calls/take-call.ts";
import type { PhoneNumber } from "../../phone-numbers/phone-number.ts";
import type { Log } from "../../telemetry/log.ts";
import { toCallVariables } from "./call-variables.ts";
import { toDialFailure } from "./dial-failure.ts";
import { type FindWayDeps, findWay } from "./find-way.ts";
import { toLineQuality } from "./line-quality.ts";
import { type RouteDeps, routeCall } from "./route-call.ts";
import { isRefusal, LineError, SipLine, type SipLineOptions } from "./sip-line.ts";
import { Softphones, type SoftphonesOptions } from "./softphones.ts";

export type SipDeskOptions = {
  readonly host: string;
  /** UDP and TCP; TLS one higher. */
  readonly port: number;
  readonly advertisedAddress?: string | undefined;
  readonly tls?: TlsServerOptions | undefined;
  /** Monotonic, for the protocol; `deps.clock` tells the date. */
  readonly clock: Clock;
  readonly deps: TakeCallDeps &
    Omit<RouteDeps, "isTrusted" | "findCaller"> &
    Omit<FindWayDeps, "findSoftphones"> &
    Omit<SoftphonesOptions, "clock">;
  readonly thread: Pick<SipLineOptions, "openLine" | "whenOver"> &
    Pick<CallControl, "isDraining"> & { watchHandOvers(told: (callId: string, toCallId: string) => void): void };
  readonly log: Log;
  /** Addresses and CIDR ranges that may call whatever is here. */
  readonly trusted: readonly string[];
  readonly onQuality: (callId: string, quality: LineQuality) => Promise<void>;
};

/** Ours; a trunk may give up before. Less than a call waits for its far end. */
const RING_MS = 45_000;

export class SipDesk implements Dialler {
  readonly #options: SipDeskOptions;
  readonly #agent: UserAgent;
  readonly #lines = new Set<SipLine>();
  readonly #softphones: Softphones;
  readonly #isTrusted: RouteDeps["isTrusted"];

  constructor(options: SipDeskOptions) {
    this.#options = options;
    const { clock, host, port, advertisedAddress, tls, trusted, log } = options;
    const allowed = new AllowList(trusted);
    this.#isTrusted = (address) => allowed.has(address);
    this.#softphones = new Softphones({ ...options.deps, clock });
    const gate = new Gate({ clock, trusted });
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
      admit: gate.admit,
      onRegister: this.#softphones.handle,
      onIncomingCall: (call) => void this.#take(call),
      onFault: ({ code, message }) => log.debug({ code }, message),
    });
  }

  /** @throws NetworkError `cannot_bind` */
  start(): Promise<void> {
    this.#options.thread.watchHandOvers((callId, toCallId) => this.#lineOf(callId)?.moveTo(toCallId));
    return this.#agent.start();
  }

  /** Where phones on this machine call, e.g. `127.0.0.1:5060`. */
  get address(): string {
    const { host = this.#options.host, port = 0 } = this.#agent.localAddress("udp", "127.0.0.1") ?? {};
    return `${host}:${port}`;
  }

  /** Ends all calls. Idempotent. */
  close(): Promise<void> {
    return this.#agent.close();
  }

  async dial(call: OurCall, from: PhoneNumber): Promise<boolean> {
    const { deps } = this.#options;
    const way = await findWay({ ...deps, findSoftphones: (number) => this.#softphones.find(number) }, call, from);
    if (way === undefined) return false;
    const [peer] = way.via ?? (await this.#agent.targetsOf(way.target));
    if (peer === undefined) {
      const { host } = parseUri(way.target);
      await giveUp(deps, call.id, { reason: "unreachable", error: `the SIP host ${host} has no address` });
      return true;
    }
    const line = this.#openLine(peer);
    try {
      await line.ready();
      const watcher = { media: line.media, onEvent: (event: CallEvent) => this.#notice(line, event) };
      line.bind(this.#agent.invite({ ...way, body: line.offer(), ringTimeoutMs: RING_MS, watcher }), call.id);
    } catch (error) {
      line.unbind();
      this.#lines.delete(line);
      await giveUp(deps, call.id, toFailure(error));
    }
    return true;
  }

  readonly refer: Refer = async (callId, destination) => this.#lineOf(callId)?.refer(destination);

  #lineOf(callId: string): SipLine | undefined {
    for (const line of this.#lines) if (line.callId === callId) return line;
    return undefined;
  }

  async #take(sip: IncomingCall): Promise<void> {
    const { log } = this.#options;
    try {
      await this.#ring(sip);
    } catch (error) {
      const refusal = toRefusal(error);
      if (refusal.status === 500) log.error({ error: String(error) }, "An incoming call could not be taken");
      this.#refuse(sip, refusal);
    }
  }

  async #ring(sip: IncomingCall): Promise<void> {
    const { deps, thread } = this.#options;
    if (thread.isDraining) return this.#refuse(sip, { status: 503, reason: "Shutting Down" });
    const route = await routeCall(
      { ...deps, isTrusted: this.#isTrusted, findCaller: (source) => this.#softphones.findCaller(source) },
      sip,
    );
    if ("status" in route) return this.#refuse(sip, route);
    if (route.mustProve !== undefined && !(await this.#softphones.prove(sip, route.mustProve))) return;
    const taken = await takeCall(deps, { ...route, variables: toCallVariables(sip.headers) });
    const { failure } = taken;
    if (failure) return this.#refuse(sip, { status: failure.reason === "rejected" ? 603 : 480, reason: failure.error });
    await this.#answer(sip, taken.call.id);
  }

  async #answer(sip: IncomingCall, callId: string): Promise<void> {
    const { deps } = this.#options;
    const line = this.#openLine(sip.source);
    line.bind(sip, callId);
    sip.watch({ media: line.media, onEvent: (event) => this.#notice(line, event) });
    try {
      if (!sip.isOver) sip.progress();
      await line.ready();
      const body = sip.offer ? line.answer(sip.offer) : line.offer();
      if (sip.answer({ body })) return;
      await giveUp(deps, callId, { reason: "canceled", error: "the caller hung up before the call was answered" });
    } catch (error) {
      line.unbind();
      this.#lines.delete(line);
      this.#refuse(sip, toRefusal(error));
      await giveUp(deps, callId, toFailure(error));
    }
  }

  #openLine(peer: { readonly protocol: TransportProtocol; readonly address: string }): SipLine {
    const { thread, deps, log, onQuality } = this.#options;
    const { host = "127.0.0.1" } = this.#agent.localAddress(peer.protocol, peer.address) ?? {};
    const line: SipLine = new SipLine({
      openLine: thread.openLine.bind(thread),
      whenOver: thread.whenOver.bind(thread),
      clock: deps.clock,
      capabilities: { address: host.replaceAll(/[[\]]/g, ""), codecs: ["opus", "G722", "PCMU", "PCMA"] },
      onStatistics: (callId, statistics) => {
        onQuality(callId, toLineQuality(statistics)).catch((error: unknown) =>
          log.error({ callId, error: String(error) }, "The quality of a call can't be stored"),
        );
      },
    });
    this.#lines.add(line);
    return line;
  }

  #notice(line: SipLine, event: CallEvent): void {
    const { log } = this.#options;
    const failed = (error: unknown) =>
      log.error({ kind: event.kind, error: String(error) }, "A phone call's event failed");
    this.#onEvent(line, event).catch(failed);
  }

  async #onEvent(line: SipLine, event: CallEvent): Promise<void> {
    switch (event.kind) {
      case "confirmed":
      case "answered":
        return this.#begin(line, event);
      case "failed":
        this.#lines.delete(line);
        line.end("connection-lost");
        if (line.callId !== undefined) await giveUp(this.#options.deps, line.callId, toDialFailure(event));
        return;
      case "digit":
        return line.digit(event.digit);
      case "ended":
        this.#lines.delete(line);
        line.leave(event);
        if (!line.isConnected && line.callId !== undefined)
          await giveUp(this.#options.deps, line.callId, {
            reason: "canceled",
            error: "the caller hung up before the call was answered",
          });
        return;
      default:
        return;
    }
  }

  /** Both sides know that the call was answered. */
  async #begin(line: SipLine, { body }: Extract<CallEvent, { kind: "confirmed" | "answered" }>): Promise<void> {
    try {
      if (body) line.accept(body);
      if (line.connect()) return;
    } catch (error) {
      if (!isRefusal(error)) throw error;
    }
    const { deps } = this.#options;
    if (line.callId !== undefined) await giveUp(deps, line.callId, { reason: "rejected", error: "no common sound" });
    line.sip?.hangUp({ reason: 'SIP;cause=488;text="No common codec"' });
  }

  #refuse(sip: IncomingCall, { status, reason }: { readonly status: number; readonly reason: string }): void {
    const { address } = sip.source;
    this.#options.log.info({ address, status, pii: { reason } }, "An incoming call was refused");
    sip.reject({ status, reason: reason.replaceAll(/[^\x20-\x7e]/g, " ").slice(0, 120) });
  }
}

/** What the caller is told when a call can't be had. */
function toRefusal(error: unknown): { readonly status: number; readonly reason: string } {
  if (isRefusal(error)) return { status: 488, reason: error.message };
  if (error instanceof LineError) return { status: 503, reason: "No Media Port Free" };
  if (error instanceof AppError) {
    if (["too_many_calls", "not_ready"].includes(error.code)) return { status: 503, reason: error.message };
    if (["not_found", "agent_inactive"].includes(error.code)) return { status: 480, reason: error.message };
  }
  return { status: 500, reason: "Server Internal Error" };
}

/** The same for the call's own record. */
function toFailure(error: unknown): Failure {
  if (isRefusal(error)) return { reason: "rejected", error: `no common sound: ${error.message}` };
  return { reason: "internal", error: error instanceof LineError ? error.message : "the call could not be connected" };
}
