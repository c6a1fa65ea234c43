/** Where registered softphones are: at hand in memory, and kept so that they are still known after a restart. */

import type { Binding, Clock, Source } from "@earshot/telephony";
import type { DocumentStore } from "../../documents/store.ts";
import type { PhoneNumber } from "../../phone-numbers/phone-number.ts";
import type { WallClock } from "../../wall-clock.ts";

export type SoftphoneBindingsOptions = {
  /** Monotonic: what bindings expire by. */
  readonly clock: Clock;
  readonly wallClock: WallClock;
  readonly documents: Pick<DocumentStore, "listEverywhere" | "insert" | "update" | "remove">;
  readonly findNumber: (phoneNumber: string) => Promise<PhoneNumber | undefined>;
  readonly onError: (error: unknown) => void;
};

const KIND = "softphone";
const MOST = 100_000;

export class SoftphoneBindings {
  readonly #options: SoftphoneBindingsOptions;
  /** By E.164. As many as there are numbers with a password. */
  readonly #bindings = new Map<string, readonly Binding[]>();
  /** Numbers are kept one after the other: the last word stays. */
  #keeping: Promise<void> = Promise.resolve();

  constructor(options: SoftphoneBindingsOptions) {
    this.#options = options;
  }

  list(phoneNumber: string): readonly Binding[] {
    return this.#bindings.get(phoneNumber) ?? [];
  }

  save(phoneNumber: string, bindings: readonly Binding[]): void {
    if (bindings.length === 0) this.#bindings.delete(phoneNumber);
    else this.#bindings.set(phoneNumber, bindings);
    this.#keeping = this.#keeping.then(() => this.#keep(phoneNumber)).catch(this.#options.onError);
  }

  /** The number whose phone sits there. */
  ownerOf({ protocol, address, port }: Source): string | undefined {
    const nowMs = this.#options.clock.nowMs();
    for (const [phoneNumber, bindings] of this.#bindings)
      for (const { source, expiresAtMs } of bindings)
        if (source.protocol === protocol && source.address === address && source.port === port && expiresAtMs > nowMs)
          return phoneNumber;
    return undefined;
  }

  /** Takes up what was known before; connections are gone, so phones that come by TCP or TLS register anew. */
  async recall(): Promise<void> {
    const { clock, wallClock, documents } = this.#options;
    const nowMs = wallClock.now().getTime();
    for (const { document } of await documents.listEverywhere(KIND, MOST)) {
      const { phoneNumber, bindings } = document as KeptBindings;
      const valid = bindings.flatMap(({ expiresAtEpochMs, ...binding }) =>
        expiresAtEpochMs > nowMs && binding.source.protocol === "udp"
          ? [{ ...binding, expiresAtMs: clock.nowMs() + expiresAtEpochMs - nowMs }]
          : [],
      );
      if (valid.length > 0) this.#bindings.set(phoneNumber, valid);
    }
  }

  async #keep(phoneNumber: string): Promise<void> {
    const { clock, wallClock, documents, findNumber } = this.#options;
    const number = await findNumber(phoneNumber);
    if (number === undefined) return;
    const kind = { workspaceId: number.workspaceId, kind: KIND };
    const id = `softphone_${number.id}`;
    const bindings = this.list(phoneNumber);
    if (bindings.length === 0) {
      await documents.remove(kind, id);
      return;
    }
    const now = wallClock.now();
    const kept: KeptBindings = {
      phoneNumber,
      bindings: bindings.map(({ expiresAtMs, ...binding }) => ({
        ...binding,
        userAgent: binding.userAgent,
        expiresAtEpochMs: Math.round(now.getTime() + expiresAtMs - clock.nowMs()),
      })),
    };
    if ((await documents.update(kind, id, () => kept, now)) !== undefined) return;
    const at = now.toISOString();
    await documents.insert(kind, { id, document: kept, createdAt: at, updatedAt: at });
  }
}

type KeptBindings = {
  readonly phoneNumber: string;
  readonly bindings: readonly (Omit<Binding, "expiresAtMs"> & { readonly expiresAtEpochMs: number })[];
};
