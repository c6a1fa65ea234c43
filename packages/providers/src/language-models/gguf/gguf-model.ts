import { availableParallelism } from "node:os";
import { basename } from "node:path";
import { Worker } from "node:worker_threads";
import {
  type Clock,
  type LanguageModel,
  ProviderError,
  type ProviderErrorKind,
  type ReplyPart,
  type ReplyRequest,
} from "@earshot/engine";
import { TokenDeadline, type TokenLimits } from "../token-deadline.ts";
import type { FromWorker, GgufWorkerData, ToWorker } from "./gguf-messages.ts";

export type GgufOptions = TokenLimits & {
  readonly path: string;
  /** Default "gguf/<file name without its ending>". */
  readonly name?: string;
  /** Longest call that the model remembers; no more than it was trained for. Default 4096. */
  readonly contextTokens?: number;
  /** Default: one core is left to the rest, as threads that have to share their cores wait for each other. */
  readonly threads?: number;
  readonly clock: Clock;
};

export type GgufModel = LanguageModel & {
  /** Ends the thread; idempotent. */
  close(): Promise<void>;
};

/** Replies that may wait for one another; further ones fail as overloaded. */
const MAX_WAITING = 8;

/**
 * A GGUF file, computed by llama.cpp on the processor in a thread of its own, which starts with the first reply. One
 * reply is computed at a time.
 */
export function ggufModel(options: GgufOptions): GgufModel {
  const name = options.name ?? `gguf/${basename(options.path).replace(/\.gguf$/i, "")}`;
  let thread: GgufThread | undefined;
  return {
    name,
    reply(request, signal) {
      if (thread === undefined || thread.isGone) thread = new GgufThread(name, options);
      return replyFrom(thread, { ...options, name }, request, signal);
    },
    async close() {
      await thread?.close();
    },
  };
}

async function* replyFrom(
  thread: GgufThread,
  options: GgufOptions & { readonly name: string },
  request: ReplyRequest,
  signal: AbortSignal,
): AsyncGenerator<ReplyPart, void, undefined> {
  if (signal.aborted) return;
  const deadline = new TokenDeadline({ provider: options.name, clock: options.clock, limits: options });
  const inbox = thread.ask(request);
  const wake = () => inbox.wake();
  signal.addEventListener("abort", wake, { once: true });
  deadline.signal.addEventListener("abort", wake, { once: true });
  try {
    await thread.ready;
    for (;;) {
      deadline.startWaiting();
      const message = await inbox.next();
      if (signal.aborted) return;
      if (message === undefined) throw deadline.signal.reason;
      deadline.tokenArrived();
      if (message.type === "failed") throw failure(options.name, "internal", message.message);
      yield toPart(message);
      if (message.type === "done") return;
    }
  } finally {
    deadline.stopWaiting();
    signal.removeEventListener("abort", wake);
    thread.forget(inbox.id);
  }
}

type Piece = Exclude<FromWorker, { type: "ready" | "unusable" }>;

function toPart(message: Exclude<Piece, { type: "failed" }>): ReplyPart {
  switch (message.type) {
    case "text":
      return { type: "text", text: message.text };
    case "call":
      return {
        type: "tool-call",
        call: { id: `call_${crypto.randomUUID()}`, name: message.name, arguments: message.arguments },
      };
    case "done":
      return { type: "usage", inputTokens: message.inputTokens, outputTokens: message.outputTokens };
    default:
      return message satisfies never;
  }
}

function failure(provider: string, kind: ProviderErrorKind, message: string): ProviderError {
  return new ProviderError({ provider, stage: "language-model", kind, message: `${provider}: ${message}` });
}

/** What has come for one reply; holds `maxOutputTokens` pieces at most. */
class Inbox {
  readonly id: number;
  readonly #pieces: Piece[] = [];
  #isWoken = false;
  #resolve: (() => void) | undefined;

  constructor(id: number) {
    this.id = id;
  }

  put(piece: Piece): void {
    this.#pieces.push(piece);
    this.#resolve?.();
  }

  /** Ends the waiting with `undefined`. */
  wake(): void {
    this.#isWoken = true;
    this.#resolve?.();
  }

  async next(): Promise<Piece | undefined> {
    if (this.#pieces.length === 0 && !this.#isWoken) {
      await new Promise<void>((resolve) => {
        this.#resolve = resolve;
      });
    }
    return this.#isWoken ? undefined : this.#pieces.shift();
  }
}

class GgufThread {
  /** Rejects with a ProviderError where the file can't be used. */
  readonly ready: Promise<void>;
  isGone = false;
  readonly #name: string;
  readonly #worker: Worker;
  readonly #inboxes = new Map<number, Inbox>();
  #lastId = 0;

  constructor(name: string, options: GgufOptions) {
    this.#name = name;
    const workerData: GgufWorkerData = {
      path: options.path,
      contextTokens: options.contextTokens ?? 4096,
      threads: options.threads ?? Math.max(1, availableParallelism() - 1),
    };
    this.#worker = new Worker(new URL("./gguf-worker.ts", import.meta.url), { workerData });
    this.ready = new Promise((resolve, reject) => {
      this.#worker.on("message", (message: FromWorker) => {
        if (message.type === "ready") resolve();
        else if (message.type === "unusable") {
          reject(failure(name, "bad-request", `${options.path} can't be used: ${message.message}`));
          void this.close();
        } else this.#inboxes.get(message.id)?.put(message);
      });
      this.#worker.on("error", (error) => reject(failure(name, "internal", error.message)));
      this.#worker.on("exit", () => {
        this.isGone = true;
        reject(failure(name, "internal", "its thread has ended"));
        for (const inbox of this.#inboxes.values()) {
          inbox.put({ type: "failed", id: inbox.id, message: "its thread has ended" });
        }
      });
    });
    this.ready.catch(() => {});
  }

  /** Throws ProviderError "overloaded" when too many replies wait. */
  ask(request: ReplyRequest): Inbox {
    if (this.#inboxes.size >= MAX_WAITING) throw failure(this.#name, "overloaded", "too many calls at once");
    this.#lastId += 1;
    const inbox = new Inbox(this.#lastId);
    this.#inboxes.set(inbox.id, inbox);
    this.#worker.ref();
    this.#send({ type: "reply", id: inbox.id, request });
    return inbox;
  }

  /** Stops the reply if it still runs. */
  forget(id: number): void {
    if (!this.#inboxes.delete(id)) return;
    this.#send({ type: "abort", id });
    // An idle model doesn't hold up the end of the process.
    if (this.#inboxes.size === 0) this.#worker.unref();
  }

  async close(): Promise<void> {
    if (this.isGone) return;
    const gone = new Promise<void>((resolve) => this.#worker.once("exit", () => resolve()));
    this.#worker.ref();
    this.#send({ type: "close" });
    await gone;
  }

  #send(message: ToWorker): void {
    this.#worker.postMessage(message);
  }
}
