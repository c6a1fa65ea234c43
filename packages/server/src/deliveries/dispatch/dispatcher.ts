import { type AttemptDeps, attemptDelivery } from "./attempt-delivery.ts";
import type { Attempt, ClaimedDelivery, DeliveryResult } from "./claimed-delivery.ts";
import type { Lane } from "./lane.ts";
import { Lanes } from "./lanes.ts";
import { toEndpointNews, toResult } from "./next-attempt.ts";
import type { DeliveryQueue } from "./store.ts";

export type DispatcherDeps = AttemptDeps & {
  readonly queue: DeliveryQueue;
  /** No other process dispatches from this database: what a crash left held is given back at the start. */
  readonly isAlone: boolean;
  /** Told of trouble with the database. */
  readonly onError: (error: unknown) => void;
  /** Told of each finished attempt. */
  readonly onAttempt?: (attempt: Attempt, delivery: ClaimedDelivery) => void;
  /** From 0 to below 1; Math.random by default. */
  readonly random?: () => number;
};

export type DispatcherOptions = {
  /** Requests at a time, of this node; 128 by default. */
  readonly maxInFlight?: number;
  /** … and to one endpoint; 8 by default. */
  readonly maxInFlightEach?: number;
};

const POLL_MS = 1_000;
const LEASE_MS = 30_000;
const RENEW_MS = 10_000;
const EXPIRE_MS = 60_000;
const MAX_CLAIM = 256;
const MAX_BATCH = 256;
const MAX_BATCH_CHARACTERS = 4_000_000;

/**
 * Sends due deliveries until it is closed. All that it knows is in the database: any number of nodes work on the same
 * queue, and what one leaves behind another takes up.
 */
export class Dispatcher {
  readonly #deps: DispatcherDeps;
  readonly #lanes: Lanes;
  readonly #giveUp = new AbortController();
  /** Held by this node: queued, in flight, or not stored yet. */
  readonly #held = new Set<string>();
  #results: DeliveryResult[] = [];
  #afterEndpointId = "";
  #isStale = false;
  #claiming: Promise<void> | undefined;
  #storing: Promise<void> | undefined;
  #onIdle: (() => void) | undefined;
  readonly #stops: (() => void)[] = [];
  #closing: Promise<void> | undefined;

  private constructor(deps: DispatcherDeps, { maxInFlight = 128, maxInFlightEach = 8 }: DispatcherOptions) {
    this.#deps = deps;
    this.#lanes = new Lanes({ maxInFlight, maxInFlightEach });
  }

