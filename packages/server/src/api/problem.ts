import type { Context } from "hono";
import { z } from "zod";
import { AppError } from "../app-error.ts";
import type { AppEnv } from "../http/app-env.ts";
import { type ErrorStatus, statusOf } from "../http/error-status.ts";
import { retryAfter } from "../http/to-app-error.ts";

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
const TITLES: Readonly<Record<ErrorStatus, string>> = {
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  409: "Conflict",
  412: "Precondition Failed",
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
  if (status === 429 || status === 503) c.header("Retry-After", retryAfter(error));
  return c.body(JSON.stringify(problem), status);
}

/** Of a record's key, what is wrong with it stands below. */
function messageOf(issue: z.core.$ZodIssue): string {
  return (issue.code === "invalid_key" ? issue.issues[0]?.message : undefined) ?? issue.message;
}

/** Turns a failed validation into an error that names each field. A well-formed flow may still be one to go nowhere. */
export function toInvalidRequest(target: string, error: z.core.$ZodError): AppError {
  const errors = error.issues.map((issue) => ({
    path: [target === "json" ? "" : `${target}.`, issue.path.join(".")].join(""),
    message: messageOf(issue),
  }));
  const [first] = errors;
  const detail = first === undefined ? "the request is invalid" : `${first.path || "the body"}: ${first.message}`;
  const isFlow = error.issues.every(({ code, path }) => code === "custom" && path[0] === "flow" && path.length > 1);
  return new AppError(isFlow ? "invalid_flow" : "invalid_request", detail, { details: { errors } });
}
