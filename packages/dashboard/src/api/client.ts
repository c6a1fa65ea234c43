/** A failed request, as the server's problem document tells it. */
export class ApiError extends Error {
  /** HTTP status; 0 when the server could not be reached. */
  readonly status: number;
  /** Stable snake_case code, e.g. "agent_not_found". */
  readonly code: string;

  constructor(problem: { status: number; code: string; message: string; cause?: unknown }) {
    super(problem.message, problem.cause === undefined ? undefined : { cause: problem.cause });
    this.name = "ApiError";
    this.status = problem.status;
    this.code = problem.code;
  }
}

type Request = { method?: "GET" | "POST"; body?: unknown; signal?: AbortSignal };

/** Sends one JSON request to this page's own server. Throws ApiError. */
export async function request<Result>(path: string, { method = "GET", body, signal }: Request = {}): Promise<Result> {
  const response = await send(path, { method, body, ...(signal === undefined ? {} : { signal }) });
  if (!response.ok) throw await toApiError(response);
  if (response.status === 204 || response.headers.get("content-length") === "0") return undefined as Result;
  return (await response.json()) as Result;
}

async function send(path: string, { method, body, signal }: Request): Promise<Response> {
  try {
    return await fetch(path, {
      method: method ?? "GET",
      credentials: "same-origin",
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
      ...(signal === undefined ? {} : { signal }),
    });
  } catch (cause) {
    if (signal?.aborted === true) throw cause;
    throw new ApiError({ status: 0, code: "unreachable", message: "The Earshot server can't be reached.", cause });
  }
}

async function toApiError(response: Response): Promise<ApiError> {
  const problem = (await response.json().catch(() => ({}))) as { code?: string; detail?: string; title?: string };
  return new ApiError({
    status: response.status,
    code: problem.code ?? `http_${response.status}`,
    message: problem.detail ?? problem.title ?? `The server answered ${response.status}.`,
  });
}
