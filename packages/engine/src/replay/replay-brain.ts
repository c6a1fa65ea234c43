import type { LanguageModel, ReplyPart, ReplyRequest } from "../models/language-model.ts";
import { ProviderError } from "../models/provider-error.ts";
import type { Clock } from "../session/clock.ts";
import { keyOf, type RecordedReply } from "./recorded-replies.ts";

/** Asks a language model in earnest. */
export type AskModel = (
  request: ReplyRequest,
  signal: AbortSignal,
  /** Absent: the default one. */
  languageModel?: string,
) => AsyncIterable<ReplyPart>;

/** Gives the recorded reply where the same was asked of the same model, and asks in earnest where it was not. */
export class ReplayBrain {
  reused = 0;
  asked = 0;
  readonly #recorded: Map<string, RecordedReply[]>;
  readonly #ask: AskModel;
  readonly #clock: Clock;
  readonly #context: LanguageModel["context"];

  constructor(options: {
    recorded: Map<string, RecordedReply[]>;
    ask: AskModel;
    clock: Clock;
    context: LanguageModel["context"];
  }) {
    this.#recorded = options.recorded;
    this.#ask = options.ask;
    this.#clock = options.clock;
    this.#context = options.context;
  }

  /** What stands in for the model of that name. */
  model(languageModel: string | undefined): LanguageModel {
    return {
      name: languageModel ?? "replay/brain",
      ...(this.#context === undefined ? {} : { context: this.#context }),
      reply: (request, signal) => {
        const recorded = this.#recorded.get(keyOf(request, languageModel))?.shift();
        return recorded ? this.#again(recorded, signal) : this.#anew(request, signal, languageModel);
      },
    };
  }

  async *#again({ parts }: RecordedReply, signal: AbortSignal): AsyncGenerator<ReplyPart> {
    this.reused++;
    const startedMs = this.#clock.nowMs();
    for (const { afterMs, give } of parts) {
      const waitMs = startedMs + afterMs - this.#clock.nowMs();
      if (waitMs > 0) await new Promise<void>((resolve) => this.#clock.after(waitMs, resolve));
      if (signal.aborted) return;
      if (give instanceof ProviderError) throw give;
      yield give;
    }
  }

  /** What is computed now takes its real time. */
  async *#anew(
    request: ReplyRequest,
    signal: AbortSignal,
    languageModel: string | undefined,
  ): AsyncGenerator<ReplyPart> {
    const number = ++this.asked;
    const iterator = this.#ask(request, signal, languageModel)[Symbol.asyncIterator]();
    try {
      for (;;) {
        const workDone = this.#clock.working();
        const next = await iterator.next().finally(workDone);
        if (next.done) return;
        const part = next.value;
        // Ids of recorded tool calls must stay theirs.
        if (part.type !== "tool-call") yield part;
        else yield { type: "tool-call", call: { ...part.call, id: `replay-${number}-${part.call.id}` } };
      }
    } finally {
      await iterator.return?.();
    }
  }
}
