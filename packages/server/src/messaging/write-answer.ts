import type { Message as Said, ToolCall } from "@earshot/engine";
import type { AgentSettings } from "../agents/agent.ts";
import { givenValues, toKnown } from "../agents/known-values.ts";
import { fillPlaceholders } from "../agents/placeholders/fill-placeholders.ts";
import type { Complete } from "../calls/ask-of-transcript.ts";
import type { Message } from "../messages/message.ts";
import { createToolRunner, type ToolRunnerDeps } from "../tools/create-tool-runner.ts";
import { toToolDefinitions } from "../tools/to-tool-definitions.ts";
import { toolsOf } from "../tools/tools-of.ts";

/** Rounds of tools before the model must have answered. */
const MAX_ROUNDS = 6;
const TIMEOUT_MS = 90_000;
/** What makes sense without a call. */
const KINDS = new Set(["webhook", "knowledge"]);

const WRITTEN = [
  "# How to write",
  "This is a conversation by text message: what you write is sent as it is.",
  "Answer in one to three short sentences of plain text, without markup.",
].join("\n");

/**
 * What the agent writes back; empty when it has nothing to say.
 * @throws ProviderError; Error when the model goes on calling tools
 */
export async function writeAnswer(
  deps: { readonly complete: Complete; readonly tools: ToolRunnerDeps },
  about: { readonly agent: AgentSettings; readonly message: Message; readonly history: readonly Said[] },
): Promise<string> {
  const { agent, message } = about;
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const runner = createToolRunner(deps.tools, { callId: message.id, agent });
  const tools = toToolDefinitions(
    agent,
    toolsOf(agent).filter(({ kind }) => KINDS.has(kind)),
  );
  const { languageModel: model } = agent.models;
  const messages: Said[] = [...about.history];
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const request = {
      ...{ system: toSystem(agent, message), messages, tools },
      ...(agent.temperature === undefined ? {} : { temperature: agent.temperature }),
      ...(agent.maxOutputTokens === undefined ? {} : { maxOutputTokens: agent.maxOutputTokens }),
      ...(model === undefined ? {} : { model }),
    };
    const { text, toolCalls } = await readReply(deps.complete(request, signal));
    if (toolCalls.length === 0) return text;
    messages.push({ role: "agent", text, toolCalls });
    for (const call of toolCalls) {
      const { id: toolCallId, name } = call;
      const { outcome, result } = await runner.run({ ...call, toolCallId, sceneId: "main" }, signal);
      messages.push({ role: "tool", toolCallId, name, outcome, result });
    }
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

function toSystem(agent: AgentSettings, { id, createdAt, from, to }: Message): string {
  const facts = { id, direction: "inbound", createdAt, variables: {}, fromNumber: from, toNumber: to } as const;
  const known = toKnown(agent, facts);
  const parts = [fillPlaceholders(agent.prompt, known), WRITTEN];
  if (agent.notes.length > 0)
    parts.push(["# Notes", ...agent.notes.map((note) => `- ${fillPlaceholders(note, known)}`)].join("\n"));
  const given = Object.entries(givenValues(agent, {}));
  if (given.length > 0) parts.push(["# Known", ...given.map(([name, value]) => `- ${name}: ${value}`)].join("\n"));
  return parts.join("\n\n");
}
