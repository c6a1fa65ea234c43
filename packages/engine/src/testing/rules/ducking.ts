/** The agent's voice is lowered while it is open what the caller wants, and no longer. */

import type { Conversation } from "../../conversation/conversation.ts";
import type { Effect } from "../../conversation/effect.ts";
import { BrokenRule, type SpokenReply } from "./promises.ts";

export class Ducking {
  #replyId: string | undefined;

  isDucked(reply: SpokenReply): boolean {
    return this.#replyId === reply.id;
  }

  obey({ type, replyId }: Effect & { type: "duck-reply" | "unduck-reply" }, reply: SpokenReply | undefined): void {
    if (reply?.id !== replyId || reply.state === "stopping")
      throw new BrokenRule(4, `${replyId} is ducked or not, and doesn't have the floor`);
    const isDucked = this.#replyId === replyId;
    if (isDucked === (type === "duck-reply")) throw new BrokenRule(4, `${type} twice for ${replyId}`);
    this.#replyId = type === "duck-reply" ? replyId : undefined;
  }

  check(now: Conversation, reply: SpokenReply | undefined, isUndecided: boolean): void {
    if (reply?.id !== this.#replyId || reply?.state === "stopping") this.#replyId = undefined;
    if (reply === undefined || this.#replyId === undefined) return;
    if (!isUndecided) throw new BrokenRule(6, `${reply.id} stays low and nobody speaks`);
    if (reply.state === "talking" && !now.rules.bargeIn.isEnabled)
      throw new BrokenRule(4, `${reply.id} was lowered though interruptions are off`);
  }
}
