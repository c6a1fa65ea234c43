/** Tickets for streams: each lets one carrier connect once, within its time. */

import { randomBytes } from "node:crypto";
import type { WallClock } from "../../wall-clock.ts";

type Ticket<Holder> = { readonly holder: Holder; readonly cancel: () => void };

/** As many as there are calls that wait for their sound. */
export class StreamTokens<Holder> {
  readonly #clock: WallClock;
  readonly #tickets = new Map<string, Ticket<Holder>>();

  constructor(clock: WallClock) {
    this.#clock = clock;
  }

  /** @returns 192 random bits, in letters that need no escaping anywhere */
  issue(holder: Holder, lastsMs: number, onExpired: () => void): string {
    const token = randomBytes(24).toString("base64url");
    const cancel = this.#clock.after(lastsMs, () => {
      this.#tickets.delete(token);
      onExpired();
    });
    this.#tickets.set(token, { holder, cancel });
    return token;
  }

  /** Whose it is; undefined for one that was never issued, has been used, or is too old. */
  redeem(token: string): Holder | undefined {
    const ticket = this.#tickets.get(token);
    if (!ticket) return undefined;
    this.#tickets.delete(token);
    ticket.cancel();
    return ticket.holder;
  }
}
