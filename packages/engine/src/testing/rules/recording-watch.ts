/** Who is recorded, and when: nobody before they know it, and nothing while it must not be. */

import type { Conversation } from "../../conversation/conversation.ts";
import type { Effect } from "../../conversation/effect.ts";
import type { Duty } from "./duty.ts";
import { BrokenRule, type SpokenReply } from "./promises.ts";

type World = {
  readonly now: Conversation;
  readonly duty: Duty;
  readonly replies: readonly SpokenReply[];
};

/** Whoever is recorded with their consent is told so before anything that is said to them unasked. */
export function checkToldFirst(purpose: string, { consent }: Conversation): void {
  if (purpose === "greeting" && consent?.asked === 0)
    throw new BrokenRule(5, "greeted before the recording was told of");
}

export class RecordingWatch {
  #decided: "agreed" | "declined" | undefined;
  #isOn: boolean | undefined;

  record({ isOn, because }: Effect & { type: "record" }, world: World): void {
    const { rules, isRecordingPaused = false } = world.now;
    if (because !== "paused" && because !== "resumed") this.#decide(because, world);
    if (isOn !== (this.#decided !== "declined" && !isRecordingPaused))
      throw new BrokenRule(5, `the recording is ${isOn ? "on" : "off"} because it was ${because}`);
    if (isOn === this.#isOn && because !== "agreed" && because !== "declined")
      throw new BrokenRule(5, `the recording was ${because} and nothing changed`);
    this.#isOn = isOn;
    if (isOn && rules.recordingConsent && this.#decided !== "agreed")
      throw new BrokenRule(5, "somebody is recorded who was not asked");
  }

  #decide(because: "agreed" | "told" | "declined", { now, duty, replies }: World): void {
    if (this.#decided) throw new BrokenRule(5, `${this.#decided} and then ${because}`);
    this.#decided = because === "declined" ? "declined" : "agreed";
    const asked = replies.filter(({ purpose }) => purpose === "consent");
    if (asked.length === 0 || asked.length > 2) throw new BrokenRule(5, `${because} after ${asked.length} questions`);
    const last = now.history.findLast(({ role }) => role === "caller");
    if (because === "told" && !asked.some(({ heard, generated }) => heard.length >= generated.length))
      throw new BrokenRule(5, "the message was not heard to its end");
    if (because === "agreed" && !/yes|pressed 1$/.test(last?.role === "caller" ? last.text : ""))
      throw new BrokenRule(5, "nobody agreed");
    if (now.caller.words === "" && because !== "told") duty.answered();
  }
}
