import { SipHeaders } from "../message/sip-headers.ts";
import { bodyOf, type SipRequest } from "../message/sip-message.ts";
import type { RequestOutcome } from "../request/request-run.ts";
import type { CallCore } from "./call-core.ts";
import { readSipfrag } from "./sipfrag.ts";

/** How a transfer that we asked for went. */
export type TransferOutcome =
  /** The far end reached the new party. */
  | { readonly kind: "succeeded"; readonly status: number }
  /** `refused`: the far end won't try; `tried`: it tried and got `status`. */
  | {
      readonly kind: "failed";
      readonly stage: "refused" | "tried";
      readonly status: number;
      readonly reason: string;
    }
  /** The far end took it on and hung up, or said it won't report: most likely it worked. */
  | { readonly kind: "unconfirmed"; readonly why: "call_ended" | "no_reports" }
  | { readonly kind: "timed-out"; readonly stage: "refer" | "progress" }
  /** `busy`: another transfer is under way. */
  | { readonly kind: "impossible"; readonly reason: "call_over" | "busy" };

export type TransferProgress = { readonly status: number; readonly reason: string };

export type TransferOptions = {
  /** Refer-To URI. */
  readonly target: string;
  readonly headers: SipHeaders;
  /** Until the last report. Default 60 s. */
  readonly timeoutMs?: number | undefined;
  /** 202, then each report. */
  readonly onProgress?: ((progress: TransferProgress) => void) | undefined;
};

/** A far end that hangs up right after its last report may have them cross. */
const GRACE_MS = 2_000;

/** Asks the far end to call somebody else, and listens to how that goes (RFC 3515). */
export class Transfer {
  readonly #core: CallCore;
  #settle: ((outcome: TransferOutcome) => void) | undefined;
  #onProgress: ((progress: TransferProgress) => void) | undefined;

  constructor(core: CallCore) {
    this.#core = core;
    core.onClose(() => {
      if (!this.#settle) return;
      core.context.clock.after(GRACE_MS, () => this.#settle?.({ kind: "unconfirmed", why: "call_ended" }));
    });
  }

  refer({ target, headers, timeoutMs = 60_000, onProgress }: TransferOptions): Promise<TransferOutcome> {
    const core = this.#core;
    if (core.state !== "confirmed" || !core.dialog) return Promise.resolve({ kind: "impossible", reason: "call_over" });
    if (this.#settle) return Promise.resolve({ kind: "impossible", reason: "busy" });
    const own = new SipHeaders().set("refer-to", `<${target}>`).set("referred-by", `<${core.dialog.local.uri}>`);
    for (const [name, values] of headers.entries()) own.set(name, values);
    let isAccepted = false;
    return new Promise((resolve) => {
      const settle = (outcome: TransferOutcome) => {
        if (this.#settle !== settle) return;
        this.#settle = undefined;
        cancel();
        resolve(outcome);
      };
      const cancel = core.context.clock.after(timeoutMs, () => {
        settle({ kind: "timed-out", stage: isAccepted ? "progress" : "refer" });
      });
      this.#settle = settle;
      this.#onProgress = (progress) => {
        isAccepted = true;
        onProgress?.(progress);
      };
      core.background(core.request("REFER", { headers: own }).then((outcome) => this.#onReferOutcome(outcome, settle)));
    });
  }

  #onReferOutcome(outcome: RequestOutcome, settle: (outcome: TransferOutcome) => void): void {
    if (outcome.kind === "failure") {
      settle({ kind: "timed-out", stage: "refer" });
      return;
    }
    const { status, reason, headers } = outcome.response;
    if (status >= 300) settle({ kind: "failed", stage: "refused", status, reason });
    else if (headers.get("refer-sub")?.toLowerCase() === "false") settle({ kind: "unconfirmed", why: "no_reports" });
    else if (this.#settle === settle) this.#onProgress?.({ status, reason });
  }

  /** False when nobody waits for the report (answer 481). */
  onNotify(request: SipRequest): boolean {
    const settle = this.#settle;
    if (!settle) return false;
    const body = bodyOf(request);
    const report = body && readSipfrag(body);
    const isOver = /^terminated/i.test(request.headers.get("subscription-state") ?? "");
    if (report) this.#onProgress?.(report);
    if (report && report.status >= 300) settle({ kind: "failed", stage: "tried", ...report });
    else if (report && report.status >= 200) settle({ kind: "succeeded", status: report.status });
    else if (isOver) settle({ kind: "unconfirmed", why: "no_reports" });
    return true;
  }
}
