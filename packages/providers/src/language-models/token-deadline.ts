import { type Clock, ProviderError } from "@earshot/engine";

export type TokenLimits = {
  /** From asking to the first token. Default 8000. */
  readonly firstTokenTimeoutMs?: number;
  /** Longest silence between tokens. Default 8000. */
  readonly stallTimeoutMs?: number;
};

const DEFAULT_FIRST_TOKEN_TIMEOUT_MS = 8000;
const DEFAULT_STALL_TIMEOUT_MS = 8000;

/** Aborts a reply that keeps us waiting. Time that the reader itself takes between tokens isn't counted. */
export class TokenDeadline {
  readonly #clock: Clock;
  readonly #provider: string;
  readonly #limits: Required<TokenLimits>;
  readonly #abort = new AbortController();
  #hasToken = false;
  #cancel: (() => void) | undefined;

  constructor(options: { provider: string; clock: Clock; limits: TokenLimits }) {
    this.#clock = options.clock;
    this.#provider = options.provider;
    this.#limits = {
      firstTokenTimeoutMs: options.limits.firstTokenTimeoutMs ?? DEFAULT_FIRST_TOKEN_TIMEOUT_MS,
      stallTimeoutMs: options.limits.stallTimeoutMs ?? DEFAULT_STALL_TIMEOUT_MS,
    };
  }

  /** Aborts with a ProviderError of kind "timeout". */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** Does nothing while it waits already. */
  startWaiting(): void {
    if (this.#cancel !== undefined) return;
    const { firstTokenTimeoutMs, stallTimeoutMs } = this.#limits;
    const limitMs = this.#hasToken ? stallTimeoutMs : firstTokenTimeoutMs;
    this.#cancel = this.#clock.after(limitMs, () => this.#abort.abort(this.#timeoutError(limitMs)));
  }

  stopWaiting(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  tokenArrived(): void {
    this.#hasToken = true;
    this.stopWaiting();
  }

  #timeoutError(limitMs: number): ProviderError {
    const what = this.#hasToken ? "stalled: nothing more" : "no first token";
    const message = `${this.#provider}: ${what} within ${limitMs} ms`;
    return new ProviderError({ provider: this.#provider, stage: "language-model", kind: "timeout", message });
  }
}
