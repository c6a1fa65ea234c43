/** All SIP trunks of the installation as this node holds them; follows what is written of them. */

import type { ListTrunks, TrunkAccess } from "../../sip-trunks/list-trunks.ts";
import type { TrunkStatus, TrunkWatch } from "../../sip-trunks/trunk-status.ts";
import { LiveTrunk, type LiveTrunkOptions } from "./live-trunk.ts";

/** What another node writes is in effect here that late. */
const LOOK_EVERY_MS = 10_000;

/** For names that are slow to be looked up; nobody else is kept waiting by them. */
const MOST_WAIT_MS = 1_000;

export type TrunkDeskOptions = LiveTrunkOptions & {
  readonly listTrunks: ListTrunks;
  readonly onError: (error: unknown) => void;
};

export class TrunkDesk implements TrunkWatch {
  readonly #options: TrunkDeskOptions;
  readonly #trunks = new Map<string, { readonly live: LiveTrunk; written: string }>();
  #following: Promise<void> = Promise.resolve();
  #stopLooking = () => {};
  #isOpen = false;

  constructor(options: TrunkDeskOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    this.#isOpen = true;
    await this.changed();
    this.#stopLooking = this.#options.wallClock.every(LOOK_EVERY_MS, () => void this.changed());
  }

  /** Takes all registrations back. Idempotent. */
  async close(): Promise<void> {
    this.#isOpen = false;
    this.#stopLooking();
    await this.#following;
    for (const { live } of this.#trunks.values()) await live.close();
    this.#trunks.clear();
  }

  statusOf(trunkId: string): TrunkStatus | undefined {
    return this.#trunks.get(trunkId)?.live.status;
  }

  find(trunkId: string): LiveTrunk | undefined {
    return this.#trunks.get(trunkId)?.live;
  }

  /** Those whose calls come from there. */
  at(address: string): LiveTrunk[] {
    return [...this.#trunks.values()].flatMap(({ live }) => (live.isAt(address) ? [live] : []));
  }

  /** A trunk and those that stand in for it, in order. */
  withBackups(workspaceId: string, trunkIds: readonly string[]): LiveTrunk[] {
    const all = trunkIds.flatMap((id) => [id, ...(this.find(id)?.settings.backupTrunkIds ?? [])]);
    return [...new Set(all)].flatMap((id) => {
      const trunk = this.find(id);
      return trunk?.settings.workspaceId === workspaceId ? [trunk] : [];
    });
  }

  changed(): Promise<void> {
    const followed = this.#following.then(() => this.#follow()).catch(this.#options.onError);
    this.#following = followed;
    return followed;
  }

  async #follow(): Promise<void> {
    if (!this.#isOpen) return;
    const listed = await this.#options.listTrunks();
    const ids = new Set(listed.map(({ id }) => id));
    const gone = [...this.#trunks].filter(([id]) => !ids.has(id));
    for (const [id, { live }] of gone) {
      this.#trunks.delete(id);
      await live.close();
    }
    const taken = Promise.all(listed.map((settings) => this.#take(settings))).catch(this.#options.onError);
    const late = Promise.withResolvers<void>();
    const cancel = this.#options.wallClock.after(MOST_WAIT_MS, () => late.resolve());
    await Promise.race([taken, late.promise]).finally(cancel);
  }

  async #take(settings: TrunkAccess): Promise<void> {
    const written = JSON.stringify(settings);
    const held = this.#trunks.get(settings.id);
    if (held?.written === written) return;
    if (held) {
      held.written = written;
      return held.live.change(settings);
    }
    const live = new LiveTrunk(settings, this.#options);
    this.#trunks.set(settings.id, { live, written });
    await live.open();
  }
}
