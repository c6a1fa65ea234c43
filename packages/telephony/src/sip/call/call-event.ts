import type { SipHeaders } from "../message/sip-headers.ts";
import type { SipBody } from "../message/sip-message.ts";

/** Why an outgoing call was never answered. */
export type CallOutcome =
  | "busy"
  | "no_answer"
  | "rejected"
  | "unreachable"
  | "unknown_number"
  | "unauthorized"
  | "no_common_media"
  | "redirected"
  | "cancelled"
  | "failed";

/** Why a call is over. */
export type EndCause =
  | "local_hang_up"
  | "remote_hang_up"
  /** The caller gave up before the answer. */
  | "cancelled"
  /** The caller gave up because somebody else answered (Reason: SIP;cause=200). */
  | "answered_elsewhere"
  | "rejected"
  /** Nobody here answered in time. */
  | "not_answered"
  /** Another call took this one's place. */
  | "replaced"
  /** The 200 was never acknowledged. */
  | "no_ack"
  /** A reliable 18x was never acknowledged. */
  | "no_prack"
  | "session_expired"
  /** The far end no longer knows the call. */
  | "dialog_gone"
  | "unreachable"
  | "protocol_error"
  | "shutdown";

/** What happens to a call. After `failed` or `ended` nothing more happens. */
export type CallEvent =
  | { readonly kind: "ringing"; readonly status: number; readonly headers: SipHeaders }
  /** A body in an 18x; with forking there may be several, told apart by `branchTag`. */
  | {
      readonly kind: "early-media";
      readonly status: number;
      readonly body: SipBody;
      readonly branchTag: string;
      readonly headers: SipHeaders;
    }
  /** Outgoing: the far end answered. `body` is its answer, which may have come in a reliable 18x. */
  | { readonly kind: "answered"; readonly body: SipBody | undefined; readonly headers: SipHeaders }
  /** Incoming: our answer has arrived. `body` is the far end's answer to our offer, if we made one. */
  | { readonly kind: "confirmed"; readonly body: SipBody | undefined }
  | {
      readonly kind: "failed";
      readonly outcome: CallOutcome;
      /** 0 when no response came. */
      readonly status: number;
      readonly reason: string;
      readonly headers: SipHeaders | undefined;
      /** Contacts of a 3xx that weren't followed. */
      readonly redirects: readonly string[];
    }
  | {
      readonly kind: "ended";
      readonly cause: EndCause;
      /** The Reason header of the BYE or CANCEL. */
      readonly reason: string | undefined;
      /** Headers of the BYE or CANCEL. */
      readonly headers: SipHeaders | undefined;
    }
  | { readonly kind: "digit"; readonly digit: string; readonly durationMs: number | undefined }
  | { readonly kind: "info"; readonly body: SipBody | undefined; readonly headers: SipHeaders }
  | { readonly kind: "message"; readonly body: SipBody | undefined; readonly headers: SipHeaders }
  | { readonly kind: "refer"; readonly refer: ReferRequest }
  /** The far end's address or identity changed on a re-INVITE or UPDATE. */
  | { readonly kind: "refreshed"; readonly headers: SipHeaders };

/** The far end asks us to call somebody (RFC 3515). Decide with `accept` or `reject`, then report. */
export interface ReferRequest {
  /** Whom to call, without headers. */
  readonly target: string;
  /** For the new INVITE: Replaces for an attended transfer, and Referred-By. */
  readonly inviteHeaders: Readonly<Record<string, string>>;
  /** True for an attended transfer. */
  readonly isAttended: boolean;
  /** All headers of the REFER. */
  readonly headers: SipHeaders;
  /** Takes it on: 202, and a first report. Again: no effect. */
  accept(): void;
  /** Refuses; 603 by default. */
  reject(status?: number): void;
  /** Tells the far end how the new call goes; a final status ends the reports. */
  report(status: number, reason?: string): void;
}

/** The media side of a call: it alone understands the bodies. */
export interface CallMedia {
  /** The far end offers anew: gives the answer, or undefined to refuse (488). Nothing changes then. */
  onOffer(offer: SipBody): SipBody | undefined | Promise<SipBody | undefined>;
  /** The far end asks what we offer, or a session is refreshed: gives an offer. */
  makeOffer(): SipBody | Promise<SipBody>;
  /** The answer to an offer of ours that wasn't in an answer event. */
  onAnswer(answer: SipBody): void;
}

/** Who watches a call. */
export type CallWatcher = {
  readonly media?: CallMedia;
  readonly onEvent: (event: CallEvent) => void;
};