  static async start(deps: DispatcherDeps, options: DispatcherOptions = {}): Promise<Dispatcher> {
    const dispatcher = new Dispatcher(deps, options);
    if (deps.isAlone) await deps.queue.releaseAll();
    const { clock } = deps;
    dispatcher.#stops.push(
      clock.every(POLL_MS, () => dispatcher.#look()),
      clock.every(RENEW_MS, () => void dispatcher.#try(() => dispatcher.#renew())),
      clock.every(EXPIRE_MS, () => void dispatcher.#try(() => deps.queue.expire(clock.now()))),
    );
    dispatcher.wake();
    return dispatcher;
  }

  /** Something may be due: call it after the commit of `recordEvents`. Cheap, however often. */
  wake(): void {
    this.#isStale = true;
    if (this.#claiming !== undefined || this.#closing !== undefined) return;
    this.#claiming = this.#try(() => this.#claim()).then((hasWorked) => {
      this.#claiming = undefined;
      if (hasWorked && this.#isStale) this.wake();
    });
  }

  /**
   * Takes nothing more, lets what is in flight finish, and gives the rest back. Idempotent.
   * @param graceMs what isn't finished by then is given up and counts as not attempted; 10 s by default
   */
  close({ graceMs = 10_000 }: { readonly graceMs?: number } = {}): Promise<void> {
    this.#closing ??= this.#close(graceMs);
    return this.#closing;
  }

  async #close(graceMs: number): Promise<void> {
    for (const stop of this.#stops) stop();
    await this.#claiming;
    const left = this.#lanes.clear().map(({ id }) => id);
    await this.#giveBack(left);
    const cancel = this.#deps.clock.after(graceMs, () => this.#giveUp.abort());
    if (this.#lanes.inFlight > 0) await new Promise<void>((resolve) => (this.#onIdle = resolve));
    cancel();
    await this.#storing;
    await this.#giveBack([...this.#held]);
  }

  #look(): void {
    this.#lanes.age(this.#deps.clock.now().getTime());
    this.#beginAll();
    this.wake();
  }

  async #claim(): Promise<void> {
    const { clock, queue, dialects } = this.#deps;
    const orderedDialects = [...dialects.values()].filter(({ keepsOrder }) => keepsOrder).map(({ name }) => name);
    while (this.#isStale && this.#closing === undefined) {
      this.#isStale = false;
      const { rooms, defaultRoom, limit: room } = this.#lanes.rooms();
      const limit = Math.min(MAX_CLAIM, room);
      if (limit === 0) return;
      const now = clock.now();
      const nowMs = now.getTime();
      const afterEndpointId = this.#afterEndpointId;
      const claimed = await queue.claim({
        ...{ now, limit, afterEndpointId, rooms, defaultRoom, orderedDialects },
        leaseUntil: clock.at(nowMs + LEASE_MS),
      });
      for (const delivery of claimed) {
        if (this.#held.has(delivery.id)) continue;
        this.#held.add(delivery.id);
        this.#lanes.add(delivery, nowMs);
      }
      // A full batch: the next one begins where it ended. Otherwise the turn is over and begins anew.
      const last =
        claimed
          .map(({ endpoint }) => endpoint.id)
          .toSorted()
          .at(-1) ?? "";
      this.#afterEndpointId = claimed.length === limit ? last : "";
      if (claimed.length === limit || afterEndpointId !== "") this.#isStale = true;
      this.#beginAll();
    }
    this.#lanes.trim();
  }

  #beginAll(): void {
    if (this.#closing !== undefined) return;
    for (;;) {
      const next = this.#lanes.begin(this.#deps.clock.now().getTime());
      if (next === undefined) return;
      void this.#attempt(next.lane, next.delivery);
    }
  }

  /** Never rejects. */
  async #attempt(lane: Lane, delivery: ClaimedDelivery): Promise<void> {
    const { dialects, clock, onAttempt, random = Math.random } = this.#deps;
    const attempt = await attemptDelivery(this.#deps, delivery, this.#giveUp.signal);
    const isGivenUp = this.#giveUp.signal.aborted && attempt.outcome === "failed";
    const nowMs = clock.now().getTime();
    this.#lanes.end(lane, isGivenUp ? undefined : attempt, nowMs);
    if (!isGivenUp) {
      const retries = dialects.get(delivery.endpoint.dialect)?.retries ?? { firstDelayMs: 0, maxDelayMs: 0 };
      this.#results.push(toResult(delivery, attempt, { retries, nowMs, random: random() }));
      onAttempt?.(attempt, delivery);
      this.#store();
    }
    if (this.#lanes.inFlight === 0) this.#onIdle?.();
    this.#beginAll();
  }

  #store(): void {
    this.#storing ??= this.#storeAll().finally(() => {
      this.#storing = undefined;
      if (this.#results.length > 0) this.#store();
    });
  }

  /** While one batch is written the next one gathers. */
  async #storeAll(): Promise<void> {
    // Lets the answers that came with this one join it.
    await Promise.resolve();
    while (this.#results.length > 0) {
      const batch = this.#results.slice(0, batchLength(this.#results));
      const isStored = await this.#try(async () => {
        await this.#deps.queue.finish(batch, toEndpointNews(batch), this.#deps.clock.now());
      });
      if (isStored) {
        this.#results = this.#results.slice(batch.length);
        for (const { delivery } of batch) {
          this.#held.delete(delivery.id);
          this.#lanes.settle(delivery.endpoint.id);
        }
        this.wake();
      } else if (this.#closing === undefined) await this.#pause();
      else return;
    }
  }

  async #renew(): Promise<void> {
    if (this.#held.size === 0) return;
    const { clock, queue } = this.#deps;
    await queue.renew([...this.#held], clock.at(clock.now().getTime() + LEASE_MS));
  }

  async #giveBack(ids: readonly string[]): Promise<void> {
    for (const id of ids) this.#held.delete(id);
    if (ids.length > 0) await this.#try(() => this.#deps.queue.release(ids));
  }

  #pause(): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#deps.clock.after(POLL_MS, resolve);
      this.#stops.push(() => {
        cancel();
        resolve();
      });
    });
  }

  async #try(run: () => Promise<unknown>): Promise<boolean> {
    try {
      await run();
      return true;
    } catch (error) {
      this.#deps.onError(error);
      return false;
    }
  }
}

/** How many results fit into one statement. */
function batchLength(results: readonly DeliveryResult[]): number {
  let characters = 0;
  for (const [index, { attempt }] of results.slice(0, MAX_BATCH).entries()) {
    characters += (attempt.body?.length ?? 0) + (attempt.responseBody?.length ?? 0);
    if (characters > MAX_BATCH_CHARACTERS) return Math.max(1, index);
  }
  return Math.min(MAX_BATCH, results.length);
}
