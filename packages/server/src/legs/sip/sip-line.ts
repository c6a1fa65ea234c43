/** One telephone call on the main thread: what both sides agree on of the sound, and which call of ours it belongs to. */

import { randomBytes, randomInt } from "node:crypto";
import type { LegClosedReason } from "@earshot/engine";
import {
  acceptAnswer,
  answerOffer,
  type Call,
  type CallEvent,
  type CallMedia,
  findPart,
  type MediaAgreement,
  type MediaCapabilities,
  type MediaStatistics,
  makeOffer,
  type Negotiation,
  NegotiationError,
  parseSdp,
  SdpError,
  type SessionDescription,
  type SipBody,
  serialiseSdp,
  startNegotiation,
  textBody,
  withdrawOffer,
} from "@earshot/telephony";
import type { WallClock } from "../../wall-clock.ts";
import type { FromLine, LineWire } from "./line-messages.ts";
import type { LiveTrunk } from "./live-trunk.ts";
import { type Referred, toReferred } from "./transfer-outcome.ts";

const SDP = "application/sdp";
/** What the far end has still to play when the last packet has left. */
const GOODBYE_MS = 200;
/** How long the last word on a call may take from the other thread. */
const LAST_REPORT_MS = 2_000;

export class LineError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = "LineError";
    this.code = code;
  }
}

export type SipLineOptions = {
  readonly openLine: (onReport: (report: FromLine) => void) => LineWire;
  /** Resolves once the call with this id is over. */
  readonly whenOver: (callId: string) => Promise<void>;
  readonly clock: WallClock;
  readonly capabilities: Omit<MediaCapabilities, "rtpPort" | "makeKey">;
  readonly onStatistics: (callId: string, statistics: MediaStatistics) => void;
};

export class SipLine {
  readonly #options: SipLineOptions;
  readonly #opened = Promise.withResolvers<number>();
  readonly #wire: LineWire;
  #negotiation: Negotiation | undefined;
  #agreement: MediaAgreement | undefined;
  #sip: Call | undefined;
  #callId: string | undefined;
  #isConnected = false;
  #isOver = false;
  #isReferring = false;
  #isCeded = false;
  #isKept = false;
  #left: Extract<CallEvent, { kind: "ended" }> | undefined;
  readonly #onEnd: (() => void)[] = [];
  /** Of transfers and of our end. */
  headers: Readonly<Record<string, string>> = {};
  /** That the call came or went through. */
  trunk: LiveTrunk | undefined;
  /** The number whose registered softphone is at the far end. */
  softphone: string | undefined;
  /** Its call came to it, or to the line whose place it takes, from another. */
  isHandedOver = false;

  constructor(options: SipLineOptions) {
    this.#options = options;
    this.#opened.promise.catch(() => {});
    this.#wire = options.openLine((report) => this.#receive(report));
  }

  /** The call of ours; undefined before there is one. */
  get callId(): string | undefined {
    return this.#callId;
  }

  get isConnected(): boolean {
    return this.#isConnected;
  }

  get sip(): Call | undefined {
    return this.#sip;
  }

  /** Runs once the line is over. */
  onEnd(run: () => void): void {
    if (this.#isOver) run();
    else this.#onEnd.push(run);
  }

  /** Waits for the ports. @throws LineError with the reason that there are none */
  async ready(): Promise<void> {
    const rtpPort = await this.#opened.promise;
    const makeKey = (bytes: number) => new Uint8Array(randomBytes(bytes));
    const sessionId = String(randomInt(1, 2 ** 47));
    this.#negotiation = startNegotiation({ ...this.#options.capabilities, rtpPort, makeKey }, sessionId);
  }

  /** The call of ours that is had on this line; it may end before it has begun. */
  bind(sip: Call, callId: string): void {
    this.#sip = sip;
    this.#callId = callId;
    void this.#options.whenOver(callId).then(() => {
      if (!this.#isConnected) this.#hangUp("the call was ended");
    });
  }

  /** Another line is to have its call: the end of this one is not the call's. */
  cede(): void {
    this.#callId = undefined;
    this.#isCeded = true;
  }

  /** The far end may hang up without an end to the call: somebody else is asked to take its place. */
  get isKept(): boolean {
    return this.#isKept;
  }

  keep(isKept: boolean): void {
    this.#isKept = isKept;
    const left = this.#left;
    this.#left = undefined;
    if (left && !isKept) this.leave(left);
  }

  /** Nothing comes of it: the line is given back, and both calls are somebody else's to end. */
  unbind(): void {
    this.#sip = undefined;
    this.#callId = undefined;
    this.end("failed");
  }

  /** The call of ours that has the line from now on. */
  moveTo(callId: string): void {
    this.#callId = callId;
    this.isHandedOver = true;
  }

