/** Sums up what was said, sometimes less than before: a summary that is late takes nothing away. */

import { isDeepStrictEqual } from "node:util";
import type { Conversation } from "../../conversation/conversation.ts";
import type { Fact } from "../../conversation/event.ts";
import { BrokenRule } from "./promises.ts";

type Call = { readonly now: () => Conversation; readonly post: (fact: Fact) => void };

export class RandomMemory {
  readonly #call: Call;
  #upToMs = -1;
  #count = 0;

  constructor(call: Call) {
    this.#call = call;
  }

  sumUp(upToMs: number): void {
    const { now, post } = this.#call;
    const before = now();
    const text = `summary ${++this.#count}`;
    post({ type: "history-summarised", upToMs, text });
    const { summary, history } = now();
    if (!isDeepStrictEqual(history, before.history)) throw new BrokenRule(5, "a summary changed the history");
    const isNews = upToMs > this.#upToMs && before.phase.name !== "ended";
    if (isNews) this.#upToMs = upToMs;
    if (isNews ? summary?.text !== text : !isDeepStrictEqual(summary, before.summary))
      throw new BrokenRule(
        3,
        `a summary up to ${upToMs} ms came after one up to ${this.#upToMs} ms, and counted wrongly`,
      );
  }
}
