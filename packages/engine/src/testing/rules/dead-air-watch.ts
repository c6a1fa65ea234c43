/** Whoever waits and could hear the agent hears something in time, and nobody else does. */

import type { Conversation } from "../../conversation/conversation.ts";
import { isAnswered } from "../../conversation/realtime.ts";
import type { OutsideOrders } from "./outside-orders.ts";
import type { PendingTimers } from "./pending-timers.ts";
import { BrokenRule } from "./promises.ts";
import type { RandomAgent } from "./random-agent.ts";
import type { RandomCaller } from "./random-caller.ts";
import type { RandomTools } from "./random-tools.ts";

type World = {
  readonly timers: PendingTimers;
  readonly caller: RandomCaller;
  readonly agent: RandomAgent;
  readonly tools: RandomTools;
  readonly orders: OutsideOrders;
  readonly isReachable: () => boolean;
};

export class DeadAirWatch {
  readonly #world: World;
  /** Since when somebody waits and hears nothing. */
  #sinceMs: number | undefined;

  constructor(world: World) {
    this.#world = world;
  }

  /** Something is heard from now on. */
  bridged(nowMs: number): void {
    if (this.#sinceMs === undefined) throw new BrokenRule(4, "a sound for nobody who waits");
    this.#sinceMs = nowMs;
  }

  /** After each fact. */
  check(now: Conversation, nowMs: number): void {
    const isDeadAir = now.rules.fillPauseAfterMs > 0 && this.#isWaitedInSilence(now);
    this.#sinceMs = isDeadAir ? (this.#sinceMs ?? nowMs) : undefined;
    const dueMs = this.#world.timers.dueMs("fill-pause");
    if (!isDeadAir && dueMs !== undefined) throw new BrokenRule(4, "measures a silence in which nobody waits");
    if (this.#sinceMs === undefined) return;
    if (dueMs === undefined) throw new BrokenRule(6, "somebody waits in silence, and it isn't measured");
    if (dueMs > this.#sinceMs + now.rules.fillPauseAfterMs)
      throw new BrokenRule(6, `a silence since ${this.#sinceMs} ms may last until ${dueMs} ms`);
  }

  #isWaitedInSilence(now: Conversation): boolean {
    const { agent, caller, isReachable } = this.#world;
    if (now.phase.name === "ended" || !isReachable() || caller.isSpeaking) return false;
    return agent.openReply === undefined ? this.#isWaited(now) : agent.isSilent;
  }

  /** Nobody has the floor: a tool, or the recogniser, is waited for. */
  #isWaited(now: Conversation): boolean {
    const { timers, caller, tools, orders } = this.#world;
    if (now.phase.name !== "open" || orders.isMuted || now.farEnd?.who === "machine") return false;
    if (tools.isTransferring) return false;
    const { givenUp, words } = now.caller;
    const isUnheard = caller.awaited.some((id) => id > givenUp && !isAnswered(now, id));
    if (now.realtime && (isUnheard || /^(?!.*pressed ).+/.test(words))) return true;
    if (!timers.has("end-of-turn")) return tools.isWaitedFor || isUnheard;
    return words === "" && caller.awaited.length === 0 && (now.owed.answer || now.owed.apology);
  }
}
