/** Where a trunk's 3xx answer may send a call: to addresses of the trunk itself, and to numbers that may be called. */

import { isIP } from "node:net";
import { findUri, type SipUri, type Target, userOf } from "@earshot/telephony";
import type { Failure } from "../../calls/give-up.ts";
import { isEmergencyNumber } from "../../phone-numbers/is-emergency-number.ts";
import { asTrunkWrites } from "./find-ways.ts";
import { type LiveTrunk, targetOf } from "./live-trunk.ts";

/** Of one call. */
export const MAX_REDIRECTS = 5;

export type RedirectsOptions = {
  readonly trunk: Pick<LiveTrunk, "settings" | "isAt">;
  /** The number that is called, in E.164: it may be called elsewhere, too. */
  readonly toNumber: string;
  /** Why a number must not be called. */
  readonly judge: (phoneNumber: string) => Promise<Failure | undefined>;
  /** Names and short numbers too, which the trunk alone understands. Default false. */
  readonly allowsExtensions?: boolean;
  readonly targetsOf: (uri: string) => Promise<readonly Target[]>;
};

export class Redirects {
  readonly #options: RedirectsOptions;
  #refusal: string | undefined;

  constructor(options: RedirectsOptions) {
    this.#options = options;
  }

  /** Why the last address was refused. */
  get refusal(): string | undefined {
    return this.#refusal;
  }

  /** The URI to call for one that was named; undefined: it must not be called. */
  readonly follow = async (named: string): Promise<string | undefined> => {
    this.#refusal = (await this.#refuse(named))?.slice(0, 300);
    if (this.#refusal !== undefined) return undefined;
    const { settings } = this.#options.trunk;
    const number = this.#numberOf(findUri(named));
    return /^tel:/i.test(named) ? targetOf(settings, asTrunkWrites(settings, number ?? "")) : named;
  };

  async #refuse(named: string): Promise<string | undefined> {
    const uri = findUri(named);
    if (uri === undefined || uri.scheme === "sips" || uri.params.has("maddr"))
      return `${named} is no address that the trunk could be called at`;
    if (uri.scheme === "sip" && !(await this.#isOurs(uri, named)))
      return `${uri.host} is none of the trunk's addresses: "allow" would name it`;
    const number = this.#numberOf(uri);
    if (number === undefined && this.#options.allowsExtensions === true && isExtension(uri)) return undefined;
    if (number === undefined) return `${named} names no number in E.164`;
    return number === this.#options.toNumber ? undefined : (await this.#options.judge(number))?.error;
  }

  async #isOurs({ host }: SipUri, named: string): Promise<boolean> {
    const { trunk, targetsOf } = this.#options;
    const address = host.replaceAll(/[[\]]/g, "");
    const { settings } = trunk;
    const own = [settings.host, settings.domain, findUri(settings.outboundProxy ?? "")?.host];
    if (own.some((name) => name?.toLowerCase() === host.toLowerCase())) return true;
    if (isIP(address) !== 0) return trunk.isAt(address);
    const targets = await targetsOf(named).catch(() => []);
    return targets.length > 0 && targets.every((target) => trunk.isAt(target.address));
  }

  /** In E.164. Without a plus it is the number that is called, or one of a trunk that writes them so. */
  #numberOf(uri: SipUri | undefined): string | undefined {
    const { trunk, toNumber } = this.#options;
    const user =
      uri &&
      userOf(uri)
        .split(";")[0]
        ?.replaceAll(/[-.()]/g, "");
    const [, plus, digits] = /^(\+?)([1-9]\d{6,14})$/.exec(user ?? "") ?? [];
    if (digits === undefined) return undefined;
    const isWhole = plus === "+" || !trunk.settings.hasLeadingPlus || toNumber === `+${digits}`;
    return isWhole ? `+${digits}` : undefined;
  }
}

/** Nothing that a telephone network would take for a number of its own. */
function isExtension(uri: SipUri): boolean {
  const user = userOf(uri);
  if (isEmergencyNumber(user)) return false;
  return uri.scheme === "sip" && /^(?:\d{2,6}|(?=.*[a-z])[\w.-]{1,64})$/i.test(user);
}
