/** What a realtime model can't hear, and must be told: tools' results, notes and digits. */

import type { Conversation, Utterance } from "../conversation/conversation.ts";
import type { Message } from "../conversation/message.ts";

export class Told {
  readonly #told = new WeakSet<Utterance>();
  #history: readonly Utterance[] = [];

  /** What of the history is new and silent, in order, once each. */
  update({ history }: Conversation): Message[] {
    if (history === this.#history) return [];
    this.#history = history;
    const messages: Message[] = [];
    for (const said of history) {
      if (this.#told.has(said)) continue;
      this.#told.add(said);
      const message = toSilent(said);
      if (message) messages.push(message);
    }
    return messages;
  }
}

function toSilent(said: Utterance): Message | undefined {
  switch (said.role) {
    case "agent":
      return undefined;
    case "caller":
      return /\bpressed(?: [0-9*#])+/.test(said.text) ? { role: "caller", text: said.text } : undefined;
    case "instruction":
      return { role: "instruction", text: said.text };
    case "tool": {
      const { role, toolCallId, name, outcome, result } = said;
      return { role, toolCallId, name, outcome, result };
    }
  }
}
