import { parseNameAddr } from "../message/name-addr.ts";
import { reasonPhrase } from "../message/reason-phrases.ts";
import { SipHeaders } from "../message/sip-headers.ts";
import type { ServerTransaction } from "../transaction/server-transaction.ts";
import type { CallCore } from "./call-core.ts";
import type { ReferRequest } from "./call-event.ts";
import { readReferTo } from "./replaces.ts";
import { makeSipfrag } from "./sipfrag.ts";

/** A request nobody decides on is refused before its sender gives up. */
const DECIDE_MS = 20_000;
/** How long the far end may expect reports. */
const REPORT_SECONDS = 180;

/** A REFER inside a call, and what is told about it. */
export class IncomingRefer implements ReferRequest {
  readonly target: string;
  readonly inviteHeaders: Readonly<Record<string, string>>;
  readonly headers: SipHeaders;
  readonly #core: CallCore;
  readonly #transaction: ServerTransaction;
  readonly #wantsReports: boolean;
  readonly #cancelTimeout: () => void;
  #state: "asked" | "accepted" | "done" = "asked";

  /** @throws SipError when Refer-To is no address */
  constructor(core: CallCore, transaction: ServerTransaction) {
    const { headers } = transaction.request;
    const referTo = parseNameAddr(headers.get("refer-to") ?? "", "Refer-To");
    const { target, headers: embedded } = readReferTo(referTo.uri);
    const referredBy = headers.get("referred-by");
    this.target = target;
    this.inviteHeaders = { ...embedded, ...(referredBy !== undefined && { "referred-by": referredBy }) };
    this.headers = headers;
    this.#core = core;
    this.#transaction = transaction;
    this.#wantsReports = headers.get("refer-sub")?.trim().toLowerCase() !== "false";
    this.#cancelTimeout = core.context.clock.after(DECIDE_MS, () => this.reject(603));
  }

  get isAttended(): boolean {
    return this.inviteHeaders["replaces"] !== undefined;
  }

  accept(): void {
    if (this.#state !== "asked") return;
    this.#cancelTimeout();
    this.#state = "accepted";
    this.#core.reply(this.#transaction, {
      status: 202,
      headers: this.#wantsReports ? {} : { "refer-sub": "false" },
    });
    this.report(100);
  }

  reject(status = 603): void {
    if (this.#state !== "asked") return;
    this.#cancelTimeout();
    this.#state = "done";
    this.#core.reply(this.#transaction, { status });
  }

  report(status: number, reason = reasonPhrase(status)): void {
    const core = this.#core;
    if (this.#state !== "accepted") return;
    const isLast = status >= 200;
    if (isLast) this.#state = "done";
    if (!this.#wantsReports || core.state === "ended") return;
    const headers = new SipHeaders()
      .set("event", "refer")
      .set("subscription-state", isLast ? "terminated;reason=noresource" : `active;expires=${REPORT_SECONDS}`);
    core.background(core.request("NOTIFY", { headers, body: makeSipfrag(status, reason) }));
  }
}
