/** Softphones that have registered as numbers of this installation: who they are, and how they are reached. */

import {
  type Binding,
  type Clock,
  DigestServer,
  findUri,
  type IncomingCall,
  type LocationStore,
  type RegisteredTarget,
  Registrar,
  type Source,
  userOf,
} from "@earshot/telephony";
import { parsePhoneNumber } from "../../phone-numbers/parse-phone-number.ts";
import type { PhoneNumber } from "../../phone-numbers/phone-number.ts";
import { openSoftphonePassword } from "../../phone-numbers/softphone-password.ts";
import type { PhoneNumberStore } from "../../phone-numbers/store.ts";
import type { Vault } from "../../secrets/vault.ts";

const REALM = "earshot";

export type SoftphonesOptions = {
  readonly clock: Clock;
  readonly phoneNumbers: Pick<PhoneNumberStore, "findActive">;
  readonly vault: Vault;
};

export class Softphones {
  readonly #options: SoftphonesOptions;
  /** By E.164. As many as there are numbers with a password. */
  readonly #bindings = new Map<string, readonly Binding[]>();
  readonly #registrar: Registrar;
  readonly #digest: DigestServer;

  constructor(options: SoftphonesOptions) {
    this.#options = options;
    const { clock } = options;
    this.#digest = new DigestServer({ clock, realm: REALM });
    this.#registrar = new Registrar({
      clock,
      realm: REALM,
      store: this.#store,
      findSecret: (username) => this.#findSecret(username),
      mayRegister: (username, aor) => toNumber(username) === numberOf(aor),
    });
  }

  /** For the user agent. */
  get handle(): Registrar["handle"] {
    return this.#registrar.handle;
  }

  /** The phones registered as this number, preferred first. */
  find(phoneNumber: string): Promise<readonly RegisteredTarget[]> {
    return this.#registrar.find(`${phoneNumber}@${REALM}`);
  }

  /** Whether the caller knows the number's password; if not, it was asked for, and the next attempt is another call. */
  async prove(call: IncomingCall, phoneNumber: string): Promise<boolean> {
    const verdict = await call.authenticate(this.#digest, (username) =>
      toNumber(username) === phoneNumber ? this.#findSecret(username) : undefined,
    );
    return verdict.kind === "accepted";
  }

  /** The number whose phone sits there. */
  async findCaller({ protocol, address, port }: Source): Promise<PhoneNumber | undefined> {
    const nowMs = this.#options.clock.nowMs();
    for (const [phoneNumber, bindings] of this.#bindings)
      for (const { source, expiresAtMs } of bindings)
        if (source.protocol === protocol && source.address === address && source.port === port && expiresAtMs > nowMs)
          return this.#options.phoneNumbers.findActive(phoneNumber);
    return undefined;
  }

  async #findSecret(username: string): Promise<{ readonly password: string } | undefined> {
    const { phoneNumbers, vault } = this.#options;
    const number = await phoneNumbers.findActive(toNumber(username));
    const password = number && openSoftphonePassword(vault, number);
    return password === undefined ? undefined : { password };
  }

  /** Whatever domain a phone calls us by, the number is who it is. */
  readonly #store: LocationStore = {
    list: async (aor) => this.#bindings.get(numberOf(aor)) ?? [],
    save: async (aor, bindings) => {
      if (bindings.length === 0) this.#bindings.delete(numberOf(aor));
      else this.#bindings.set(numberOf(aor), bindings);
    },
  };
}

function numberOf(aor: string): string {
  const uri = findUri(aor.startsWith("sip") ? aor : `sip:${aor}`);
  return toNumber(uri === undefined ? "" : userOf(uri));
}

function toNumber(user: string): string {
  return parsePhoneNumber(user.startsWith("+") ? user : `+${user}`)?.phoneNumber ?? user;
}
