/** Whether a request may be sent again without its work being done twice. */

/** The other side never had it. */
const UNSENT = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
]);
/** The other side may have had it: its answer is lost. */
const LOST = new Set(["ECONNRESET", "EPIPE", "ETIMEDOUT", "UND_ERR_SOCKET", "UND_ERR_HEADERS_TIMEOUT"]);
const PASSING_STATUSES = [429, 502, 503, 504];

/** @param isSafe asking twice does no harm */
export function isRetryableError(error: unknown, isSafe: boolean): boolean {
  const code = codeOf(error);
  return UNSENT.has(code) || (isSafe && LOST.has(code));
}

export function isRetryableStatus(status: number, isSafe: boolean): boolean {
  return isSafe && PASSING_STATUSES.includes(status);
}

/** For the journal: the error's code, or its name. */
export function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return "";
  const { code } = error as { code?: unknown };
  if (typeof code === "string") return code;
  return error.cause === undefined ? error.name : codeOf(error.cause);
}
