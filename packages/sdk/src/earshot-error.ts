/**
 * A request that failed. `code` is the API's own (see its problem+json), or one of the SDK's: "unreachable", "timeout",
 * "bad_response". `status` is absent where no answer came.
 */
export class EarshotError extends Error {
  readonly code: string;
  readonly status: number | undefined;
  /** The problem document as the server sent it. */
  readonly problem: Readonly<Record<string, unknown>>;

  constructor(
    message: string,
    options: { code: string; status?: number; problem?: Record<string, unknown>; cause?: unknown },
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "EarshotError";
    this.code = options.code;
    this.status = options.status;
    this.problem = options.problem ?? {};
  }
}

/** Reads RFC 9457 problem+json, or makes the best of another body. */
export async function parseProblem(response: Response): Promise<EarshotError> {
  const text = await response.text().catch(() => "");
  const problem = parseObject(text);
  const words = [problem["detail"], problem["title"]].find((value) => typeof value === "string" && value !== "");
  return new EarshotError(typeof words === "string" ? words : `The server answered with status ${response.status}.`, {
    code: typeof problem["code"] === "string" ? problem["code"] : `http_${response.status}`,
    status: response.status,
    problem,
  });
}

function parseObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
