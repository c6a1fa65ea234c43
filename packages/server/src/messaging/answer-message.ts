/** Agents that answer text messages: with the prompt, the tools and the models that they have in calls. */
import type { AgentSettings } from "../agents/agent.ts";
import type { Complete } from "../calls/ask-of-transcript.ts";
import { findHandoffs } from "../calls/find-handoffs.ts";
import { type Conversation, conversationPatchShape } from "../conversations/conversation.ts";
import type { FindMcpServers } from "../mcp-servers/find-mcp-servers.ts";
import type { McpConnection, McpEndpoint } from "../mcp-servers/mcp-connection.ts";
import type { Message } from "../messages/message.ts";
import { type MessageDeps, sendMessage } from "../messages/send-message.ts";
import type { ToolRunnerDeps } from "../tools/create-tool-runner.ts";
import type { Handoffs } from "../tools/handoffs.ts";
import { toEpochMs } from "../wall-clock.ts";
import { openMcpTools } from "./open-mcp-tools.ts";
import { type SentByTool, sendFromAnswer } from "./send-from-answer.ts";
import { toHistory } from "./to-history.ts";
import { writeAnswer } from "./write-answer.ts";

export type AnswerDeps = MessageDeps & {
  /** The node's language models; undefined while there are none yet. */
  readonly complete: () => Complete | undefined;
  /** What tools need, of one workspace. */
  readonly toolsOf: (workspaceId: string) => ToolRunnerDeps;
  readonly findMcpServers: FindMcpServers;
  readonly connectMcp: (endpoint: McpEndpoint) => McpConnection;
};

const HOUR_MS = 3_600_000;
/** An answer that comes later than that answers nothing. */
const MAX_AGE_MS = HOUR_MS;
const MAX_HISTORY = 50;
const MAX_ANSWER_LENGTH = 1_600;
/** Whoever has taken a conversation over has it until nobody has written for so long. */
const IN_CHARGE_MS = 24 * HOUR_MS;
/** In a conversation's metadata: what its agents have learnt. */
const LEARNT = "variables";

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
  const newestFirst = await findHistory(deps, message);
  if (newestFirst === undefined || !(await mayAnswer(deps, agent, message))) return;
  const complete = deps.complete();
  if (complete === undefined) throw new Error("there is no language model yet");
  const { workspaceId } = message;
  const handoffs = await findWriters(deps, message, agent);
  const mcp = await openMcpTools(deps, workspaceId, [agent, ...Object.values(handoffs)]);
  const tools = {
    ...{ ...deps.toolsOf(workspaceId), mcp },
    sendMessage: (wanted: SentByTool) => sendFromAnswer(deps, message, wanted),
  };
  const written = await writeAnswer(
    { complete, tools, mcp },
    {
      ...{ agent, handoffs, message, history: toHistory(newestFirst.toReversed()) },
      inCharge: findInCharge(newestFirst, message, handoffs),
      learnt: learntOf(conversation),
    },
  );
  await keep(deps, conversation, written.learnt);
  const { inCharge } = written;
  const body = written.body.slice(0, MAX_ANSWER_LENGTH).toWellFormed();
  if (body !== "") await send(deps, conversation, { message, body, inCharge });
}

/** Agents that may take over; one that a server of the customer's speaks for can't write. */
async function findWriters(deps: AnswerDeps, { workspaceId }: Message, agent: AgentSettings): Promise<Handoffs> {
  const all = await findHandoffs(deps.agents, { workspaceId, direction: "inbound" }, agent);
  return Object.fromEntries(Object.entries(all).filter(([, { mode }]) => mode !== "webhook"));
}

/** Who wrote last, if that was not long ago. */
function findInCharge(newestFirst: readonly Message[], { createdAt }: Message, handoffs: Handoffs): string | undefined {
  const last = newestFirst.find(({ delivery }) => delivery?.answersId !== undefined);
  const agentId = last?.delivery?.inCharge;
  if (last === undefined || agentId === undefined || handoffs[agentId] === undefined) return undefined;
  return toEpochMs(createdAt) - toEpochMs(last.createdAt) > IN_CHARGE_MS ? undefined : agentId;
}

function learntOf({ metadata }: Conversation): Readonly<Record<string, unknown>> {
  const learnt = metadata?.[LEARNT];
  return typeof learnt === "object" && learnt !== null && !Array.isArray(learnt) ? { ...learnt } : {};
}

async function keep(
  { conversations }: AnswerDeps,
  { workspaceId, id }: Conversation,
  learnt: Readonly<Record<string, unknown>>,
): Promise<void> {
  if (Object.keys(learnt).length === 0) return;
  await conversations.update(workspaceId, id, (current) => {
    const metadata = { ...current.metadata, [LEARNT]: { ...learntOf(current), ...learnt } };
    // What is somebody else's must not be lost to it.
    return conversationPatchShape.shape.metadata.safeParse(metadata).success ? { ...current, metadata } : current;
  });
}

async function findAgent(deps: AnswerDeps, message: Message): Promise<AgentSettings | undefined> {
  const { workspaceId, phoneNumberId } = message;
  const number = await deps.phoneNumbers.find(workspaceId, phoneNumberId);
  if (number?.status !== "active" || number.agentId === undefined) return undefined;
  const settings = (await deps.agents.findForCall(workspaceId, number.agentId, "deployed"))?.settings;
  if (settings === undefined || !settings.isActive || settings.mode === "webhook") return undefined;
  return settings.messaging.isEnabled ? settings : undefined;
}

/** Newest first; undefined when something newer is to be answered instead. */
async function findHistory({ messages, clock }: AnswerDeps, message: Message) {
  const { workspaceId, conversationId } = message;
  if (clock.now().getTime() - toEpochMs(message.createdAt) > MAX_AGE_MS) return undefined;
  const newestFirst = await messages.list(workspaceId, { conversationId, limit: MAX_HISTORY });
  const newest = newestFirst.find(({ direction }) => direction === "inbound");
  return newest?.id === message.id ? newestFirst : undefined;
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
  {
    message,
    body,
    inCharge,
  }: { readonly message: Message; readonly body: string; readonly inCharge: string | undefined },
): Promise<void> {
  const { workspaceId, phoneNumberId, id, from } = message;
  const to = isGroup ? participant : from;
  const delivery = { answersId: id, ...(inCharge === undefined ? {} : { inCharge }) };
  await sendMessage(deps, workspaceId, { phoneNumberId, to, body, mediaUrls: [], delivery });
}
