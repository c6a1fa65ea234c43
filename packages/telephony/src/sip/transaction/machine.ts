import type { SipMessage, SipResponse } from "../message/sip-message.ts";
import type { TimerName } from "./timers.ts";

/** What a transaction machine asks of whoever runs it. */
export type TransactionOutput =
  | { readonly kind: "send"; readonly message: SipMessage }
  | { readonly kind: "start-timer"; readonly timer: TimerName; readonly delayMs: number }
  | { readonly kind: "stop-timer"; readonly timer: TimerName }
  /** A response for the user of a client transaction. */
  | { readonly kind: "deliver"; readonly response: SipResponse }
  /** The other half never came. */
  | { readonly kind: "failed"; readonly reason: "timeout" | "transport" }
  /** Nothing more comes of it: forget it. */
  | { readonly kind: "ended" };

export type Step<State> = { readonly state: State; readonly outputs: readonly TransactionOutput[] };
