/** One reply of a language model as chat completions tell it: text, calls, why it ended, what it took. */
import { ProviderError, type ReplyPart, type ReplyRequest, type ToolCall } from "@earshot/engine";
import { AppError } from "../../../app-error.ts";
import { StopSequences } from "./stop-sequences.ts";

export type ChatUsage = {
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
  readonly total_tokens: number;
};

export type ChatEvent =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "tool-call"; readonly call: ToolCall }
  | { readonly type: "end"; readonly finishReason: "stop" | "length" | "tool_calls"; readonly usage: ChatUsage };

/** Where a model says nothing of tokens. */
const CHARACTERS_PER_TOKEN = 4;

/**
 * @param parts the reply; reading stops at the first stop sequence
 * @throws AppError `model_failed`
 */
export async function* toChatEvents(
  parts: AsyncIterable<ReplyPart>,
  request: ReplyRequest,
  stop: readonly string[],
): AsyncGenerator<ChatEvent> {
  const text = new StopSequences(stop);
  const counted: { prompt?: number; completion?: number } = {};
  let characters = 0;
  let hasCalled = false;
  const show = function* (piece: string): Generator<ChatEvent> {
    characters += piece.length;
    if (piece !== "") yield { type: "text", text: piece };
  };
  for await (const part of naming(parts)) {
    if (part.type === "text") yield* show(text.push(part.text));
    else if (part.type === "usage") {
      counted.prompt = part.inputTokens;
      counted.completion = part.outputTokens;
    } else if (part.type === "tool-call") {
      hasCalled = true;
      characters += part.call.name.length + part.call.arguments.length;
      yield* show(text.flush());
      yield { type: "tool-call", call: part.call };
    }
    if (text.hasStopped) break;
  }
  yield* show(text.flush());
  const prompt = counted.prompt ?? toTokens(JSON.stringify(request.messages).length + request.system.length);
  const completion = counted.completion ?? toTokens(characters);
  const isCut = request.maxOutputTokens !== undefined && completion >= request.maxOutputTokens && !text.hasStopped;
  const limited = isCut ? "length" : "stop";
  yield {
    type: "end",
    finishReason: hasCalled ? "tool_calls" : limited,
    usage: { prompt_tokens: prompt, completion_tokens: completion, total_tokens: prompt + completion },
  };
}

async function* naming(parts: AsyncIterable<ReplyPart>): AsyncGenerator<ReplyPart> {
  try {
    yield* parts;
  } catch (error) {
    throw error instanceof ProviderError ? modelFailed(error) : error;
  }
}

function modelFailed(cause: ProviderError): AppError {
  return new AppError("model_failed", `${cause.provider} failed: ${cause.message}`, { cause });
}

export function toTokens(characters: number): number {
  return Math.ceil(characters / CHARACTERS_PER_TOKEN);
}
