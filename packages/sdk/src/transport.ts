import { EarshotError, parseProblem } from "./earshot-error.ts";

export type EarshotOptions = {
  /** Where the server is. Default http://127.0.0.1:8080. */
  readonly baseUrl?: string;
  /** Sent as a Bearer token; a server on loopback may do without. */
  readonly apiKey?: string;
  /** How long one request may take. Default 30000. */
  readonly timeoutMs?: number;
  /** Default: the global one. */
  readonly fetch?: typeof fetch;
};

export type RequestOptions = {
  /** Ends the request; the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Overrides the client's; 0 means no limit. */
  readonly timeoutMs?: number | undefined;
};

export type Query = Readonly<Record<string, string | number | undefined>>;

type Body = { readonly json: unknown } | { readonly bytes: Uint8Array<ArrayBuffer>; readonly contentType: string };
type Method = "GET" | "POST" | "PATCH" | "DELETE";

export type TransportRequest = RequestOptions & {
  readonly method?: Method;
  readonly path: string;
  readonly query?: Query;
  readonly body?: Body;
  readonly headers?: Readonly<Record<string, string>>;
};

/** Sends requests with the key and a time limit, and turns what goes wrong into EarshotError. */
export class Transport {
  readonly baseUrl: string;
  readonly #apiKey: string | undefined;
  readonly #timeoutMs: number;
  readonly #fetch: typeof fetch;

  constructor(options: EarshotOptions) {
    this.baseUrl = (options.baseUrl ?? "http://127.0.0.1:8080").replace(/\/+$/, "");
    this.#apiKey = options.apiKey;
    this.#timeoutMs = options.timeoutMs ?? 30_000;
    this.#fetch = options.fetch ?? ((input, init) => fetch(input, init));
  }

  async json<T>(request: TransportRequest): Promise<T> {
    return this.#exchange(request, async (response) => {
      const text = await response.text();
      try {
        return JSON.parse(text) as T;
      } catch (cause) {
        const message = `${this.baseUrl} answered with something that is not JSON: is it an Earshot server?`;
        throw new EarshotError(message, { code: "bad_response", status: response.status, cause });
      }
    });
  }

  async nothing(request: TransportRequest): Promise<void> {
    await this.#exchange(request, (response) => response.arrayBuffer());
  }

  async bytes(request: TransportRequest): Promise<Uint8Array<ArrayBuffer>> {
    return this.#exchange(request, async (response) => new Uint8Array(await response.arrayBuffer()));
  }

  /** The answer with its body unread, however long that takes; only the wait for its head is limited. */
  async open(request: TransportRequest): Promise<Response> {
    const limit = new TimeLimit(request, this.#timeoutMs);
    try {
      return await this.#send(request, limit.signal);
    } catch (error) {
      throw this.#explain(error, request, limit);
    } finally {
      limit.stop();
    }
  }

  async #exchange<T>(request: TransportRequest, read: (response: Response) => Promise<T>): Promise<T> {
    const limit = new TimeLimit(request, this.#timeoutMs);
    try {
      return await read(await this.#send(request, limit.signal));
    } catch (error) {
      throw this.#explain(error, request, limit);
    } finally {
      limit.stop();
    }
  }

  async #send(request: TransportRequest, signal: AbortSignal): Promise<Response> {
    const { method = "GET", body } = request;
    const headers: Record<string, string> = { ...request.headers };
    if (this.#apiKey !== undefined) headers["authorization"] = `Bearer ${this.#apiKey}`;
    if (body !== undefined) headers["content-type"] = "json" in body ? "application/json" : body.contentType;
    const response = await this.#fetch(this.#url(request), {
      method,
      headers,
      signal,
      ...(body === undefined ? {} : { body: "json" in body ? JSON.stringify(body.json) : body.bytes }),
    });
    if (!response.ok) throw await parseProblem(response);
    return response;
  }

  #url({ path, query = {} }: TransportRequest): string {
    const search = new URLSearchParams();
    for (const [name, value] of Object.entries(query)) if (value !== undefined) search.set(name, String(value));
    return `${this.baseUrl}${path}${search.size > 0 ? `?${search}` : ""}`;
  }

  #explain(error: unknown, request: TransportRequest, limit: TimeLimit): unknown {
    if (request.signal?.aborted) return request.signal.reason;
    if (error instanceof EarshotError) return error;
    const cause = error;
    if (limit.isOver) {
      const message = `${this.baseUrl} did not answer within ${limit.limitMs} ms.`;
      return new EarshotError(message, { code: "timeout", cause });
    }
    const message = `No server answers at ${this.baseUrl}.`;
    return new EarshotError(message, { code: "unreachable", cause });
  }
}

/** Aborts when the time is up, or with the caller's own signal. */
class TimeLimit {
  readonly limitMs: number;
  readonly #timeUp = new AbortController();
  readonly #signal: AbortSignal | undefined;
  readonly #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(request: RequestOptions, defaultMs: number) {
    this.limitMs = request.timeoutMs ?? defaultMs;
    this.#signal = request.signal;
    if (this.limitMs > 0) this.#timer = setTimeout(() => this.#timeUp.abort(), this.limitMs);
  }

  get signal(): AbortSignal {
    if (this.#signal === undefined) return this.#timeUp.signal;
    return AbortSignal.any([this.#timeUp.signal, this.#signal]);
  }

  get isOver(): boolean {
    return this.#timeUp.signal.aborted;
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}
