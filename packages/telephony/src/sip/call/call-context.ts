import type { Clock } from "../../clock.ts";
import type { Dialog } from "../dialog/dialog.ts";
import type { SipRequest, SipResponse } from "../message/sip-message.ts";
import type { ServerTransaction } from "../transaction/server-transaction.ts";
import type { TransactionLayer } from "../transaction/transaction-layer.ts";
import type { Source, Target } from "../transport/network.ts";
import type { SessionIntervalSettings } from "./session-interval.ts";

/** What a call gets of its user agent. */
export type CallContext = {
  readonly clock: Clock;
  readonly layer: TransactionLayer;
  /** Value of User-Agent and Server. */
  readonly productName: string;
  readonly session: SessionIntervalSettings;
  /** Where a URI's requests go, best first; empty when it leads nowhere. */
  targetsOf(uri: string): Promise<readonly Target[]>;
  /** Our own address as a Contact value, for messages to that peer. */
  contactFor(peer: Source | Target, user: string | undefined): string;
  /** From now on requests inside this dialog go to the owner. */
  addDialog(dialog: Dialog, owner: DialogOwner): void;
  removeDialog(dialog: Dialog): void;
  /** Somebody who watches a call threw. */
  onWatcherError(error: unknown): void;
  /** A step of one call failed that shouldn't. */
  onInternalError(error: unknown): void;
};

/** Who gets what arrives inside a dialog. */
export interface DialogOwner {
  readonly isOver: boolean;
  onRequest(transaction: ServerTransaction): void;
  onAck(request: SipRequest): void;
  /** A 2xx that came again after its transaction was gone. */
  onRepeatedAnswer(response: SipResponse): void;
  closeFor(cause: "replaced" | "shutdown"): void;
}

/** Methods that are understood. */
export const ALLOWED_METHODS = "INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, UPDATE, REFER, NOTIFY, PRACK, MESSAGE";
/** Extensions that are understood; `norefersub` as RFC 4488. */
export const SUPPORTED_EXTENSIONS = "100rel, timer, replaces, norefersub";
