/** Sums up what falls out of the language model's window, while nobody waits for the model. */

import type { Conversation } from "../conversation/conversation.ts";
import type { Fact } from "../conversation/event.ts";
import type { LanguageModel } from "../models/language-model.ts";
import type { Cast } from "./casting.ts";
import type { Clock } from "./clock.ts";
import { summaryDue, toSummaryRequest } from "./summary-request.ts";

const LIMIT_MS = 20_000;
const MAX_CHARS = 2_000;
/** In a row: then the call goes on with the window alone. */
const MAX_FAILURES = 3;

export class Summarising {
  readonly #clock: Clock;
  readonly #post: (fact: Fact) => void;
  #running: AbortController | undefined;
  #failures = 0;

  constructor(options: { clock: Clock; post: (fact: Fact) => void }) {
    this.#clock = options.clock;
    this.#post = options.post;
  }

  /** Looks whether there is something to do now; a reply that begins takes the model away. */
  review(now: Conversation, cast: () => Cast): void {
    const isFree = now.phase.name === "open" && now.agent.state === "idle" && now.draft === undefined;
    if (!isFree) return this.close();
    if (this.#running || this.#failures >= MAX_FAILURES) return;
    const { scene, models } = cast();
    const isLimited = scene.contextTurns !== undefined || scene.contextTokens !== undefined;
    if (!isLimited || models.languageModel.context !== undefined) return;
    const upToMs = summaryDue(now, scene);
    if (upToMs !== undefined) void this.#sumUp(models.languageModel, now, upToMs);
  }

  /** Idempotent. */
  close(): void {
    this.#running?.abort();
    this.#running = undefined;
  }

  async #sumUp(model: LanguageModel, now: Conversation, upToMs: number): Promise<void> {
    const controller = new AbortController();
    this.#running = controller;
    const { signal } = controller;
    const late = Promise.withResolvers<string>();
    const cancel = this.#clock.after(LIMIT_MS, () => late.resolve(""));
    signal.addEventListener("abort", () => late.resolve(""));
    const workDone = this.#clock.working();
    const writing = write(model, toSummaryRequest(now, upToMs), signal).catch(() => "");
    const text = await Promise.race([writing, late.promise]);
    cancel();
    workDone();
    if (signal.aborted) return;
    this.close();
    this.#failures = text === "" ? this.#failures + 1 : 0;
    if (text !== "") this.#post({ type: "history-summarised", upToMs, text });
  }
}

async function write(
  model: LanguageModel,
  request: ReturnType<typeof toSummaryRequest>,
  signal: AbortSignal,
): Promise<string> {
  let text = "";
  for await (const part of model.reply(request, signal)) {
    if (part.type === "text") text += part.text;
    if (signal.aborted || text.length > MAX_CHARS) break;
  }
  return text.trim().slice(0, MAX_CHARS);
}
