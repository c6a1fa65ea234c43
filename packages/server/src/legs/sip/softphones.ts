/** Softphones that have registered as numbers of this installation: who they are, and how they are reached. */

import {
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
import { SoftphoneBindings, type SoftphoneBindingsOptions } from "./softphone-bindings.ts";

const REALM = "earshot";

export type SoftphonesOptions = Omit<SoftphoneBindingsOptions, "findNumber"> & {
  readonly phoneNumbers: Pick<PhoneNumberStore, "findActive">;
  readonly vault: Vault;
};

export class Softphones {
  readonly #options: SoftphonesOptions;
  readonly #bindings: SoftphoneBindings;
  readonly #registrar: Registrar;
  readonly #digest: DigestServer;

  constructor(options: SoftphonesOptions) {
    this.#options = options;
    const { clock, phoneNumbers } = options;
    this.#bindings = new SoftphoneBindings({ ...options, findNumber: (number) => phoneNumbers.findActive(number) });
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

  /** Takes up the registrations from before the start. */
  recall(): Promise<void> {
    return this.#bindings.recall();
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
  async findCaller(source: Source): Promise<PhoneNumber | undefined> {
    const owner = this.#bindings.ownerOf(source);
    return owner === undefined ? undefined : this.#options.phoneNumbers.findActive(owner);
  }

  async #findSecret(username: string): Promise<{ readonly password: string } | undefined> {
    const { phoneNumbers, vault } = this.#options;
    const number = await phoneNumbers.findActive(toNumber(username));
    const password = number && openSoftphonePassword(vault, number);
    return password === undefined ? undefined : { password };
  }

  /** Whatever domain a phone calls us by, the number is who it is. */
  readonly #store: LocationStore = {
    list: async (aor) => this.#bindings.list(numberOf(aor)),
    save: async (aor, bindings) => this.#bindings.save(numberOf(aor), bindings),
  };
}

function numberOf(aor: string): string {
  const uri = findUri(aor.startsWith("sip") ? aor : `sip:${aor}`);
  return toNumber(uri === undefined ? "" : userOf(uri));
}

function toNumber(user: string): string {
  return parsePhoneNumber(user.startsWith("+") ? user : `+${user}`)?.phoneNumber ?? user;
}
