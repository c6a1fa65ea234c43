import { createHmac, randomBytes } from "node:crypto";
import type { Clock } from "../../clock.ts";
import { isSameDigest } from "./digest.ts";

export type NonceVerdict = "good" | "stale" | "forged";

/**
 * Issues nonces that carry their own date and seal, so that challenging a stranger costs no memory. Only nonces that
 * served a right password are remembered, for their counts; when that table is full the older half turns stale.
 */
export class NonceDesk {
  readonly #clock: Clock;
  readonly #lifeMs: number;
  readonly #maxUsed: number;
  readonly #key = randomBytes(32);
  /** Highest count by nonce, in the order of issue as far as it is known. */
  readonly #counts = new Map<string, number>();
  /** Nonces issued before are stale. */
  #floorMs = Number.NEGATIVE_INFINITY;

  /** @param options `lifeMs` default 5 minutes, `maxUsed` nonces remembered, default 10,000 */
  constructor(options: { clock: Clock; lifeMs?: number; maxUsed?: number }) {
    this.#clock = options.clock;
    this.#lifeMs = options.lifeMs ?? 300_000;
    this.#maxUsed = options.maxUsed ?? 10_000;
  }

  issue(): string {
    const draft = `${Math.floor(this.#clock.nowMs()).toString(36)}.${randomBytes(9).toString("base64url")}`;
    return `${draft}.${this.#seal(draft)}`;
  }

  check(nonce: string): NonceVerdict {
    const cut = nonce.lastIndexOf(".");
    if (cut < 0 || !isSameDigest(nonce.slice(cut + 1), this.#seal(nonce.slice(0, cut)))) return "forged";
    const issuedMs = this.#issuedMs(nonce);
    const isOld = this.#clock.nowMs() - issuedMs > this.#lifeMs || issuedMs < this.#floorMs;
    return isOld ? "stale" : "good";
  }

  /** Uses a good nonce up to `count`; false when that was used before. Without qop, `count` is undefined: once. */
  use(nonce: string, count: number | undefined): boolean {
    const used = this.#counts.get(nonce) ?? 0;
    if (count === undefined ? used > 0 : count <= used) return false;
    this.#counts.set(nonce, count ?? 1);
    if (this.#counts.size > this.#maxUsed) this.#forget();
    return true;
  }

  #forget(): void {
    const nowMs = this.#clock.nowMs();
    for (const nonce of this.#counts.keys()) {
      if (nowMs - this.#issuedMs(nonce) > this.#lifeMs) this.#counts.delete(nonce);
    }
    if (this.#counts.size <= this.#maxUsed) return;
    const issued = [...this.#counts.keys()].map((nonce) => this.#issuedMs(nonce)).sort((one, other) => one - other);
    this.#floorMs = (issued[Math.floor(issued.length / 2)] ?? nowMs) + 1;
    for (const nonce of this.#counts.keys()) if (this.#issuedMs(nonce) < this.#floorMs) this.#counts.delete(nonce);
  }

  #issuedMs(nonce: string): number {
    return Number.parseInt(nonce.slice(0, nonce.indexOf(".")), 36);
  }

  #seal(draft: string): string {
    return createHmac("sha256", this.#key).update(draft).digest("base64url").slice(0, 22);
  }
}
