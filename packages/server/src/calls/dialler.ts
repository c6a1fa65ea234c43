import type { PhoneNumber } from "../phone-numbers/phone-number.ts";
import type { Call } from "./call.ts";

/** Rings telephones that are no numbers of agents here. */
export interface Dialler {
  /**
   * Rings in the background: a call that waits for its far end begins when somebody answers, and else ends with the
   * reason. False when nothing leads to `call.toNumber`: then nothing was done.
   */
  dial(call: Call, from: PhoneNumber): Promise<boolean>;
}
