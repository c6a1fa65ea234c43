import { type Clock, ProviderError, type ReplyPart, type ReplyRequest, type ToolCall } from "@earshot/engine";
import { jsonSchema, type LanguageModel, streamText, type TextStreamPart, type ToolSet, tool } from "ai";
import { toModelMessages } from "./to-model-messages.ts";
import { toProviderError } from "./to-provider-error.ts";
import { TokenDeadline, type TokenLimits } from "./token-deadline.ts";

type ProviderOptions = NonNullable<Parameters<typeof streamText>[0]["providerOptions"]>;

export type StreamReplyOptions = TokenLimits & {
  readonly model: LanguageModel;
  /** Name in errors. */
  readonly provider: string;
  readonly clock: Clock;
  readonly providerOptions?: ProviderOptions;
};

/** One reply through the `ai` package: no retries, no tool execution; those are the conversation's. */
export async function* streamReply(
  options: StreamReplyOptions,
  request: ReplyRequest,
  signal: AbortSignal,
): AsyncGenerator<ReplyPart, void, undefined> {
  if (signal.aborted) return;
  const deadline = new TokenDeadline({ provider: options.provider, clock: options.clock, limits: options });
  const abandoned = new AbortController();
  const stop = AbortSignal.any([signal, deadline.signal, abandoned.signal]);
  try {
    yield* readParts(start(options, request, stop), deadline, stop, options.provider);
  } catch (error) {
    if (signal.aborted) return;
    throw toProviderError(deadline.signal.aborted ? deadline.signal.reason : error, options.provider);
  } finally {
    deadline.stopWaiting();
    abandoned.abort();
  }
}

function start(options: StreamReplyOptions, request: ReplyRequest, abortSignal: AbortSignal) {
  return streamText({
    model: options.model,
    messages: toModelMessages(request.messages),
    maxRetries: 0,
    abortSignal,
    // The error comes as a part too; the package would print it.
    onError: () => {},
    ...(request.system.trim() === "" ? {} : { instructions: request.system }),
    ...(request.tools.length === 0 ? {} : { tools: toToolSet(request) }),
    ...(request.temperature === undefined ? {} : { temperature: request.temperature }),
    ...(request.maxOutputTokens === undefined ? {} : { maxOutputTokens: request.maxOutputTokens }),
    ...(options.providerOptions === undefined ? {} : { providerOptions: options.providerOptions }),
  });
}

function toToolSet(request: ReplyRequest): ToolSet {
  return Object.fromEntries(
    request.tools.map((definition) => [
      definition.name,
      tool({ description: definition.description, inputSchema: jsonSchema(definition.parameters) }),
    ]),
  );
}

async function* readParts(
  result: { readonly stream: AsyncIterable<TextStreamPart<ToolSet>> },
  deadline: TokenDeadline,
  stop: AbortSignal,
  provider: string,
): AsyncGenerator<ReplyPart, void, undefined> {
  const iterator = result.stream[Symbol.asyncIterator]();
  const stopped = rejectOn(stop);
  const reading = new Reading();
  try {
    for (;;) {
      deadline.startWaiting();
      const next = await Promise.race([iterator.next(), stopped]);
      if (next.done === true) break;
      if (reading.take(next.value)) deadline.tokenArrived();
      yield* reading.drain();
    }
    deadline.stopWaiting();
    yield* reading.finish(provider);
  } finally {
    // Not awaited: a source that ignores its abort must not hold up the call.
    void Promise.resolve(iterator.return?.()).catch(() => {});
  }
}

function rejectOn(signal: AbortSignal): Promise<never> {
  const promise = new Promise<never>((_resolve, reject) => {
    const fail = () => reject(signal.reason instanceof Error ? signal.reason : new Error("aborted"));
    if (signal.aborted) fail();
    else signal.addEventListener("abort", fail, { once: true });
  });
  promise.catch(() => {});
  return promise;
}

/** Folds the package's parts into ours; tool calls wait until the stream has ended well. */
class Reading {
  readonly #ready: ReplyPart[] = [];
  readonly #calls: ToolCall[] = [];
  readonly #writtenArguments = new Map<string, string>();
  #hasText = false;
  #usage: ReplyPart | undefined;
  #finishReason = "none";

  /** True where the part shows that the model is at work. */
  take(part: TextStreamPart<ToolSet>): boolean {
    switch (part.type) {
      case "text-delta":
        if (part.text === "") return false;
        this.#hasText = true;
        this.#ready.push({ type: "text", text: part.text });
        return true;
      case "reasoning-delta":
        return part.text !== "";
      case "tool-input-delta":
        this.#writtenArguments.set(part.id, (this.#writtenArguments.get(part.id) ?? "") + part.delta);
        return true;
      case "tool-call":
        this.#calls.push({ id: part.toolCallId, name: part.toolName, arguments: this.#argumentsOf(part) });
        return true;
      case "finish":
        this.#finishReason = part.finishReason;
        this.#usage = toUsage(part.totalUsage);
        return false;
      case "error":
        throw part.error;
      case "abort":
        throw new Error("aborted");
      default:
        return false;
    }
  }

  *drain(): Generator<ReplyPart, void, undefined> {
    yield* this.#ready.splice(0);
  }

  *finish(provider: string): Generator<ReplyPart, void, undefined> {
    if (!this.#hasText && this.#calls.length === 0 && this.#finishReason !== "stop") {
      const message = `${provider}: answered nothing (finish reason: ${this.#finishReason})`;
      throw new ProviderError({ provider, stage: "language-model", kind: "bad-response", message });
    }
    for (const call of this.#calls) yield { type: "tool-call", call };
    if (this.#usage !== undefined) yield this.#usage;
  }

  #argumentsOf(part: { readonly toolCallId: string; readonly input: unknown }): string {
    const written = this.#writtenArguments.get(part.toolCallId);
    if (written !== undefined && written.trim() !== "") return written;
    return typeof part.input === "string" ? part.input : JSON.stringify(part.input ?? {});
  }
}

function toUsage(usage: {
  readonly inputTokens: number | undefined;
  readonly outputTokens: number | undefined;
}): ReplyPart | undefined {
  if (usage.inputTokens === undefined && usage.outputTokens === undefined) return undefined;
  return { type: "usage", inputTokens: usage.inputTokens ?? 0, outputTokens: usage.outputTokens ?? 0 };
}
