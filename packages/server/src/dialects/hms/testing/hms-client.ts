/**
 * A client that behaves on the wire as HMS's own SDK: a base URL that ends in /api/v1, JSON both ways, and a string under
 * `error` (or else `message`) as the words of the exception, `type` as its code.
 */
export type Send = (url: string, init: RequestInit) => Response | Promise<Response>;

export class HmsClientError extends Error {
  readonly status: number;
  readonly code: string | undefined;
  readonly param: string | undefined;
  readonly retryAfterS: number | undefined;

  constructor(status: number, body: Record<string, unknown>, retryAfter: string | null) {
    const words = body["error"] ?? body["message"];
    super(typeof words === "string" ? words : `status ${status}`);
    this.name = "HmsClientError";
    this.status = status;
    this.code = typeof body["type"] === "string" ? body["type"] : undefined;
    this.param = typeof body["param"] === "string" ? body["param"] : undefined;
    this.retryAfterS = retryAfter === null ? undefined : Number.parseInt(retryAfter, 10);
  }
}

export type Json = Record<string, unknown>;

export class HmsClient {
  readonly #baseUrl: string;
  readonly #apiKey: string;
  readonly #send: Send;

  constructor(options: { readonly baseUrl: string; readonly apiKey: string; readonly send: Send }) {
    this.#baseUrl = options.baseUrl.replace(/\/$/, "");
    this.#apiKey = options.apiKey;
    this.#send = options.send;
  }

  get<Answer = Json>(path: string, query: Record<string, string | number> = {}): Promise<Answer> {
    const pairs = Object.entries(query).map(([name, value]): [string, string] => [name, String(value)]);
    const search = new URLSearchParams(pairs).toString();
    return this.#request<Answer>("GET", search === "" ? path : `${path}?${search}`);
  }

  post<Answer = Json>(path: string, body?: unknown): Promise<Answer> {
    return this.#request<Answer>("POST", path, body);
  }

  patch<Answer = Json>(path: string, body: unknown): Promise<Answer> {
    return this.#request<Answer>("PATCH", path, body);
  }

  delete<Answer = Json>(path: string, body?: unknown): Promise<Answer> {
    return this.#request<Answer>("DELETE", path, body);
  }

  async #request<Answer>(method: string, path: string, body?: unknown): Promise<Answer> {
    const response = await this.#send(`${this.#baseUrl}${path}`, {
      method,
      headers: { Authorization: `Bearer ${this.#apiKey}`, "Content-Type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (response.status === 204) return undefined as Answer;
    const answer = (await response.json()) as Answer;
    if (!response.ok) throw new HmsClientError(response.status, answer as Json, response.headers.get("Retry-After"));
    return answer;
  }
}
