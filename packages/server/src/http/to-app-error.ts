import type { Context } from "hono";
import { HTTPException } from "hono/http-exception";
import { AppError } from "../app-error.ts";
import { QueryError } from "../storage/query-error.ts";
import type { Log } from "../telemetry/log.ts";
import type { AppEnv } from "./app-env.ts";
import { statusOf } from "./error-status.ts";

const STORAGE_TROUBLE = "the database can't be used at the moment and nothing was changed; GET /health says why";
const RETRY_AFTER_S = 5;

/** What a client is told of whatever was thrown. What nobody foresaw is logged and told to nobody. */
export function toAppError(error: unknown, c: Context<AppEnv>, log: Log): AppError {
  const requestId = c.get("requestId");
  if (error instanceof AppError) {
    if (statusOf(error.code) >= 500) log.warn({ requestId, code: error.code, err: error }, "request failed");
    return error;
  }
  if (error instanceof HTTPException && error.status === 400)
    return new AppError("malformed_json", "the body is not valid JSON");
  if (error instanceof QueryError) {
    log.error({ requestId, err: error }, "query failed");
    if (error.isStorageTrouble) return new AppError("storage_unavailable", STORAGE_TROUBLE);
  } else log.error({ requestId, err: error }, "request failed unexpectedly");
  return new AppError("internal", "something went wrong here; the log has more under this requestId");
}

/** Seconds, for the header Retry-After. */
export function retryAfter({ details }: AppError): string {
  const { retryAfterS } = details;
  return String(typeof retryAfterS === "number" ? retryAfterS : RETRY_AFTER_S);
}
