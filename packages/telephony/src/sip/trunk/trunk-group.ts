import type { Clock } from "../../clock.ts";
import { CallCaps, type CallSlot } from "./call-caps.ts";

/** One way to the telephone network. */
export type Trunk = {
  readonly id: string;
  /** Lower is tried first; equal ones take turns. Default 0. */
  readonly priority?: number;
  readonly maxCalls?: number;
  readonly maxCallsPerSecond?: number;
};

export type TrunkHealth = {
  readonly id: string;
  readonly isUp: boolean;
  /** Pings or calls in a row that went wrong. */
  readonly failures: number;
  readonly calls: number;
};

/** True when the trunk answered, whatever it said. */
export type PingTrunk = (trunkId: string) => Promise<boolean>;

export type TrunkGroupOptions = {
  readonly clock: Clock;
  readonly trunks: readonly Trunk[];
  readonly ping: PingTrunk;
  /** Default 30 s; a trunk that is down is asked as often. */
  readonly pingEveryMs?: number;
  /** So many failures in a row and a trunk is down. Default 2. */
  readonly failuresUntilDown?: number;
  readonly onChange?: (health: TrunkHealth) => void;
};

export type TrunkChoice =
  | { readonly kind: "chosen"; readonly trunkId: string; readonly slot: CallSlot & { kind: "taken" } }
  /** `down`: none answers; the others: all that are up are full. */
  | { readonly kind: "none"; readonly reason: "no_trunk" | "down" | "too_many_calls" | "too_many_a_second" };

type Member = { readonly trunk: Trunk; readonly caps: CallCaps; failures: number; isUp: boolean; lastUsed: number };

/** Several trunks as one: asks each whether it is there, and gives every call the best that is. */
export class TrunkGroup {
  readonly #options: TrunkGroupOptions;
  readonly #members: readonly Member[];
  #uses = 0;
  #cancelPing = () => {};
  #isOpen = true;

  constructor(options: TrunkGroupOptions) {
    this.#options = options;
    const { clock } = options;
    this.#members = options.trunks.map((trunk) => ({
      trunk,
      caps: new CallCaps({ clock, maxCalls: trunk.maxCalls, maxPerSecond: trunk.maxCallsPerSecond }),
      failures: 0,
      isUp: true,
      lastUsed: 0,
    }));
    this.#pingAll();
  }

  get health(): readonly TrunkHealth[] {
    return this.#members.map(healthOf);
  }

  /** The trunk for a call, with a slot to give back when the call is over. `tried`: those that failed it already. */
  choose(tried: readonly string[] = []): TrunkChoice {
    const rest = this.#members.filter(({ trunk }) => !tried.includes(trunk.id));
    const up = rest.filter(({ isUp }) => isUp);
    if (up.length === 0) return { kind: "none", reason: rest.length === 0 ? "no_trunk" : "down" };
    let reason: "too_many_calls" | "too_many_a_second" = "too_many_calls";
    for (const member of up.toSorted(byPriorityThenTurn)) {
      const slot = member.caps.take();
      if (slot.kind === "taken") {
        this.#uses += 1;
        member.lastUsed = this.#uses;
        return { kind: "chosen", trunkId: member.trunk.id, slot };
      }
      reason = slot.reason;
    }
    return { kind: "none", reason };
  }

  /** A call found that the trunk is there, or that it isn't. */
  report(trunkId: string, isReachable: boolean): void {
    const member = this.#members.find(({ trunk }) => trunk.id === trunkId);
    if (!member) return;
    member.failures = isReachable ? 0 : member.failures + 1;
    const isUp = member.failures < (this.#options.failuresUntilDown ?? 2);
    if (isUp === member.isUp) return;
    member.isUp = isUp;
    this.#options.onChange?.(healthOf(member));
  }

  /** Stops asking. */
  close(): void {
    this.#isOpen = false;
    this.#cancelPing();
  }

  #pingAll(): void {
    const { clock, pingEveryMs = 30_000 } = this.#options;
    for (const { trunk } of this.#members) this.#ping(trunk.id);
    if (pingEveryMs > 0) this.#cancelPing = clock.after(pingEveryMs, () => this.#pingAll());
  }

  #ping(trunkId: string): void {
    this.#options
      .ping(trunkId)
      .catch(() => false)
      .then((isReachable) => this.#isOpen && this.report(trunkId, isReachable))
      .catch(() => {});
  }
}

function byPriorityThenTurn(one: Member, other: Member): number {
  return (one.trunk.priority ?? 0) - (other.trunk.priority ?? 0) || one.lastUsed - other.lastUsed;
}

function healthOf({ trunk, isUp, failures, caps }: Member): TrunkHealth {
  return { id: trunk.id, isUp, failures, calls: caps.calls };
}
