/** What the agent says: the same to everybody, at once. */
import type { LanguageModel, Message, ReplyPart, ReplyRequest } from "@earshot/engine";

const ANSWER = "Thank you. Let me see what I can do about that.";
const LOOKING_UP = "One moment please, I am looking that up for you.";
const FOUND = "Here it is, I have found what you asked for.";

/** Answers whatever is said. */
export const PLAIN_MIND: LanguageModel = {
  name: "scorecard/plain",
  async *reply(): AsyncGenerator<ReplyPart> {
    yield { type: "text", text: ANSWER };
  },
};

/** Looks something up before its greeting is over, and again for each turn of the caller; keeps which results it was told. */
export class LookingUpMind implements LanguageModel {
  readonly name = "scorecard/looking-up";
  readonly told = new Set<string>();

  async *reply({ messages }: ReplyRequest): AsyncGenerator<ReplyPart> {
    for (const message of messages) if (message.role === "tool") this.told.add(message.toolCallId);
    const id = `look-up-${messages.filter(({ role }) => role === "caller").length}`;
    if (wasAsked(messages, id)) {
      yield { type: "text", text: FOUND };
      return;
    }
    yield { type: "text", text: LOOKING_UP };
    yield { type: "tool-call", call: { id, name: "look_up", arguments: "{}" } };
  }
}

function wasAsked(messages: readonly Message[], id: string): boolean {
  return messages.some((said) => said.role === "agent" && said.toolCalls?.some((call) => call.id === id));
}