  /** Our offer. */
  offer(): SipBody {
    const made = makeOffer(this.#ready());
    this.#negotiation = made.negotiation;
    return toBody(made.description);
  }

  /** @throws SdpError, NegotiationError */
  answer(offer: SipBody): SipBody {
    const agreed = answerOffer(this.#ready(), read(offer));
    this.#negotiation = agreed.negotiation;
    this.#agree(agreed.agreement);
    return toBody(agreed.description);
  }

  /** @throws SdpError, NegotiationError */
  accept(answer: SipBody): void {
    const agreed = acceptAnswer(this.#ready(), read(answer));
    this.#negotiation = agreed.negotiation;
    this.#agree(agreed.agreement);
  }

  /** For changes in the course of the call. */
  readonly media: CallMedia = {
    onOffer: (offer) => {
      try {
        return this.answer(offer);
      } catch (error) {
        if (isRefusal(error)) return undefined;
        throw error;
      }
    },
    makeOffer: () => this.offer(),
    onAnswer: (answer) => {
      try {
        this.accept(answer);
      } catch (error) {
        if (!isRefusal(error)) throw error;
        this.#negotiation = withdrawOffer(this.#ready());
      }
    },
  };

  /** Both sides are there: the call of ours begins. False when they have not agreed on any sound. */
  connect(): boolean {
    if (this.#isConnected || this.#isOver || this.#agreement === undefined || this.#callId === undefined) return false;
    this.#isConnected = true;
    const how = this.isHandedOver ? { isHandedOver: true } : {};
    this.#wire.send({ kind: "connect", callId: this.#callId, agreement: this.#agreement, ...how });
    return true;
  }

  digit(digit: string): void {
    this.#wire.send({ kind: "digit", digit });
  }

  /** Asks the far end to call somebody else, a SIP URI. Never rejects. */
  async refer(target: string): Promise<Referred> {
    const sip = this.#sip;
    if (sip === undefined || !this.#isConnected) return { outcome: "failed" };
    this.#isReferring = true;
    try {
      return toReferred(await sip.refer({ target, headers: this.headers }));
    } catch (error) {
      return { outcome: "failed", message: error instanceof Error ? error.message : String(error) };
    } finally {
      this.#isReferring = false;
    }
  }

  /** The far end has hung up. */
  leave(event: Extract<CallEvent, { kind: "ended" }>): void {
    // The sound of a line that was replaced is closed by the one that has its call.
    if (this.#isCeded && event.cause === "replaced") return;
    if (this.#isKept && !this.#isCeded && event.cause === "remote_hang_up" && this.#agreement) {
      this.#left = event;
      // On hold, the agent waits.
      this.#wire.send({
        kind: "update",
        agreement: { ...this.#agreement, direction: "inactive", isHeldByPeer: true },
      });
      return;
    }
    const hasLeft = this.#isReferring && event.cause === "remote_hang_up";
    this.end(hasLeft ? "transferred" : closedReason(event));
  }

  /** The far end is gone, or never came. Idempotent. */
  end(reason: LegClosedReason): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#wire.send({ kind: "end", reason });
    for (const run of this.#onEnd.splice(0)) run();
    this.#options.clock.after(LAST_REPORT_MS, () => this.#wire.close());
  }

  #ready(): Negotiation {
    if (this.#negotiation === undefined) throw new LineError("not_ready", "The line has no ports yet.");
    return this.#negotiation;
  }

  #agree(agreement: MediaAgreement): void {
    this.#agreement = agreement;
    if (this.#isConnected) this.#wire.send({ kind: "update", agreement });
  }

  #receive(report: FromLine): void {
    switch (report.kind) {
      case "opened":
        return this.#opened.resolve(report.rtpPort);
      case "failed":
        // Whoever waits for the ports tells the far end why there is no call.
        return this.#opened.reject(new LineError(report.code, report.message));
      case "digits":
        void this.#sendDigits(report.digits);
        return;
      case "statistics":
        if (this.#callId !== undefined) this.#options.onStatistics(this.#callId, report.statistics);
        return;
      case "hang-up":
        this.#options.clock.after(GOODBYE_MS, () => this.#hangUp(report.reason));
        return;
    }
  }

  async #sendDigits(digits: string): Promise<void> {
    for (const digit of digits) await this.#sip?.sendDigit(digit);
  }

  #hangUp(reason: string): void {
    this.end("failed");
    this.#sip?.hangUp({
      headers: this.headers,
      reason: `SIP;cause=200;text="${reason.replaceAll(/[^\w .,-]/g, " ")}"`,
    });
  }
}

/** Why the far end of a call went, for the call. */
function closedReason(event: Extract<CallEvent, { kind: "ended" }>): LegClosedReason {
  switch (event.cause) {
    case "remote_hang_up":
    case "cancelled":
    case "answered_elsewhere":
    case "local_hang_up":
    case "shutdown":
      return "caller-hung-up";
    case "replaced":
      return "transferred";
    case "no_ack":
    case "no_prack":
    case "not_answered":
    case "rejected":
    case "session_expired":
    case "dialog_gone":
    case "unreachable":
    case "protocol_error":
      return "connection-lost";
  }
}

export function isRefusal(error: unknown): error is SdpError | NegotiationError {
  return error instanceof SdpError || error instanceof NegotiationError;
}

function read(body: SipBody): SessionDescription {
  const part = findPart(body, SDP) ?? body;
  return parseSdp(new TextDecoder().decode(part.content));
}

function toBody(description: SessionDescription): SipBody {
  return textBody(SDP, serialiseSdp(description));
}
