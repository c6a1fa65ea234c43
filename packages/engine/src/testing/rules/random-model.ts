/** A realtime model that answers when it thinks fit: each of its offers is taken up or declined, and for a reason. */

import type { Conversation } from "../../conversation/conversation.ts";
import type { Effect } from "../../conversation/effect.ts";
import { isReopened } from "../../conversation/ending.ts";
import type { Fact } from "../../conversation/event.ts";
import { awaitsConsent } from "../../conversation/recording/consent.ts";
import type { Duty } from "./duty.ts";
import { BrokenRule } from "./promises.ts";
import type { RandomCaller } from "./random-caller.ts";

type Call = {
  readonly now: () => Conversation;
  readonly post: (fact: Fact) => void;
  readonly caller: RandomCaller;
  readonly isReachable: () => boolean;
  readonly duty: Duty;
};

export class RandomModel {
  readonly #call: Call;
  readonly #open: string[] = [];
  #count = 0;

  constructor(call: Call) {
    this.#call = call;
  }

  offer(): void {
    const { now, post } = this.#call;
    if (now().realtime === undefined || now().phase.name === "ended") return;
    const offerId = `offer-${++this.#count}`;
    this.#open.push(offerId);
    post({ type: "reply-offered", offerId });
  }

  fail(): void {
    const { now, post, caller, duty } = this.#call;
    if (now().realtime === undefined || now().phase.name === "ended") return;
    this.#open.length = 0;
    if (caller.fallSilent()) {
      duty.apologyIsDue();
      duty.owe("an utterance that a model took with it");
    }
    post({ type: "realtime-failed", provider: "p", kind: "unreachable", message: "m" });
  }

  take(offerId: string, before: Conversation): void {
    if (before.farEnd?.who === "unknown" && this.#call.caller.awaited.length > 0)
      throw new BrokenRule(6, `${offerId} answers somebody who may be a machine`);
    if (this.#open.at(-1) !== offerId) throw new BrokenRule(4, `${offerId} is taken up and is not the newest offer`);
    this.#open.pop();
  }

  /** Rule 6: what the model has to say is refused only where it could not be heard. */
  decline({ offerId }: Effect & { type: "decline-offer" }, before: Conversation): void {
    const index = this.#open.indexOf(offerId);
    if (index < 0) throw new BrokenRule(4, `${offerId} is declined and was not open`);
    const isNewest = index === this.#open.length - 1;
    this.#open.splice(index, 1);
    // What answers a question of the rules is no question to the model, also when it settles it.
    if (awaitsConsent(before) || awaitsConsent(this.#call.now())) return;
    if (isNewest && this.#canSpeak()) throw new BrokenRule(6, `${offerId} is declined, and nothing stood in its way`);
  }

  /** Rule 4: one offer at a time. Rule 6: it waits for somebody, and for nobody that it could not wait for. */
  check(): void {
    const { realtime, phase } = this.#call.now();
    if (phase.name === "ended") this.#open.length = 0;
    const [offerId, second] = this.#open;
    if (second !== undefined) throw new BrokenRule(4, `${offerId} stands beside ${second}`);
    if (phase.name === "ended" || offerId === undefined) return;
    if (realtime?.offerId !== offerId) throw new BrokenRule(4, `${offerId} was neither taken up nor declined`);
    this.#mustHaveReason(offerId);
  }

  #mustHaveReason(offerId: string): void {
    const { agent, caller, farEnd, phase, isMuted, transfer } = this.#call.now();
    if (isMuted || transfer || farEnd?.who === "machine" || !this.#call.isReachable())
      throw new BrokenRule(4, `${offerId} waits, and nobody could hear it`);
    if (phase.name === "closing" && !isReopened(this.#call.now()))
      throw new BrokenRule(4, `${offerId} waits in a call that ends`);
    if (this.#call.caller.isSpeaking) throw new BrokenRule(4, `${offerId} waits, and the caller goes on`);
    const isStranger = farEnd?.who === "unknown" && caller.awaited.length > 0;
    if (agent.state === "idle" && phase.name === "open" && !isStranger)
      throw new BrokenRule(6, `${offerId} waits for nobody`);
    const hasFloor = agent.state === "preparing" || agent.state === "talking";
    if (hasFloor && !agent.reply.isDucked)
      throw new BrokenRule(4, `${offerId} waits for a reply that nobody talks over`);
  }

  #canSpeak(): boolean {
    const { agent, phase, isMuted, transfer, flow, farEnd, tools } = this.#call.now();
    if (tools.length > 0) return false;
    if (isMuted || transfer || flow || farEnd?.who === "machine" || phase.name !== "open") return false;
    const isFree = agent.state === "idle" || agent.state === "stopping";
    return isFree && !this.#call.caller.isSpeaking && this.#call.isReachable();
  }
}
