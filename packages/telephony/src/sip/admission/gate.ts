import type { Clock } from "../../clock.ts";
import type { SipRequest } from "../message/sip-message.ts";
import type { Source } from "../transport/network.ts";
import { ADMITTED, type AdmissionVerdict } from "./admission.ts";
import { AllowList } from "./allow-list.ts";
import { TokenBuckets } from "./token-buckets.ts";

export type GateOptions = {
  readonly clock: Clock;
  /** Trusted sources: never limited. */
  readonly trusted?: readonly string[];
  /** Asked of what is not among them; must not work. */
  readonly isTrusted?: (address: string) => boolean;
  /** Sources that are never answered. */
  readonly blocked?: readonly string[];
  /** What others may do: `limited` take their chances with digest and rates; `refused` get 403; `ignored` nothing. */
  readonly strangers?: "limited" | "refused" | "ignored";
  /** Of one stranger. Default 5 a second, 20 at once. */
  readonly perSecond?: number;
  readonly burst?: number;
  /** Of all strangers together. Default 200 a second, 400 at once. */
  readonly totalPerSecond?: number;
  readonly totalBurst?: number;
  /** Strangers remembered. Default 10,000. */
  readonly maxSources?: number;
};

/** Lets requests in by address and rate, before anything else is done for them. Give `admit` to the user agent. */
export class Gate {
  readonly #trusted: AllowList;
  readonly #isTrusted: (address: string) => boolean;
  readonly #blocked: AllowList;
  readonly #strangers: "limited" | "refused" | "ignored";
  readonly #each: TokenBuckets;
  readonly #all: TokenBuckets;
  #isDraining = false;

  /** @throws RangeError for an entry that is neither an address nor a network */
  constructor(options: GateOptions) {
    const { clock, maxSources = 10_000 } = options;
    const { perSecond = 5, burst = 20, totalPerSecond = 200, totalBurst = 400 } = options;
    this.#trusted = new AllowList(options.trusted ?? []);
    this.#isTrusted = options.isTrusted ?? (() => false);
    this.#blocked = new AllowList(options.blocked ?? []);
    this.#strangers = options.strangers ?? "limited";
    this.#each = new TokenBuckets({ clock, perSecond, burst, maxSources });
    this.#all = new TokenBuckets({ clock, perSecond: totalPerSecond, burst: totalBurst, maxSources: 1 });
  }

  /** From now on new calls get 503. */
  drain(): void {
    this.#isDraining = true;
  }

  readonly admit = (request: SipRequest, { address }: Source): AdmissionVerdict => {
    if (this.#blocked.has(address)) return { kind: "ignored", reason: "blocked" };
    if (this.#isDraining && request.method === "INVITE") return { kind: "refused", status: 503, reason: "draining" };
    if (this.#trusted.has(address) || this.#isTrusted(address)) return ADMITTED;
    if (this.#strangers === "ignored") return { kind: "ignored", reason: "not_allowed" };
    // Also what is refused is counted: answers to a flood with a forged source would hit a bystander.
    if (!this.#each.take(address) || !this.#all.take("")) return { kind: "ignored", reason: "too_many_requests" };
    if (this.#strangers === "refused") return { kind: "refused", status: 403, reason: "not_allowed" };
    return ADMITTED;
  };
}
