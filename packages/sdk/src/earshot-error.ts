/** One wrong field of a request. */
export type FieldError = {
  /** Where it is, e.g. "voice.speed"; empty for the body as a whole. */
  readonly path: string;
  readonly message: string;
};

export type EarshotErrorDetails = {
  readonly code: string;
  readonly status?: number | undefined;
  readonly requestId?: string | undefined;
  readonly errors?: readonly FieldError[] | undefined;
  readonly retryAfterMs?: number | undefined;
  readonly problem?: Readonly<Record<string, unknown>> | undefined;
  readonly cause?: unknown;
};

/**
 * A request that failed. `code` is the API's own (see its problem+json), or one of the SDK's: "unreachable", "timeout",
 * "connection_lost", "bad_response". The subclasses tell the kinds apart.
 */
export class EarshotError extends Error {
  override readonly name: string = "EarshotError";
  /** Stable; switch on it. */
  readonly code: string;
  /** The HTTP status; absent where no answer came. */
  readonly status: number | undefined;
  /** Find the request in the server's log with it. */
  readonly requestId: string | undefined;
  /** The fields that are wrong, where the server named them. */
  readonly errors: readonly FieldError[];
  /** What the server asked to wait before the next try, ms. */
  readonly retryAfterMs: number | undefined;
  /** The problem document as the server sent it. */
  readonly problem: Readonly<Record<string, unknown>>;

  constructor(message: string, details: EarshotErrorDetails) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = details.code;
    this.status = details.status;
    this.requestId = details.requestId;
    this.errors = details.errors ?? [];
    this.retryAfterMs = details.retryAfterMs;
    this.problem = details.problem ?? {};
  }
}

/** 401: no key, or one that the server does not know. */
export class AuthenticationError extends EarshotError {
  override readonly name = "AuthenticationError";
}

/** 403: the key may not do this. */
export class PermissionError extends EarshotError {
  override readonly name = "PermissionError";
}

/** 404: there is no such thing, or not in this workspace. */
export class NotFoundError extends EarshotError {
  override readonly name = "NotFoundError";
}

/** 409 and 412: the thing is not, or no longer, as the request takes it to be. */
export class ConflictError extends EarshotError {
  override readonly name = "ConflictError";
}

/** 400, 413, 415 and 422: the request is wrong; `errors` names the fields. */
export class InvalidRequestError extends EarshotError {
  override readonly name = "InvalidRequestError";
}

/** 429: too many at once; wait `retryAfterMs`. */
export class RateLimitError extends EarshotError {
  override readonly name = "RateLimitError";
}

/** 5xx: the server failed. */
export class ServerError extends EarshotError {
  override readonly name = "ServerError";
}

/** No answer came: nobody listens there, the connection broke, or the time was up. */
export class ConnectionError extends EarshotError {
  override readonly name = "ConnectionError";
}
