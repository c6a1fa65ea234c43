/** The call thread's side of completions: asks the model and sends no faster than it is read. */

import type { ReplyPart } from "@earshot/engine";
import { COMPLETION_WINDOW, type FromCompletions, type ToCompletions, toFailure } from "./completion-messages.ts";
import type { LanguageModels } from "./load-language-models.ts";

type Running = { readonly controller: AbortController; allowed: number; wake: (() => void) | undefined };

export class Completions {
  readonly #languageModels: Pick<LanguageModels, "get">;
  readonly #send: (message: FromCompletions) => void;
  readonly #running = new Map<number, Running>();

  constructor(options: { languageModels: Pick<LanguageModels, "get">; send: (message: FromCompletions) => void }) {
    this.#languageModels = options.languageModels;
    this.#send = options.send;
  }

  receive(message: ToCompletions): void {
    switch (message.type) {
      case "complete":
        void this.#run(message);
        return;
      case "parts-read": {
        const running = this.#running.get(message.requestId);
        if (!running) return;
        running.allowed += message.count;
        return running.wake?.();
      }
      case "cancel-completion": {
        const running = this.#running.get(message.requestId);
        running?.controller.abort();
        return running?.wake?.();
      }
    }
  }

  /** Never rejects. */
  async #run({ requestId, request, model }: ToCompletions & { type: "complete" }): Promise<void> {
    const running: Running = { controller: new AbortController(), allowed: COMPLETION_WINDOW, wake: undefined };
    this.#running.set(requestId, running);
    let name = model ?? "default";
    try {
      const languageModel = this.#languageModels.get(model);
      name = languageModel.name;
      for await (const part of languageModel.reply(request, running.controller.signal))
        if (!(await this.#sendPart(requestId, part, running))) break;
      this.#send({ type: "completion-over", requestId });
    } catch (error) {
      this.#send({ type: "completion-over", requestId, failure: toFailure(error, name) });
    } finally {
      this.#running.delete(requestId);
    }
  }

  /** False when nobody reads on. */
  async #sendPart(requestId: number, part: ReplyPart, running: Running): Promise<boolean> {
    const { signal } = running.controller;
    while (running.allowed === 0 && !signal.aborted)
      await new Promise<void>((resolve) => {
        running.wake = resolve;
      });
    if (signal.aborted) return false;
    running.allowed--;
    this.#send({ type: "completion-part", requestId, part });
    return true;
  }
}
