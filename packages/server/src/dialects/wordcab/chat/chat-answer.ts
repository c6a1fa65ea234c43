/** Chat completions on the wire, whole and as server-sent events. */
import type { AppError } from "../../../app-error.ts";
import { toWordcabError } from "../errors.ts";
import type { ChatEvent } from "./chat-reply.ts";

export type ChatHead = { readonly id: string; readonly created: number; readonly model: string };

/** @param isJson whether JSON was asked for: code fences around it are taken off */
export async function toChatCompletion(
  head: ChatHead,
  events: AsyncIterable<ChatEvent>,
  { isJson }: { readonly isJson: boolean },
): Promise<object> {
  let text = "";
  const calls: object[] = [];
  for await (const event of events) {
    if (event.type === "text") text += event.text;
    else if (event.type === "tool-call") calls.push(toToolCall(event));
    else {
      const content = isJson ? withoutFences(text) : text;
      const message = {
        role: "assistant",
        content: content === "" && calls.length > 0 ? null : content,
        refusal: null,
        ...(calls.length === 0 ? {} : { tool_calls: calls }),
      };
      const choice = { index: 0, message, logprobs: null, finish_reason: event.finishReason };
      return { ...base(head, "chat.completion"), choices: [choice], usage: event.usage };
    }
  }
  throw new Error("a reply ended without an end");
}

/** The text of the event stream, piece by piece. Failures end it as an event of their own. */
export async function* toChatStream(
  head: ChatHead,
  events: AsyncIterable<ChatEvent>,
  options: { readonly hasUsage: boolean; readonly toAppError: (error: unknown) => AppError },
): AsyncGenerator<string> {
  const usage = options.hasUsage ? { usage: null } : {};
  const chunk = (delta: object, finishReason: string | null = null) =>
    toEvent({
      ...base(head, "chat.completion.chunk"),
      choices: [{ index: 0, delta, logprobs: null, finish_reason: finishReason }],
      ...usage,
    });
  let calls = 0;
  yield chunk({ role: "assistant", content: "" });
  try {
    for await (const event of events) {
      if (event.type === "text") yield chunk({ content: event.text });
      else if (event.type === "tool-call") yield chunk({ tool_calls: [{ index: calls++, ...toToolCall(event) }] });
      else {
        yield chunk({}, event.finishReason);
        if (options.hasUsage)
          yield toEvent({ ...base(head, "chat.completion.chunk"), choices: [], usage: event.usage });
      }
    }
    yield "data: [DONE]\n\n";
  } catch (error) {
    yield toEvent({ error: toWordcabError(options.toAppError(error)) });
  }
}

function base({ id, created, model }: ChatHead, object: string) {
  return { id, object, created, model };
}

function toToolCall({ call: { id, name, arguments: given } }: ChatEvent & { type: "tool-call" }) {
  return { id, type: "function", function: { name, arguments: given } };
}

function toEvent(value: object): string {
  return `data: ${JSON.stringify(value)}\n\n`;
}

function withoutFences(text: string): string {
  return /^\s*```(?:json)?\s*\n([\s\S]*?)\n?```\s*$/.exec(text)?.[1] ?? text;
}
