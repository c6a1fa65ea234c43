/** Every code an API answer can carry. Stable: clients switch on it. */
export type AppErrorCode =
  | "invalid_request"
  | "malformed_json"
  | "unauthorized"
  | "insufficient_scope"
  | "forbidden_origin"
  | "host_not_allowed"
  | "not_found"
  | "conflict"
  | "precondition_failed"
  | "idempotency_key_reused"
  | "idempotency_in_progress"
  | "agent_inactive"
  | "call_not_live"
  | "recording_not_available"
  | "range_not_satisfiable"
  | "payload_too_large"
  | "unsupported_media_type"
  | "unreadable_audio"
  | "unknown_voice"
  /** A graph that no call could follow. */
  | "invalid_flow"
  | "unknown_model"
  | "missing_variables"
  | "too_many_calls"
  | "rate_limited"
  | "not_ready"
  | "storage_unavailable"
  | "model_failed"
  /** The carrier said no. */
  | "carrier_refused"
  | "carrier_unreachable"
  /** Nobody outside knows where this server is. */
  | "public_url_missing"
  /** Who is written to asked not to be. */
  | "opted_out"
  | "not_supported"
  | "internal";

/** A failure that the caller of a verb can act on. `message` is shown to API clients: no speech, no secrets. */
export class AppError extends Error {
  readonly code: AppErrorCode;
  /** Machine-readable extras, e.g. `{ errors: [{ path, message }] }`. */
  readonly details: Readonly<Record<string, unknown>>;

  constructor(
    code: AppErrorCode,
    message: string,
    options: { details?: Record<string, unknown>; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "AppError";
    this.code = code;
    this.details = options.details ?? {};
  }
}

/** An `invalid_request` that names the one field to correct. @param path such as "tools.0.url" */
export function invalidField(path: string, message: string, cause?: unknown): AppError {
  return new AppError("invalid_request", `${path}: ${message}`, { details: { errors: [{ path, message }] }, cause });
}

/** A reason not to start, in words for the person at the terminal: what is wrong and what to do. */
export class StartupError extends Error {
  constructor(message: string, options?: { readonly cause: unknown }) {
    super(message, options);
    this.name = "StartupError";
  }
}
