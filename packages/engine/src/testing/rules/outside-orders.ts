/** What somebody outside the call may order, and what it means to what is owed. */

import type { Conversation } from "../../conversation/conversation.ts";
import type { Fact } from "../../conversation/event.ts";
import type { Duty } from "./duty.ts";
import { BrokenRule, type SpokenReply } from "./promises.ts";
import type { OutsideStimulus } from "./stimulus.ts";

type Call = {
  readonly now: () => Conversation;
  readonly openReply: () => SpokenReply | undefined;
  readonly post: (fact: Fact) => void;
  readonly duty: Duty;
};

export class OutsideOrders {
  readonly #call: Call;
  #isMuted = false;

  constructor(call: Call) {
    this.#call = call;
  }

  get isMuted(): boolean {
    return this.#isMuted;
  }

  apply(stimulus: OutsideStimulus): void {
    const { post } = this.#call;
    switch (stimulus.do) {
      case "request-say":
        return this.#say(stimulus.words, stimulus.endAfter);
      case "inject":
        return this.#inject(stimulus.words, stimulus.shouldReply);
      case "mute":
        return this.#mute();
      case "unmute":
        this.#isMuted = false;
        return post({ type: "agent-unmuted" });
      case "pause-recording":
        return post({ type: "recording-paused" });
      case "resume-recording":
        return post({ type: "recording-resumed" });
      case "end-by-api":
        return post({ type: "end-requested", reason: "api-request" });
    }
  }

  #say(text: string, endAfter: boolean): void {
    const { now, openReply, post, duty } = this.#call;
    const { phase } = now();
    const words = text.trim();
    if (phase.name !== "ended" && words !== "") duty.announce(words);
    const givesWay = phase.name === "open" && openReply()?.purpose !== "announcement";
    if (givesWay && (words !== "" || endAfter)) this.#overrule();
    post({ type: "say-requested", text, endAfter });
  }

  #inject(content: string, shouldReply: boolean): void {
    const { now, post, duty } = this.#call;
    const { phase } = now();
    if (phase.name === "open" && content !== "" && shouldReply) duty.owe("a note that wants a reply");
    post({ type: "context-injected", content, shouldReply });
    const note = now().history.findLast((said) => said.role === "instruction");
    if (phase.name !== "ended" && content !== "" && note?.text !== content)
      throw new BrokenRule(5, `the note "${content}" got lost`);
  }

  #mute(): void {
    const { now, post, duty } = this.#call;
    if (now().phase.name !== "ended" && !this.#isMuted) {
      this.#overrule();
      duty.mute();
      this.#isMuted = true;
    }
    post({ type: "agent-muted" });
  }

  #overrule(): void {
    const reply = this.#call.openReply();
    if (reply) reply.isOverruled = true;
    this.#call.duty.overrule();
  }
}
