import type { Clock } from "../../clock.ts";
import type { DigestAlgorithm } from "../auth/digest.ts";
import { DigestServer, type FindSecret } from "../auth/digest-server.ts";
import { newTag } from "../identifiers.ts";
import { formatNameAddr, parseNameAddr } from "../message/name-addr.ts";
import { SipError } from "../message/sip-error.ts";
import { callIdOf, cseqOf } from "../message/sip-message.ts";
import { hostAddress, parseUri } from "../message/uri.ts";
import type { ServerTransaction } from "../transaction/server-transaction.ts";
import type { Target } from "../transport/network.ts";
import type { Binding, LocationStore } from "./location-store.ts";
import { type ContactChange, type RegisterRequest, readRegister, toBinding } from "./register-request.ts";

export type RegistrarOptions = {
  readonly clock: Clock;
  readonly store: LocationStore;
  /** Realm of the challenges. */
  readonly realm: string;
  /** Proves who registers. */
  readonly findSecret: FindSecret;
  /** Offered in this order. Default MD5 alone, which every phone understands. */
  readonly algorithms?: readonly DigestAlgorithm[];
  /** Which address a user may register, `user@domain`. Default: the one with the same user. */
  readonly mayRegister?: (username: string, aor: string) => boolean;
  /** Granted when nothing is asked. Default 5 minutes. */
  readonly defaultExpiresMs?: number;
  /** Shorter ones are refused with 423. Default 1 minute. */
  readonly minExpiresMs?: number;
  /** Longer ones are cut. Default 1 hour. */
  readonly maxExpiresMs?: number;
  /** Phones of one address; beyond, 403. Default 10. */
  readonly maxContacts?: number;
  readonly onChange?: (aor: string, bindings: readonly Binding[]) => void;
};

/** A way to a registered phone: for `invite({ target: uri, via: [via], outboundProxies })`. */
export type RegisteredTarget = {
  readonly uri: string;
  readonly via: Target;
  /** The proxies the registration came through. */
  readonly outboundProxies: readonly string[];
  readonly binding: Binding;
};

/** Takes registrations of softphones (RFC 3261 section 10.3). Give `handle` to the user agent as `onRegister`. */
export class Registrar {
  readonly #options: RegistrarOptions;
  readonly #digest: DigestServer;
  /** Changes of one address happen one after the other. */
  readonly #queues = new Map<string, Promise<void>>();

  constructor(options: RegistrarOptions) {
    this.#options = options;
    const { clock, realm, algorithms } = options;
    this.#digest = new DigestServer({ clock, realm, ...(algorithms && { algorithms }) });
  }

  readonly handle = async (transaction: ServerTransaction): Promise<void> => {
    const verdict = await this.#digest.check(transaction.request, this.#options.findSecret);
    if (verdict.kind === "challenge") {
      this.#reply(transaction, verdict.status, verdict.headers);
      return;
    }
    const asked = readAsked(transaction);
    if (!asked) this.#reply(transaction, 400);
    else if (!this.#mayRegister(verdict.username, asked.aor)) this.#reply(transaction, 403);
    else await this.#inTurn(asked.aor, () => this.#apply(transaction, asked));
  };

  /** The phones of an address, preferred first. `aor`: `user@domain`. */
  async find(aor: string): Promise<readonly RegisteredTarget[]> {
    const bindings = await this.#current(aor);
    return bindings
      .toSorted((one, other) => other.priority - one.priority || other.expiresAtMs - one.expiresAtMs)
      .map((binding) => ({
        uri: binding.contact,
        via: targetOf(binding),
        outboundProxies: binding.path.map((hop) => parseNameAddr(hop, "Path").uri),
        binding,
      }));
  }

  async #apply(transaction: ServerTransaction, asked: RegisterRequest): Promise<void> {
    const before = await this.#current(asked.aor);
    if (asked.kind === "query") {
      this.#confirm(transaction, before);
      return;
    }
    const after = asked.kind === "remove-all" ? [] : this.#merge(transaction, before, asked.contacts);
    if (after === undefined) return;
    await this.#options.store.save(asked.aor, after);
    this.#options.onChange?.(asked.aor, after);
    this.#confirm(transaction, after);
  }

