/** Takes the calls that an Asterisk brings, by AudioSocket or chan_websocket: from addresses that are allowed to. */

import { AllowList } from "@earshot/telephony";
import { AppError } from "../../app-error.ts";
import type { CallControl } from "../../calls/call-control.ts";
import { type TakeCallDeps, takeCall } from "../../calls/take-call.ts";
import { parsePhoneNumber } from "../../phone-numbers/parse-phone-number.ts";
import type { PhoneNumberStore } from "../../phone-numbers/store.ts";
import type { Log } from "../../telemetry/log.ts";
import { CarrierLine, type StreamThread } from "../carriers/carrier-line.ts";
import { toNumber } from "../carriers/carrier-voice.ts";

export type AsteriskDeskOptions = {
  readonly deps: TakeCallDeps & { readonly phoneNumbers: Pick<PhoneNumberStore, "findActive"> };
  readonly thread: StreamThread & Pick<CallControl, "isDraining">;
  readonly log: Log;
  /** Addresses and CIDR ranges, for each way to come. */
  readonly allowed: Readonly<Record<AsteriskWay, readonly string[]>>;
};

export type AsteriskWay = "asterisk" | "audiosocket";

export type AsteriskCall = {
  /** Where it comes from. */
  readonly address: string;
  /** As the dialplan wrote them. */
  readonly to: string;
  readonly from: string;
};

/** An HTTP status, and why in words. */
export type AsteriskRefusal = { readonly refused: string; readonly status: 403 | 404 | 503 };

export class AsteriskDesk {
  readonly #options: AsteriskDeskOptions;
  readonly #allowed: Readonly<Record<AsteriskWay, AllowList>>;

  constructor(options: AsteriskDeskOptions) {
    this.#options = options;
    const { asterisk, audiosocket } = options.allowed;
    this.#allowed = { asterisk: new AllowList(asterisk), audiosocket: new AllowList(audiosocket) };
  }

  isAllowed(way: AsteriskWay, address: string): boolean {
    return this.#allowed[way].has(address.replace(/^::ffff:/i, ""));
  }

  async take(way: AsteriskWay, call: AsteriskCall): Promise<{ readonly line: CarrierLine } | AsteriskRefusal> {
    const taken = await this.#take(way, call);
    if ("refused" in taken) {
      const { refused, status } = taken;
      const { address } = call;
      this.#options.log.info({ address, status, pii: { refused } }, "An incoming call was refused");
    }
    return taken;
  }

  async #take(
    way: AsteriskWay,
    { address, to, from }: AsteriskCall,
  ): Promise<{ readonly line: CarrierLine } | AsteriskRefusal> {
    const { deps, thread, log } = this.#options;
    if (!this.isAllowed(way, address)) return { refused: `${address} is not in EARSHOT_ASTERISK_ALLOW`, status: 403 };
    if (thread.isDraining) return { refused: "the server is shutting down", status: 503 };
    const wanted = parsePhoneNumber(toNumber(to))?.phoneNumber ?? toNumber(to);
    const number = await deps.phoneNumbers.findActive(wanted);
    if (number === undefined) return { refused: `there is no number "${wanted}" here`, status: 404 };
    try {
      const fromNumber = toNumber(from) || "anonymous";
      const request = { taker: { number }, fromNumber, toNumber: number.phoneNumber, callerName: "", variables: {} };
      const { call, failure } = await takeCall(deps, request);
      if (failure) return { refused: failure.error, status: 404 };
      const line: CarrierLine = new CarrierLine({
        ...{ carrier: way, callId: call.id, thread, control: deps.control, clock: deps.clock },
        onProblem: (problem) => log.warn({ callId: line.callId, problem }, "A stream of Asterisk has a problem"),
        onDone: () => {},
      });
      return { line };
    } catch (error) {
      if (error instanceof AppError) return { refused: error.message, status: 503 };
      throw error;
    }
  }
}
