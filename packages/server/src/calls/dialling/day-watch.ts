/** Ends what goes on once a workspace has used up the minutes or the money of its day. Each node does so for its calls. */
import type { WallClock } from "../../wall-clock.ts";
import type { CallingRules } from "../../workspaces/calling-rules.ts";
import type { WorkspaceStore } from "../../workspaces/store.ts";
import type { CallControl } from "../call-control.ts";
import { type Failure, giveUp } from "../give-up.ts";
import type { CallStore } from "../store.ts";
import { findCallingRules } from "./check-destination.ts";
import { hasRunningCaps, judgeRunning, today } from "./day-caps.ts";
import type { CarrierLeg, DialledSum } from "./store.ts";

/** What begins in between on other nodes shortens what is left by that much at most. */
const LOOK_EVERY_MS = 5_000;
const MINUTE_MS = 60_000;

export type DayWatchOptions = {
  readonly calls: CallStore;
  readonly workspaces: Pick<WorkspaceStore, "find">;
  readonly control: CallControl;
  readonly clock: WallClock;
  readonly nodeId: string;
  /** Hangs up on two whom a carrier has connected. */
  readonly hangUp: (leg: CarrierLeg) => Promise<void>;
  readonly onUsedUp: (workspaceId: string, error: string) => void;
  readonly onError: (error: unknown) => void;
};

export class DayWatch {
  readonly #options: DayWatchOptions;
  #looking: Promise<void> | undefined;
  #cancel: (() => void) | undefined;
  #isClosed = false;

  constructor(options: DayWatchOptions) {
    this.#options = options;
  }

  start(): void {
    this.#lookIn(LOOK_EVERY_MS);
  }

  /** Waits for what it is about. Idempotent. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#cancel?.();
    await this.#looking;
  }

  /** Never rejects. @returns when there is something to look at next, in ms */
  async look(): Promise<number> {
    const { calls, clock, onError } = this.#options;
    let nextMs = LOOK_EVERY_MS;
    try {
      for (const workspaceId of await calls.listDiallingWorkspaces(clock.now()))
        nextMs = Math.min(nextMs, await this.#lookAt(workspaceId));
    } catch (error) {
      onError(error);
    }
    return nextMs;
  }

  #lookIn(delayMs: number): void {
    if (this.#isClosed) return;
    this.#cancel = this.#options.clock.after(delayMs, () => {
      this.#looking = this.look().then((nextMs) => this.#lookIn(nextMs));
    });
  }

  async #lookAt(workspaceId: string): Promise<number> {
    const { calls, clock } = this.#options;
    const rules = await findCallingRules(this.#options, workspaceId);
    if (!hasRunningCaps(rules)) return LOOK_EVERY_MS;
    const used = await calls.sumDialled(workspaceId, today(clock));
    const failure = judgeRunning(rules, used);
    if (failure === undefined) return Math.max(1, leftMs(rules, used));
    await this.#end(workspaceId, failure);
    return LOOK_EVERY_MS;
  }

  async #end(workspaceId: string, failure: Failure): Promise<void> {
    const { calls, control, clock, nodeId, hangUp, onUsedUp, onError } = this.#options;
    const running = await calls.listRunning(workspaceId, nodeId, clock.now());
    if (running.calls.length + running.legs.length === 0) return;
    onUsedUp(workspaceId, failure.error);
    const ends: Promise<unknown>[] = [
      ...running.calls.map(({ id, isRinging }) =>
        isRinging ? giveUp(this.#options, id, failure) : control.end(id, "daily-limit"),
      ),
      ...running.legs.map(async (leg) => {
        await hangUp(leg);
        await calls.endLegsAt(leg, clock.now());
      }),
    ];
    // Not waited for: a call that takes its time to end keeps no other from being ended.
    for (const end of ends) end.catch(onError);
  }
}

/** Until what is left is used up by what goes on now. */
function leftMs({ maxMinutesPerDay, maxSpendPerDay }: CallingRules, used: DialledSum): number {
  const minutes = maxMinutesPerDay === undefined ? Infinity : (maxMinutesPerDay - used.minutes) / used.running;
  const spend = maxSpendPerDay === undefined ? Infinity : (maxSpendPerDay - used.spend) / used.spendPerMinute;
  return Math.ceil(Math.min(minutes, spend) * MINUTE_MS);
}
