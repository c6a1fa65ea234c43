/** How a model failed, in words that the conversation can act on. */
export type ProviderStage =
  | "speech-to-speech"
  | "speech-to-text"
  | "language-model"
  | "text-to-speech"
  | "voice-activity";
export type ProviderErrorKind =
  | "unauthorized"
  | "rate-limited"
  | "unreachable"
  | "timeout"
  | "bad-request"
  | "bad-response"
  | "overloaded"
  | "internal";

export class ProviderError extends Error {
  readonly provider: string;
  readonly stage: ProviderStage;
  readonly kind: ProviderErrorKind;
  /** True where the same request may succeed if it is sent again. */
  readonly isRetryable: boolean;

  constructor(options: {
    provider: string;
    stage: ProviderStage;
    kind: ProviderErrorKind;
    message: string;
    isRetryable?: boolean;
    cause?: unknown;
  }) {
    super(options.message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "ProviderError";
    this.provider = options.provider;
    this.stage = options.stage;
    this.kind = options.kind;
    this.isRetryable =
      options.isRetryable ?? ["rate-limited", "unreachable", "timeout", "overloaded"].includes(options.kind);
  }
}
