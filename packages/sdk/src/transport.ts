import { ConnectionError, EarshotError, InvalidRequestError } from "./earshot-error.ts";
import { newIdempotencyKey } from "./idempotency-key.ts";
import { parseProblem } from "./parse-problem.ts";
import { isPassing, waitBeforeRetryMs } from "./retry.ts";
import { TimeLimit } from "./time-limit.ts";
import { systemTiming, type Timing, wait } from "./timing.ts";

export type EarshotOptions = {
  /** Where the server is. Default http://127.0.0.1:8080. */
  readonly baseUrl?: string | undefined;
  /** Sent as a Bearer token; a server on loopback may do without. */
  readonly apiKey?: string | undefined;
  /** How long one try of a request may take, ms; 0 means no limit. Default 30000. */
  readonly timeoutMs?: number | undefined;
  /** How often a request is tried again that failed for a passing reason; 0 means never. Default 2. */
  readonly maxRetries?: number | undefined;
  /** Acts in this workspace, a child of the key's own. Default: the key's own. */
  readonly workspaceId?: string | undefined;
  /** Default: the global one. */
  readonly fetch?: typeof fetch | undefined;
  /** For tests: the clock and the chance. */
  readonly timing?: Timing | undefined;
};

export type RequestOptions = {
  /** Ends the request and any waiting at once; the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Overrides the client's; 0 means no limit. */
  readonly timeoutMs?: number | undefined;
  /** Overrides the client's; 0 means never. */
  readonly maxRetries?: number | undefined;
  /** Overrides the client's. */
  readonly workspaceId?: string | undefined;
  /** Writes with the same key within 24 hours happen once. Default: a new one for each call of a method. */
  readonly idempotencyKey?: string | undefined;
  /** Does it only to the very agent that you read, else fails with ConflictError; an ETag does as well. */
  readonly ifMatch?: string | { readonly revision: number; readonly version: number } | undefined;
};

export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

type Body = { readonly json: unknown } | { readonly bytes: Uint8Array<ArrayBuffer>; readonly contentType: string };
type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

export type TransportRequest = RequestOptions & {
  readonly method?: Method;
  readonly path: string;
  readonly query?: Query;
  readonly body?: Body;
  readonly headers?: Readonly<Record<string, string>>;
  /** A write that changes nothing, e.g. speaking a text: repeating it does no harm, and it takes no key. */
  readonly isHarmless?: boolean;
};

type Read<T> = (response: Response) => Promise<T>;

/** Sends requests with the key, a time limit and retries, and turns what goes wrong into EarshotError. */
export class Transport {
  readonly baseUrl: string;
  readonly timing: Timing;
  readonly #options: EarshotOptions;
  readonly #fetch: typeof fetch;

  /** @throws InvalidRequestError for a base URL that is none */
  constructor(options: EarshotOptions) {
    this.baseUrl = (options.baseUrl ?? "http://127.0.0.1:8080").replace(/\/+$/, "");
    if (!/^https?:/i.test(this.baseUrl) || !URL.canParse(this.baseUrl)) {
      const message = `"${this.baseUrl}" is not the URL of a server. Give one such as http://127.0.0.1:8080.`;
      throw new InvalidRequestError(message, { code: "invalid_base_url" });
    }
    this.timing = options.timing ?? systemTiming;
    this.#options = options;
    this.#fetch = options.fetch ?? ((input, init) => fetch(input, init));
  }

  async json<T>(request: TransportRequest): Promise<T> {
    return this.#exchange(request, (response) => this.#parse<T>(response));
  }

  async nothing(request: TransportRequest): Promise<void> {
    await this.#exchange(request, (response) => response.arrayBuffer());
  }

  async bytes(request: TransportRequest): Promise<Uint8Array<ArrayBuffer>> {
    return this.#exchange(request, async (response) => new Uint8Array(await response.arrayBuffer()));
  }

