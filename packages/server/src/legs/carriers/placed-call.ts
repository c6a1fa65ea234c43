/** A call that was ordered of a carrier: what it comes to is told once, to whoever rang. */

import type { Dialled } from "../../calls/dialler.ts";
import type { Dial, DialCode } from "../../calls/dialling/dial.ts";
import { type Failure, giveUp } from "../../calls/give-up.ts";

const CODES: Readonly<Partial<Record<Failure["reason"], DialCode>>> = {
  busy: "busy",
  "no-answer": "no_answer",
  rejected: "rejected",
  unreachable: "unknown_number",
  canceled: "canceled",
};

export type PlacedCallOptions = {
  readonly deps: Parameters<typeof giveUp>[0];
  readonly callId: string;
  readonly storeDial: (callId: string, dial: Dial) => Promise<void>;
};

export class PlacedCall {
  readonly #options: PlacedCallOptions;
  readonly #outcome = Promise.withResolvers<Dialled>();
  #isKnown = false;

  constructor(options: PlacedCallOptions) {
    this.#options = options;
  }

  /** Never rejects. A call that came to nothing is over by then. */
  get outcome(): Promise<Dialled> {
    return this.#outcome.promise;
  }

  /** Somebody has answered, and has sound. */
  async begin(): Promise<void> {
    if (this.#isKnown) return;
    this.#isKnown = true;
    const { callId, storeDial } = this.#options;
    await storeDial(callId, { code: "answered" }).finally(() => this.#outcome.resolve({ kind: "answered" }));
  }

  /** Nobody has, and this is why. */
  async fail({ reason, error, dial }: Failure): Promise<void> {
    if (this.#isKnown) return;
    this.#isKnown = true;
    const { deps, callId } = this.#options;
    const failure: Failure = { reason, error, dial: { code: CODES[reason] ?? "carrier_failed", ...dial } };
    await giveUp(deps, callId, failure).finally(() => this.#outcome.resolve({ kind: "failed", failure }));
  }

  /** Nothing more comes of it, as it was ended here. */
  leave(): void {
    if (this.#isKnown) return;
    this.#isKnown = true;
    const failure: Failure = { reason: "canceled", error: "the call was ended while it rang" };
    this.#outcome.resolve({ kind: "failed", failure });
  }
}
