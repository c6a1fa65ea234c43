/** Takes the calls that come in: finds out who calls whom, and answers or refuses. */

import type { CallSlot, IncomingCall } from "@earshot/telephony";
import { AppError } from "../../app-error.ts";
import type { CallControl } from "../../calls/call-control.ts";
import { type Failure, giveUp } from "../../calls/give-up.ts";
import { type TakeCallDeps, takeCall } from "../../calls/take-call.ts";
import type { Log } from "../../telemetry/log.ts";
import { urgently } from "../../urgency.ts";
import { toCallVariables } from "./call-variables.ts";
import type { LineBook } from "./line-book.ts";
import type { LiveTrunk } from "./live-trunk.ts";
import { type Route, type RouteDeps, routeCall } from "./route-call.ts";
import { isRefusal, LineError, type SipLine } from "./sip-line.ts";

export type IncomingCallsOptions = {
  readonly deps: TakeCallDeps & RouteDeps;
  readonly thread: Pick<CallControl, "isDraining">;
  readonly lines: LineBook;
  /** Calls of our own to agents here, for far ends that want to talk to them. */
  readonly findReferred: (sip: IncomingCall) => Route | undefined;
  readonly findTrunk: (trunkId: string) => LiveTrunk | undefined;
  /** Whether the caller knows the number's password; if not, it was asked for. */
  readonly prove: (sip: IncomingCall, phoneNumber: string) => Promise<boolean>;
  readonly onStranger: () => void;
  readonly log: Log;
};

type Refusal = { readonly status: number; readonly reason: string };
const FREE: CallSlot = { kind: "taken", release: () => {} };

export class IncomingCalls {
  readonly #options: IncomingCallsOptions;

  constructor(options: IncomingCallsOptions) {
    this.#options = options;
  }

  /** Never rejects. */
  async take(sip: IncomingCall): Promise<void> {
    const { log } = this.#options;
    try {
      await urgently(() => this.#route(sip));
    } catch (error) {
      const refusal = toRefusal(error);
      if (refusal.status === 500) log.error({ error: String(error) }, "An incoming call could not be taken");
      this.#refuse(sip, refusal);
    }
  }

  async #route(sip: IncomingCall): Promise<void> {
    const { deps, thread, findTrunk, prove, onStranger } = this.#options;
    if (thread.isDraining) return this.#refuse(sip, { status: 503, reason: "Shutting Down" });
    const route = this.#options.findReferred(sip) ?? (await routeCall(deps, sip));
    if ("status" in route) {
      if (route.isStranger) onStranger();
      return this.#refuse(sip, route);
    }
    if (route.mustProve !== undefined && !(await prove(sip, route.mustProve))) return;
    const trunk = route.trunkId === undefined ? undefined : findTrunk(route.trunkId);
    const slot = trunk?.takeIncoming() ?? FREE;
    if (slot.kind === "refused")
      return this.#refuse(sip, { status: 503, reason: "All Calls Of The Trunk Are Under Way" });
    try {
      const replaced = this.#options.lines.with(sip.replaces);
      if (replaced?.isConnected && replaced.callId !== undefined) {
        const taken = { id: replaced.callId, variables: {}, replaced, softphone: route.softphone };
        return await this.#answer(sip, taken, trunk, slot.release);
      }
      const variables = toCallVariables(sip.headers);
      const { call, failure } = await takeCall(deps, { ...route, variables });
      const { softphone } = route;
      if (failure === undefined) return await this.#answer(sip, { ...call, softphone }, trunk, slot.release);
      this.#refuse(sip, { status: failure.reason === "rejected" ? 603 : 480, reason: failure.error });
    } catch (error) {
      slot.release();
      throw error;
    }
    slot.release();
  }

  async #answer(
    sip: IncomingCall,
    call: {
      readonly id: string;
      readonly variables: Readonly<Record<string, string>>;
      readonly softphone: string | undefined;
      /** The line that has the call so far (RFC 3891): whoever is on it has had somebody else take their place. */
      readonly replaced?: SipLine;
    },
    trunk: LiveTrunk | undefined,
    onOver: () => void,
  ): Promise<void> {
    const { deps, lines } = this.#options;
    const line = lines.open(sip.source, trunk);
    lines.dress(line, call.variables);
    line.softphone = call.softphone;
    line.isHandedOver = call.replaced?.isHandedOver === true;
    line.onEnd(onOver);
    line.bind(sip, call.id);
    sip.watch({ media: line.media, onEvent: (event) => lines.notice(line, event) });
    try {
      const isEarly = trunk?.settings.ringsWith === "183" && sip.offer !== undefined;
      if (!sip.isOver && !isEarly) sip.progress();
      await line.ready();
      const body = sip.offer ? line.answer(sip.offer) : line.offer();
      if (isEarly) sip.progress({ status: 183, body });
      call.replaced?.cede();
      if (sip.answer({ body })) return;
      await giveUp(deps, call.id, { reason: "canceled", error: "the caller hung up before the call was answered" });
    } catch (error) {
      line.unbind();
      lines.forget(line);
      this.#refuse(sip, toRefusal(error));
      if (call.replaced === undefined) await giveUp(deps, call.id, toFailure(error));
    }
  }

  #refuse(sip: IncomingCall, { status, reason }: Refusal): void {
    const { address } = sip.source;
    this.#options.log.info({ address, status, pii: { reason } }, "An incoming call was refused");
    sip.reject({ status, reason: reason.replaceAll(/[^\x20-\x7e]/g, " ").slice(0, 120) });
  }
}

/** What the caller is told when a call can't be had. */
function toRefusal(error: unknown): Refusal {
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
