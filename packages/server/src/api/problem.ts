import type { Context } from "hono";
import { HTTPException } from "hono/http-exception";
import { z } from "zod";
import { AppError, type AppErrorCode } from "../app-error.ts";
import { QueryError } from "../storage/query-error.ts";
import type { Log } from "../telemetry/log.ts";
import type { AppEnv } from "./api-deps.ts";

/** Errors as clients see them: RFC 9457. */
export const problemShape = z
  .object({
    type: z.string().describe('"urn:earshot:problem:" and the code.'),
    title: z.string(),
    status: z.number().int(),
    detail: z.string().describe("What is wrong and what to do."),
    code: z.string().describe("Stable; switch on it."),
    requestId: z.string().describe("Also in the header X-Request-Id and in the log."),
    errors: z
      .array(z.object({ path: z.string(), message: z.string() }))
      .optional()
      .describe("Which fields are wrong."),
  })
  .meta({ id: "Problem" });

type Problem = z.infer<typeof problemShape>;
type ProblemStatus = 400 | 401 | 403 | 404 | 409 | 413 | 415 | 416 | 422 | 429 | 500 | 501 | 502 | 503;

function statusOf(code: AppErrorCode): ProblemStatus {
  switch (code) {
    case "invalid_request":
    case "malformed_json":
      return 400;
    case "unauthorized":
      return 401;
    case "forbidden_origin":
    case "host_not_allowed":
      return 403;
    case "not_found":
    case "recording_not_available":
      return 404;
    case "call_not_live":
      return 409;
    case "payload_too_large":
      return 413;
    case "unsupported_media_type":
      return 415;
    case "range_not_satisfiable":
      return 416;
    case "unreadable_audio":
    case "unknown_voice":
    case "unknown_model":
      return 422;
    case "too_many_calls":
      return 429;
    case "internal":
      return 500;
    case "not_supported":
      return 501;
    case "model_failed":
      return 502;
    case "not_ready":
    case "storage_unavailable":
      return 503;
  }
}

const TITLES: Readonly<Record<ProblemStatus, string>> = {
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  409: "Conflict",
  413: "Content Too Large",
  415: "Unsupported Media Type",
  416: "Range Not Satisfiable",
  422: "Unprocessable Content",
  429: "Too Many Requests",
  500: "Internal Server Error",
  501: "Not Implemented",
  502: "Bad Gateway",
  503: "Service Unavailable",
};

const RETRY_AFTER_SECONDS = "5";
const STORAGE_TROUBLE = "the database can't be used at the moment and nothing was changed; GET /health says why";

export function toProblem(c: Context<AppEnv>, error: AppError): Response {
  const status = statusOf(error.code);
  const { errors } = error.details;
  const problem: Problem = {
    type: `urn:earshot:problem:${error.code}`,
    title: TITLES[status],
    status,
    detail: error.message,
    code: error.code,
    requestId: c.get("requestId"),
    ...(errors === undefined ? {} : { errors: errors as NonNullable<Problem["errors"]> }),
  };
  c.header("Content-Type", "application/problem+json");
  c.header("Cache-Control", "no-store");
  if (status === 401) c.header("WWW-Authenticate", 'Bearer realm="earshot"');
  if (status === 429 || status === 503) c.header("Retry-After", RETRY_AFTER_SECONDS);
  return c.body(JSON.stringify(problem), status);
}

/** Turns whatever was thrown into an answer. What nobody foresaw is logged and told to nobody. */
export function answerError(error: unknown, c: Context<AppEnv>, log: Log): Response {
  const requestId = c.get("requestId");
  if (error instanceof AppError) {
    if (statusOf(error.code) >= 500) log.warn({ requestId, code: error.code, err: error }, "request failed");
    return toProblem(c, error);
  }
  if (error instanceof HTTPException && error.status === 400)
    return toProblem(c, new AppError("malformed_json", "the body is not valid JSON"));
  if (error instanceof QueryError) {
    log.error({ requestId, err: error }, "query failed");
    if (error.isStorageTrouble) return toProblem(c, new AppError("storage_unavailable", STORAGE_TROUBLE));
  } else log.error({ requestId, err: error }, "request failed unexpectedly");
  return toProblem(c, new AppError("internal", "something went wrong here; the log has more under this requestId"));
}

/** Turns a failed validation into an error that names each field. */
export function toInvalidRequest(target: string, error: z.core.$ZodError): AppError {
  const errors = error.issues.map((issue) => ({
    path: [target === "json" ? "" : `${target}.`, issue.path.join(".")].join(""),
    message: issue.message,
  }));
  const [first] = errors;
  const detail = first === undefined ? "the request is invalid" : `${first.path || "the body"}: ${first.message}`;
  return new AppError("invalid_request", detail, { details: { errors } });
}
