/** Agents that answer text messages: with the prompt, the tools and the models that they have in calls. */
import type { AgentSettings } from "../agents/agent.ts";
import type { Complete } from "../calls/ask-of-transcript.ts";
import type { Conversation } from "../conversations/conversation.ts";
import type { Message } from "../messages/message.ts";
import { type MessageDeps, sendMessage } from "../messages/send-message.ts";
import type { ToolRunnerDeps } from "../tools/create-tool-runner.ts";
import { toEpochMs } from "../wall-clock.ts";
import { toHistory } from "./to-history.ts";
import { writeAnswer } from "./write-answer.ts";

export type AnswerDeps = MessageDeps & {
  /** The node's language models; undefined while there are none yet. */
  readonly complete: () => Complete | undefined;
  /** What tools need, of one workspace. */
  readonly toolsOf: (workspaceId: string) => ToolRunnerDeps;
};

const HOUR_MS = 3_600_000;
/** An answer that comes later than that answers nothing. */
const MAX_AGE_MS = HOUR_MS;
const MAX_HISTORY = 50;
const MAX_ANSWER_LENGTH = 1_600;

/**
 * Has the agent of a message answer it, once: unless another one came after it, the agent doesn't write, has written as
 * often as it may within the hour, or its writer has opted out.
 * @throws Error when it is to be tried again
 */
export async function answerMessage(deps: AnswerDeps, messageId: string): Promise<void> {
  const message = await deps.messages.findAnywhere(messageId);
  if (message?.direction !== "inbound") return;
  const agent = await findAgent(deps, message);
  const conversation = await deps.conversations.find(message.workspaceId, message.conversationId);
  if (agent === undefined || conversation === undefined) return;
  const history = await findHistory(deps, message);
  if (history === undefined || !(await mayAnswer(deps, agent, message))) return;
  const complete = deps.complete();
  if (complete === undefined) throw new Error("there is no language model yet");
  const body = await writeAnswer({ complete, tools: deps.toolsOf(message.workspaceId) }, { agent, message, history });
  if (body !== "") await send(deps, conversation, message, body.slice(0, MAX_ANSWER_LENGTH).toWellFormed());
}

async function findAgent(deps: AnswerDeps, message: Message): Promise<AgentSettings | undefined> {
  const { workspaceId, phoneNumberId } = message;
  const number = await deps.phoneNumbers.find(workspaceId, phoneNumberId);
  if (number?.status !== "active" || number.agentId === undefined) return undefined;
  const settings = (await deps.agents.findForCall(workspaceId, number.agentId, "deployed"))?.settings;
  if (settings === undefined || !settings.isActive || settings.mode === "webhook") return undefined;
  return settings.messaging.isEnabled ? settings : undefined;
}

/** Oldest first; undefined when something newer is to be answered instead. */
async function findHistory({ messages, clock }: AnswerDeps, message: Message) {
  const { workspaceId, conversationId } = message;
  if (clock.now().getTime() - toEpochMs(message.createdAt) > MAX_AGE_MS) return undefined;
  const newestFirst = await messages.list(workspaceId, { conversationId, limit: MAX_HISTORY });
  const newest = newestFirst.find(({ direction }) => direction === "inbound");
  return newest?.id === message.id ? toHistory(newestFirst.toReversed()) : undefined;
}

async function mayAnswer(deps: AnswerDeps, { messaging }: AgentSettings, message: Message): Promise<boolean> {
  const { workspaceId, conversationId, to: phoneNumber, from } = message;
  if (await deps.messages.isAnswered(conversationId, message.id)) return false;
  const since = deps.clock.at(deps.clock.now().getTime() - HOUR_MS);
  if ((await deps.messages.countAnswers(conversationId, since)) >= messaging.maxAnswersPerHour) return false;
  return (await deps.optOuts.among({ workspaceId, phoneNumber }, [from])).length === 0;
}

async function send(
  deps: AnswerDeps,
  { isGroup, participant }: Conversation,
  { workspaceId, phoneNumberId, id, from }: Message,
  body: string,
): Promise<void> {
  const to = isGroup ? participant : from;
  await sendMessage(deps, workspaceId, { phoneNumberId, to, body, mediaUrls: [], delivery: { answersId: id } });
}