  /** The bindings after the changes; undefined when the request was refused. */
  #merge(
    transaction: ServerTransaction,
    before: readonly Binding[],
    changes: readonly ContactChange[],
  ): readonly Binding[] | undefined {
    const { clock, minExpiresMs = 60_000, maxContacts = 10 } = this.#options;
    const { request, source } = transaction;
    let bindings = before;
    for (const change of changes) {
      const lifeMs = this.#lifeMs(change);
      if (lifeMs > 0 && lifeMs < minExpiresMs) {
        this.#reply(transaction, 423, { "min-expires": String(Math.ceil(minExpiresMs / 1000)) });
        return undefined;
      }
      const old = bindings.find((binding) => isSamePhone(binding, change));
      if (old?.callId === callIdOf(request) && old.cseq >= cseqOf(request).number) {
        this.#reply(transaction, 500);
        return undefined;
      }
      bindings = bindings.filter((binding) => binding !== old);
      const expiresAtMs = clock.nowMs() + lifeMs;
      if (lifeMs > 0) bindings = [...bindings, toBinding({ change, request, source, expiresAtMs })];
    }
    if (bindings.length <= maxContacts) return bindings;
    this.#reply(transaction, 403);
    return undefined;
  }

  #lifeMs({ expiresMs }: ContactChange): number {
    const { defaultExpiresMs = 300_000, maxExpiresMs = 3_600_000 } = this.#options;
    return Math.min(expiresMs ?? defaultExpiresMs, maxExpiresMs);
  }

  async #current(aor: string): Promise<readonly Binding[]> {
    const nowMs = this.#options.clock.nowMs();
    return (await this.#options.store.list(aor)).filter(({ expiresAtMs }) => expiresAtMs > nowMs);
  }

  #mayRegister(username: string, aor: string): boolean {
    const { mayRegister } = this.#options;
    return mayRegister ? mayRegister(username, aor) : aor.startsWith(`${username}@`);
  }

  #confirm(transaction: ServerTransaction, bindings: readonly Binding[]): void {
    const nowMs = this.#options.clock.nowMs();
    const contact = bindings.map(({ contact: uri, expiresAtMs, priority }) => {
      const expires = String(Math.max(1, Math.round((expiresAtMs - nowMs) / 1000)));
      const q = priority === 1 ? [] : ([["q", String(priority)]] as const);
      return formatNameAddr({ uri, params: new Map([["expires", expires], ...q]) });
    });
    this.#reply(transaction, 200, { contact, path: transaction.request.headers.all("path") });
  }

  #reply(
    transaction: ServerTransaction,
    status: number,
    headers: Readonly<Record<string, string | readonly string[]>> = {},
  ): void {
    transaction.reply({ status, toTag: newTag(), headers });
  }

  async #inTurn(aor: string, work: () => Promise<void>): Promise<void> {
    const turn = (this.#queues.get(aor) ?? Promise.resolve()).catch(() => {}).then(work);
    this.#queues.set(aor, turn);
    try {
      await turn;
    } finally {
      if (this.#queues.get(aor) === turn) this.#queues.delete(aor);
    }
  }
}

function readAsked({ request }: ServerTransaction): RegisterRequest | undefined {
  try {
    return readRegister(request);
  } catch (error) {
    if (error instanceof SipError) return undefined;
    throw error;
  }
}

function isSamePhone(binding: Binding, change: ContactChange): boolean {
  if (binding.instanceId !== undefined && change.instanceId !== undefined) {
    return binding.instanceId === change.instanceId;
  }
  const [one, other] = [parseUri(binding.contact), parseUri(change.contact)];
  const hostOf = (host: string) => hostAddress(host).toLowerCase();
  return one.user === other.user && hostOf(one.host) === hostOf(other.host) && one.port === other.port;
}

/** Back the way the registration came: through its NAT, or on its connection. */
function targetOf({ source }: Binding): Target {
  const { protocol, address, port, flowId } = source;
  return { protocol, address, port, ...(flowId !== undefined && { flowId }) };
}
