import type { IceCredentials } from "../sdp/ice-attributes.ts";
import type { Endpoint } from "./media-transport.ts";
import { readBindingRequest, writeBindingSuccess, writeRoleConflict } from "./stun-message.ts";

/** The lite side of ICE (RFC 8445 section 2.5): it answers the peer's checks, and the peer chooses. */
export class IceLite {
  readonly #local: IceCredentials;
  readonly #username: string;

  constructor({ local, remote }: { readonly local: IceCredentials; readonly remote: IceCredentials }) {
    this.#local = local;
    this.#username = `${local.usernameFragment}:${remote.usernameFragment}`;
  }

  /** The answer to a check; undefined for bytes that aren't a genuine one, which get none. */
  answer(bytes: Uint8Array, from: Endpoint): { response: Uint8Array; isNominated: boolean } | undefined {
    const { password } = this.#local;
    const request = readBindingRequest(bytes, password);
    if (request?.username !== this.#username) return undefined;
    if (request.isControlled) return { response: writeRoleConflict(request.transaction, password), isNominated: false };
    const response = writeBindingSuccess(request.transaction, from, password);
    return { response, isNominated: request.isNominating };
  }
}
