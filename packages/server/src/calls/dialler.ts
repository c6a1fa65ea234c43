import type { PhoneNumber } from "../phone-numbers/phone-number.ts";
import type { Call } from "./call.ts";
import type { Failure } from "./give-up.ts";

export type DialOptions = {
  /** Default 45 s. */
  readonly ringTimeoutMs?: number | undefined;
  /** SIP headers of the call, by name; `{{name}}` is a variable of the call. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
};

/** What came of ringing: somebody has answered and the call has begun, or it is over with the reason. */
export type Dialled = { readonly kind: "answered" } | { readonly kind: "failed"; readonly failure: Failure };

/** Rings telephones that are no numbers of agents here. */
export interface Dialler {
  /**
   * Rings in the background: a call that waits for its far end begins when somebody answers, and else ends with the
   * reason. False when nothing leads to `call.toNumber`: then nothing was done.
   */
  dial(call: Call, from: PhoneNumber, options?: DialOptions): Promise<boolean>;
}

/** As `Dialler.dial`, but waits for what comes of it. Undefined when nothing leads there. */
export type Ring = (call: Call, from: PhoneNumber, options?: DialOptions) => Promise<Dialled | undefined>;
