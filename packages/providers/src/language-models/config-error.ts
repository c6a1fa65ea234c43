/** A setting for language models that can't be used as it is. */
export class LanguageModelConfigError extends Error {
  /** The environment variable to correct. */
  readonly variable: string;

  constructor(variable: string, message: string, cause?: unknown) {
    super(`${variable}: ${message}`, cause === undefined ? undefined : { cause });
    this.name = "LanguageModelConfigError";
    this.variable = variable;
  }
}
