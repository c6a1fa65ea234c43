/** The main thread's side of completions. */

import { ProviderError, type ReplyPart, type ReplyRequest } from "@earshot/engine";
import {
  COMPLETION_WINDOW,
  type FromCompletions,
  type ProviderFailure,
  type ToCompletions,
  toFailure,
} from "./completion-messages.ts";

/** `parts` holds `COMPLETION_WINDOW` at most: no more are sent before these are read. */
type Open = { readonly parts: ReplyPart[]; isOver: boolean; failure?: ProviderFailure; wake: (() => void) | undefined };

export class CompletionRequests {
  readonly #post: (message: ToCompletions) => boolean;
  readonly #open = new Map<number, Open>();
  #requestId = 0;

  /** @param post hands a message to the thread; false when there is none */
  constructor(post: (message: ToCompletions) => boolean) {
    this.#post = post;
  }

  /**
   * Streams one reply, begun at the first read. Throws ProviderError; ends early without an error when `signal` aborts.
   */
  async *complete(request: ReplyRequest, model: string | undefined, signal: AbortSignal): AsyncGenerator<ReplyPart> {
    if (signal.aborted) return;
    const requestId = ++this.#requestId;
    const open: Open = { parts: [], isOver: false, wake: undefined };
    const onAbort = () => open.wake?.();
    this.#open.set(requestId, open);
    signal.addEventListener("abort", onAbort);
    try {
      const isSent = this.#post({ type: "complete", requestId, request, ...(model === undefined ? {} : { model }) });
      if (!isSent) fail(open);
      yield* this.#read(requestId, open, signal);
    } finally {
      signal.removeEventListener("abort", onAbort);
      this.#open.delete(requestId);
      if (!open.isOver) this.#post({ type: "cancel-completion", requestId });
    }
  }

  receive(message: FromCompletions): void {
    const open = this.#open.get(message.requestId);
    if (!open) return;
    if (message.type === "completion-part") open.parts.push(message.part);
    else {
      open.isOver = true;
      if (message.failure) open.failure = message.failure;
    }
    open.wake?.();
  }

  /** The thread is gone: what is under way fails. */
  abandon(): void {
    for (const open of this.#open.values()) fail(open);
  }

  async *#read(requestId: number, open: Open, signal: AbortSignal): AsyncGenerator<ReplyPart> {
    let unreported = 0;
    while (!signal.aborted) {
      const part = open.parts.shift();
      if (part !== undefined) {
        if (++unreported === COMPLETION_WINDOW / 2 && !open.isOver) {
          this.#post({ type: "parts-read", requestId, count: unreported });
          unreported = 0;
        }
        yield part;
      } else if (open.isOver) {
        if (open.failure) throw new ProviderError(open.failure);
        return;
      } else
        await new Promise<void>((resolve) => {
          open.wake = resolve;
        });
    }
  }
}

function fail(open: Open): void {
  open.isOver = true;
  open.failure = { ...toFailure(new Error("the call thread stopped"), "earshot"), isRetryable: true };
  open.wake?.();
}
