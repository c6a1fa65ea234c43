/** Requests to carriers' REST APIs: guarded, limited in time, repeated only where that does no harm. */
import { request as send } from "undici";
import type { z } from "zod";
import { type CarrierProvider, PROVIDER_NAMES } from "../carrier-accounts/carrier-credentials.ts";
import { ForbiddenUrlError, type UrlGuard } from "../outbound-http/guard-url.ts";
import { readStart } from "../outbound-http/read-start.ts";
import { codeOf, isRetryableError } from "../tools/is-retryable.ts";
import { pause, type WallClock } from "../wall-clock.ts";
import { CarrierError } from "./carrier-error.ts";

export type CarrierClientDeps = {
  readonly guard: Pick<UrlGuard, "check" | "dispatcher">;
  readonly clock: WallClock;
};

type Fields = Readonly<Record<string, string | readonly string[] | undefined>>;

export type CarrierRequest = {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Below the client's base, e.g. "/Messages.json". */
  readonly path: string;
  readonly query?: Fields;
  /** The body; or `json`. */
  readonly form?: Fields;
  readonly json?: unknown;
  /** Sent twice it does no more than once. Default: all but POST and PATCH. */
  readonly isRepeatable?: boolean;
};

export interface CarrierClient {
  /** The answer's JSON, null without any. @throws CarrierError */
  request<Shape extends z.ZodType>(
    shape: Shape,
    request: CarrierRequest,
    signal?: AbortSignal,
  ): Promise<z.output<Shape>>;
}

/** What a carrier says is wrong. */
export type CarrierProblem = { readonly text?: string | undefined; readonly code?: string | undefined };

const TIMEOUT_MS = 10_000;
const MAX_ANSWER_BYTES = 1_000_000;
/** Before each further attempt. */
const RETRY_DELAYS_MS = [300, 1_000];
const MAX_TEXT_LENGTH = 300;

/** @param options `authorize`: headers that prove who asks; `readProblem`: what an answer of 4xx or 5xx says */
export function createCarrierClient(
  options: {
    readonly provider: CarrierProvider;
    readonly baseUrl: string;
    readonly authorize: () => Readonly<Record<string, string>>;
    readonly readProblem: (body: unknown) => CarrierProblem;
  },
  deps: CarrierClientDeps,
): CarrierClient {
  const { provider, readProblem } = options;

  const ask = async (request: CarrierRequest, isRepeatable: boolean, signal: AbortSignal | undefined) => {
    const limit = AbortSignal.timeout(TIMEOUT_MS);
    try {
      const { statusCode, body } = await send(deps.guard.check(toUrl(options.baseUrl, request)), {
        method: request.method,
        dispatcher: deps.guard.dispatcher,
        signal: signal === undefined ? limit : AbortSignal.any([signal, limit]),
        ...toContent(request, options.authorize()),
      });
      const text = await readStart(body, { keepBytes: MAX_ANSWER_BYTES, drainBytes: MAX_ANSWER_BYTES });
      return { status: statusCode, body: parseJson(text) };
    } catch (error) {
      throw toUnanswered(provider, error, isRepeatable);
    }
  };

  const askOnce = async (request: CarrierRequest, isRepeatable: boolean, signal: AbortSignal | undefined) => {
    const { status, body } = await ask(request, isRepeatable, signal);
    if (status < 300) return body;
    const { text = `it answered with status ${status}`, code } = readProblem(body);
    const kind = kindOf(status, isRepeatable);
    throw new CarrierError({ provider, kind, text: text.slice(0, MAX_TEXT_LENGTH), status, code });
  };

  return {
    async request(shape, request, signal) {
      const { isRepeatable = request.method !== "POST" && request.method !== "PATCH" } = request;
      for (let attempt = 0; ; attempt++) {
        try {
          return parseAnswer(provider, shape, await askOnce(request, isRepeatable, signal));
        } catch (error) {
          const delayMs = RETRY_DELAYS_MS[attempt];
          const mayRepeat = error instanceof CarrierError && error.isPassing && signal?.aborted !== true;
          if (delayMs === undefined || !mayRepeat) throw error;
          await pause(deps.clock, delayMs);
        }
      }
    },
  };
}

function toUrl(baseUrl: string, { path, query = {} }: CarrierRequest): string {
  const url = new URL(`${baseUrl}${path}`);
  for (const [name, value] of toPairs(query)) url.searchParams.append(name, value);
  return url.href;
}

function toContent({ form, json }: CarrierRequest, authorization: Readonly<Record<string, string>>) {
  const headers = { Accept: "application/json", "User-Agent": "Earshot", ...authorization };
  if (form !== undefined) {
    const type = "application/x-www-form-urlencoded";
    return { headers: { ...headers, "Content-Type": type }, body: new URLSearchParams(toPairs(form)).toString() };
  }
  if (json === undefined) return { headers };
  return { headers: { ...headers, "Content-Type": "application/json" }, body: JSON.stringify(json) };
}

function toPairs(fields: Fields): [string, string][] {
  return Object.entries(fields).flatMap(([name, value = []]) =>
    (typeof value === "string" ? [value] : value).map((each): [string, string] => [name, each]),
  );
}

function parseJson(text: string): unknown {
  if (text.trim() === "") return null;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function parseAnswer<Shape extends z.ZodType>(provider: CarrierProvider, shape: Shape, body: unknown): z.output<Shape> {
  const parsed = shape.safeParse(body);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const text = `its answer isn't as documented: ${issue?.path.join(".") || "it"}: ${issue?.message}`;
  throw new CarrierError({ provider, kind: "uncertain", text, cause: parsed.error });
}

function kindOf(status: number, isRepeatable: boolean): CarrierError["kind"] {
  if (status === 401) return "unauthorized";
  if (status === 404 || status === 410) return "not_found";
  if (status === 429) return "rate_limited";
  if (status < 500) return "refused";
  return isRepeatable || status === 503 ? "unreachable" : "uncertain";
}

function toUnanswered(provider: CarrierProvider, error: unknown, isRepeatable: boolean): CarrierError {
  if (error instanceof ForbiddenUrlError)
    return new CarrierError({
      provider,
      kind: "refused",
      text: `apiUrl can't be called: ${error.message}`,
      cause: error,
    });
  const isUndone = isRepeatable || isRetryableError(error, false);
  const text = `${PROVIDER_NAMES[provider]} can't be reached: ${codeOf(error)}`;
  return new CarrierError({ provider, kind: isUndone ? "unreachable" : "uncertain", text, cause: error });
}