  /** The answer with its body unread, however long that takes; only the wait for its head is limited. One try. */
  async open(request: TransportRequest): Promise<Response> {
    return this.#try(request, this.#headersOf(request), async (response) => response);
  }

  /** Every try carries the same headers, and with them the same idempotency key. */
  async #exchange<T>(request: TransportRequest, read: Read<T>): Promise<T> {
    const { signal, maxRetries = this.#options.maxRetries ?? 2 } = request;
    const headers = this.#headersOf(request);
    for (let triesSoFar = 1; ; triesSoFar++) {
      try {
        return await this.#try(request, headers, read);
      } catch (error) {
        if (triesSoFar > maxRetries || signal?.aborted || !isPassing(error)) throw error;
        const { retryAfterMs } = error;
        const random = this.timing.random();
        await wait(this.timing, waitBeforeRetryMs({ triesSoFar, retryAfterMs, random }), signal);
      }
    }
  }

  async #try<T>(request: TransportRequest, headers: Headers, read: Read<T>): Promise<T> {
    const { method = "GET", body, signal, timeoutMs = this.#options.timeoutMs ?? 30_000 } = request;
    const limit = new TimeLimit({ limitMs: timeoutMs, signal, timing: this.timing });
    try {
      const response = await this.#fetch(this.#url(request), {
        method,
        headers,
        signal: limit.signal,
        ...(body === undefined ? {} : { body: "json" in body ? JSON.stringify(body.json) : body.bytes }),
      });
      if (!response.ok) throw await parseProblem(response, this.timing.nowMs());
      return await read(response);
    } catch (error) {
      throw this.#explain(error, request, limit);
    } finally {
      limit.stop();
    }
  }

  #headersOf(request: TransportRequest): Headers {
    const { method = "GET", body, ifMatch, isHarmless, workspaceId = this.#options.workspaceId } = request;
    const { apiKey } = this.#options;
    const headers: Record<string, string> = { ...request.headers };
    if (apiKey !== undefined) headers["authorization"] = `Bearer ${apiKey}`;
    if (workspaceId !== undefined) headers["earshot-workspace"] = workspaceId;
    if (ifMatch !== undefined) headers["if-match"] = toETag(ifMatch);
    if (method !== "GET" && !isHarmless) headers["idempotency-key"] = request.idempotencyKey ?? newIdempotencyKey();
    if (body !== undefined) headers["content-type"] = "json" in body ? "application/json" : body.contentType;
    try {
      return new Headers(headers);
    } catch (cause) {
      const message = "The API key, workspace id or idempotency key has a character that no HTTP header can carry.";
      throw new InvalidRequestError(message, { code: "invalid_header", cause });
    }
  }

  #url({ path, query = {} }: TransportRequest): string {
    const search = new URLSearchParams();
    for (const [name, value] of Object.entries(query)) if (value !== undefined) search.set(name, String(value));
    return `${this.baseUrl}${path}${search.size > 0 ? `?${search}` : ""}`;
  }

  async #parse<T>(response: Response): Promise<T> {
    const text = await response.text();
    try {
      return JSON.parse(text) as T;
    } catch (cause) {
      const message = `${this.baseUrl} answered with something that is not JSON: is it an Earshot server?`;
      throw new EarshotError(message, { code: "bad_response", status: response.status, cause });
    }
  }

  #explain(error: unknown, request: TransportRequest, limit: TimeLimit): unknown {
    if (request.signal?.aborted) return request.signal.reason;
    if (error instanceof EarshotError) return error;
    const cause = error;
    if (limit.isOver) {
      const message = `${this.baseUrl} did not answer within ${limit.limitMs} ms.`;
      return new ConnectionError(message, { code: "timeout", cause });
    }
    return new ConnectionError(`No server answers at ${this.baseUrl}.`, { code: "unreachable", cause });
  }
}

function toETag(match: NonNullable<RequestOptions["ifMatch"]>): string {
  return typeof match === "string" ? match : `"${match.revision}-${match.version}"`;
}
