/** What a chat completion asks, in the engine's words. */
import type { Message, ReplyRequest, ToolDefinition } from "@earshot/engine";
import type { ChatMessage, ChatRequest } from "./chat-shape.ts";

export function toReplyRequest(chat: ChatRequest): ReplyRequest {
  const { system, rest } = splitSystem(chat.messages);
  const maxOutputTokens = chat.max_completion_tokens ?? chat.max_tokens;
  const order = toOrder(chat);
  return {
    system: [system, ...toFormatOrder(chat)].filter((part) => part !== "").join("\n\n"),
    messages: [...toMessages(rest), ...(order === undefined ? [] : [order])],
    tools: toToolDefinitions(chat),
    ...(chat.temperature === undefined || chat.temperature === null ? {} : { temperature: chat.temperature }),
    ...(maxOutputTokens === undefined || maxOutputTokens === null ? {} : { maxOutputTokens }),
  };
}

/** The prompt is what stands before the first turn; later orders keep their place. */
function splitSystem(messages: readonly ChatMessage[]): { system: string; rest: readonly ChatMessage[] } {
  const first = messages.findIndex(({ role }) => role !== "system" && role !== "developer");
  const end = first === -1 ? messages.length : first;
  const system = messages.slice(0, end).flatMap(({ content }) => content ?? []);
  return { system: system.join("\n\n"), rest: messages.slice(end) };
}

function toMessages(messages: readonly ChatMessage[]): Message[] {
  const toolNames = new Map<string, string>();
  return messages.map((message) => toMessage(message, toolNames));
}

/** @param toolNames which tool each call was for; filled on the way */
function toMessage(message: ChatMessage, toolNames: Map<string, string>): Message {
  switch (message.role) {
    case "system":
    case "developer":
      return { role: "instruction", text: message.content };
    case "user":
      return { role: "caller", text: message.content };
    case "assistant": {
      const toolCalls = (message.tool_calls ?? []).map(({ id, function: called }) => {
        toolNames.set(id, called.name);
        return { id, name: called.name, arguments: called.arguments };
      });
      return { role: "agent", text: message.content ?? "", ...(toolCalls.length === 0 ? {} : { toolCalls }) };
    }
    case "tool": {
      const { tool_call_id: toolCallId, content: result } = message;
      return { role: "tool", toolCallId, name: toolNames.get(toolCallId) ?? "tool", outcome: "succeeded", result };
    }
  }
}

function toToolDefinitions({ tools, tool_choice: choice }: ChatRequest): ToolDefinition[] {
  if (choice === "none") return [];
  const wanted = typeof choice === "object" && choice !== null ? choice.function.name : undefined;
  return (tools ?? [])
    .filter((tool) => wanted === undefined || tool.function.name === wanted)
    .map(({ function: { name, description, parameters } }) => ({
      name,
      description: description ?? "",
      parameters: { type: "object", properties: {}, ...parameters },
    }));
}

/** Models are told, not forced. */
function toOrder({ tools, tool_choice: choice }: ChatRequest): Message | undefined {
  if (choice === undefined || choice === null || choice === "none" || choice === "auto") return undefined;
  if ((tools ?? []).length === 0) return undefined;
  const which = choice === "required" ? "one of the functions" : `the function ${choice.function.name}`;
  return { role: "instruction", text: `Answer by calling ${which}.` };
}

function toFormatOrder({ response_format: format }: ChatRequest): string[] {
  if (format === undefined || format === null || format.type === "text") return [];
  if (format.type === "json_object") return ["Answer with one JSON object and nothing else, without code fences."];
  const schema = JSON.stringify(format.json_schema.schema ?? {});
  return [`Answer with JSON that fits this JSON Schema and nothing else, without code fences:\n${schema}`];
}
