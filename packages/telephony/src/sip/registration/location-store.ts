import type { TransportProtocol } from "../transport/network.ts";

/** Where one phone of a registered address is reached. */
export type Binding = {
  /** The Contact URI, as registered. */
  readonly contact: string;
  readonly callId: string;
  readonly cseq: number;
  /** On the clock of the registrar. */
  readonly expiresAtMs: number;
  /** Preference, 0 to 1. */
  readonly priority: number;
  readonly userAgent: string | undefined;
  /** `+sip.instance`: the same phone keeps it over restarts. */
  readonly instanceId: string | undefined;
  /** Proxies between, nearest to us first (RFC 3327). */
  readonly path: readonly string[];
  /** Where the REGISTER came from: the way back through a NAT. */
  readonly source: {
    readonly protocol: TransportProtocol;
    readonly address: string;
    readonly port: number;
    readonly flowId?: string;
  };
};

/** Keeps bindings, so that a server can persist them. Addresses are canonical: `user@domain`. */
export interface LocationStore {
  list(aor: string): Promise<readonly Binding[]>;
  /** Replaces all bindings of an address; an empty list deletes. */
  save(aor: string, bindings: readonly Binding[]): Promise<void>;
}

/** Bindings in memory, for as many addresses as are allowed to register. */
export class MemoryLocationStore implements LocationStore {
  readonly #bindings = new Map<string, readonly Binding[]>();

  list(aor: string): Promise<readonly Binding[]> {
    return Promise.resolve(this.#bindings.get(aor) ?? []);
  }

  save(aor: string, bindings: readonly Binding[]): Promise<void> {
    if (bindings.length === 0) this.#bindings.delete(aor);
    else this.#bindings.set(aor, bindings);
    return Promise.resolve();
  }
}
