import type { Message as Said, ToolCall, ToolOutcome, Value } from "@earshot/engine";
import type { AgentSettings } from "../agents/agent.ts";
import { givenValues, toKnown } from "../agents/known-values.ts";
import { fillPlaceholders } from "../agents/placeholders/fill-placeholders.ts";
import type { Complete } from "../calls/ask-of-transcript.ts";
import type { Call } from "../calls/call.ts";
import type { CallMcpTools } from "../mcp-servers/call-mcp-tools.ts";
import type { Message } from "../messages/message.ts";
import { createToolRunner, type ToolRunnerDeps } from "../tools/create-tool-runner.ts";
import { agentOfScene, type Handoffs, toSceneId } from "../tools/handoffs.ts";
import { isEnd, runTextTransfer, toTextTools } from "../tools/text-tools.ts";

/** Rounds of tools before the model must have answered. */
const MAX_ROUNDS = 6;
const TIMEOUT_MS = 90_000;
const OWN_SCENE = "main";

const WRITTEN = [
  "# How to write",
  "This is a conversation by text message: what you write is sent as it is.",
  "Answer in one to three short sentences of plain text, without markup.",
].join("\n");

export type Writing = {
  /** Whose number it is. */
  readonly agent: AgentSettings;
  readonly handoffs: Handoffs;
  /** Who of `handoffs` has taken the conversation over before; absent: nobody. */
  readonly inCharge?: string | undefined;
  readonly message: Message;
  readonly history: readonly Said[];
  /** What was learnt before, by variable. */
  readonly learnt: Readonly<Record<string, unknown>>;
};

export type Answer = {
  /** Empty: there is nothing to say. */
  readonly body: string;
  /** Who goes on from here; absent: whose number it is. */
  readonly inCharge?: string | undefined;
  readonly learnt: Readonly<Record<string, Value>>;
};

type WritingDeps = {
  readonly complete: Complete;
  readonly tools: ToolRunnerDeps;
  /** Connected. */
  readonly mcp: Pick<CallMcpTools, "expand">;
};

/**
 * What the agent writes back.
 * @throws ProviderError; Error when the model goes on calling tools
 */
export async function writeAnswer(deps: WritingDeps, about: Writing): Promise<Answer> {
  const { agent: own, handoffs, message } = about;
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const runner = createToolRunner(deps.tools, { callId: message.id, agent: own, call: toCall(about), handoffs });
  const messages: Said[] = [...about.history];
  const learnt: Record<string, Value> = {};
  let sceneId = about.inCharge === undefined ? OWN_SCENE : toSceneId(about.inCharge);
  let inCharge = about.inCharge;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const scene = sceneId;
    const agent = agentOfScene(handoffs, scene) ?? own;
    const tools = deps.mcp.expand(toTextTools(agent));
    const request = { ...toRequest(agent, message, { ...about.learnt, ...learnt }), messages, tools };
    const { text, toolCalls } = await readReply(deps.complete(request, signal));
    if (toolCalls.length === 0) return { body: text, inCharge, learnt };
    messages.push({ role: "agent", text, toolCalls });
    const isOffered = (name: string) => tools.some((tool) => tool.name === name);
    for (const call of toolCalls.filter((each) => !isEnd(each))) {
      const { id: toolCallId, name } = call;
      const run = async (): Promise<ToolOutcome> => {
        // What is left out needs a call, and would do nothing.
        if (!isOffered(name)) return { outcome: "failed", result: `There is no tool "${name}".` };
        if (agent.tools.some((tool) => tool.kind === "transfer" && tool.name === name))
          return runTextTransfer(agent, call.arguments);
        return runner.run({ ...call, toolCallId, sceneId: scene }, signal);
      };
      const { outcome, result, learnt: found, sceneId: next } = await run();
      Object.assign(learnt, found);
      messages.push({ role: "tool", toolCallId, name, outcome, result });
      if (next === undefined) continue;
      sceneId = next;
      inCharge = Object.keys(handoffs).find((id) => toSceneId(id) === next);
    }
    if (toolCalls.some(isEnd)) return { body: text === "" ? (agent.endMessage ?? "") : text, inCharge, learnt };
  }
  throw new Error("the model went on calling tools");
}

async function readReply(parts: ReturnType<Complete>): Promise<{ text: string; toolCalls: ToolCall[] }> {
  let text = "";
  const toolCalls: ToolCall[] = [];
  for await (const part of parts) {
    if (part.type === "text" && part.isFiller !== true) text += part.text;
    if (part.type === "tool-call") toolCalls.push(part.call);
  }
  return { text: text.trim(), toolCalls };
}

function toRequest(agent: AgentSettings, message: Message, learnt: Writing["learnt"]) {
  const { temperature, maxOutputTokens } = agent;
  const { languageModel: model } = agent.models;
  return {
    system: toSystem(agent, message, learnt),
    ...(temperature === undefined ? {} : { temperature }),
    ...(maxOutputTokens === undefined ? {} : { maxOutputTokens }),
    ...(model === undefined ? {} : { model }),
  };
}

function toSystem(agent: AgentSettings, { id, createdAt, from, to }: Message, learnt: Writing["learnt"]): string {
  const facts = { id, direction: "inbound", createdAt, variables: {}, fromNumber: from, toNumber: to } as const;
  const known = toKnown(agent, facts);
  const parts = [fillPlaceholders(agent.prompt, known), WRITTEN];
  if (agent.notes.length > 0)
    parts.push(["# Notes", ...agent.notes.map((note) => `- ${fillPlaceholders(note, known)}`)].join("\n"));
  const given = Object.entries({ ...givenValues(agent, {}), ...learnt });
  if (given.length > 0)
    parts.push(["# Known", ...given.map(([name, value]) => `- ${name}: ${String(value)}`)].join("\n"));
  return parts.join("\n\n");
}

/** What tools are told of: the message in the shape of a call, which has its id. */
function toCall({ agent, message }: Writing): Call {
  const { id, workspaceId, agentId, phoneNumberId, from: fromNumber, to: toNumber, createdAt } = message;
  return {
    ...{ id, workspaceId, phoneNumberId, fromNumber, toNumber, createdAt, updatedAt: createdAt },
    ...(agentId === undefined ? {} : { agentId }),
    agentName: agent.name,
    ...{ direction: "inbound", pace: "real", status: "active", variables: {}, metadata: {}, sent: {} },
  };
}
