/** The turns of a call whose words a customer's own server decides, as AgentPhone sends them. */
import type { Message } from "@earshot/engine";
import { postTurn } from "../../voice-turns/post-turn.ts";
import type { VoiceTurnSender } from "../../voice-turns/voice-turn.ts";
import { contextLimit, toCallParties, toHeaders } from "./webhooks.ts";

const EVENT = "agent.message";

/** `voiceTurns.details` may hold `contextLimit`: how many turns before this one are sent along; 10 by default. */
export const sendAgentPhoneTurns: VoiceTurnSender = ({ call, voiceTurns, guard, clock }) => {
  const { url, secret, details = {} } = voiceTurns;
  const limit = contextLimit({ settings: details });
  const times = new FirstSeen();
  return ({ number, transcript, messages }, signal) => {
    const now = clock.now();
    const body = JSON.stringify({
      event: EVENT,
      channel: "voice",
      timestamp: now.toISOString(),
      agentId: call.agentId ?? null,
      data: { ...toCallParties(call), status: "in-progress", transcript, confidence: null },
      conversationState: null,
      recentHistory: times.date(toHistory(messages, limit), now.toISOString()),
    });
    const timestampS = Math.floor(now.getTime() / 1000);
    const headers = toHeaders({ id: `${call.id}-${number}`, event: EVENT, timestampS, body, secret });
    return postTurn(guard, { url, body, headers }, signal);
  };
};

/** What was said before the words that are to be answered, the newest last. */
function toHistory(messages: readonly Message[], limit: number) {
  const said = messages.flatMap((message) => {
    if (message.role === "caller") return [{ content: message.text, direction: "inbound" }];
    if (message.role === "agent") return [{ content: message.text, direction: "outbound" }];
    return [];
  });
  const before = said.at(-1)?.direction === "inbound" ? said.slice(0, -1) : said;
  return limit === 0 ? [] : before.slice(-limit);
}

type Said = ReturnType<typeof toHistory>[number];

/** When each piece of a call's history was first sent along: the conversation itself tells no times. */
class FirstSeen {
  #times: ReadonlyMap<string, string> = new Map();

  date(history: readonly Said[], now: string) {
    const key = ({ direction, content }: Said) => `${direction} ${content}`;
    this.#times = new Map(history.map((said) => [key(said), this.#times.get(key(said)) ?? now]));
    return history.map((said) => ({ ...said, channel: "voice", at: this.#times.get(key(said)) ?? now }));
  }
}
