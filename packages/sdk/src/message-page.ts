import { InvalidRequestError } from "./earshot-error.ts";
import type { components } from "./generated/openapi.ts";
import { type Page, PageOf } from "./page.ts";
import type { QueryOf } from "./query-of.ts";
import { oneMsAfter, parseDate } from "./timing.ts";
import type { RequestOptions, Transport } from "./transport.ts";

export type Message = components["schemas"]["Message"];
/** Items a page: 1 to 200, default 50. */
export type MessageQuery = QueryOf<"listMessages"> & {
  /** `nextCursor` of the page before. Default: the first page. */
  readonly cursor?: string | undefined;
};

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 200;

/** The API pages messages by time alone; several may be of the same millisecond, so that a cursor names those seen. */
type Position = { readonly oldest: string; readonly seen: readonly string[] };

/** Newest first. */
export function pageMessages(
  transport: Transport,
  path: string,
  { cursor, ...query }: MessageQuery,
  options: RequestOptions,
): PageOf<Message> {
  return new PageOf(async (next = cursor) => {
    const position = next === undefined ? undefined : parseCursor(next);
    const asked = position === undefined ? query : goOn(query, position);
    const page = await transport.json<components["schemas"]["MessagePage"]>({ ...options, path, query: asked });
    return toPage(page, position);
  });
}

function goOn(query: Omit<MessageQuery, "cursor">, { oldest, seen }: Position): MessageQuery {
  const limit = Math.min((query.limit ?? DEFAULT_LIMIT) + seen.length, MAX_LIMIT);
  return { ...query, limit, before: oneMsAfter(oldest) };
}

function toPage(
  { data, hasMore }: components["schemas"]["MessagePage"],
  position: Position | undefined,
): Page<Message> {
  const last = data.at(-1);
  const before = position?.seen ?? [];
  const fresh = data.filter(({ id }) => !before.includes(id));
  if (!hasMore || last === undefined) return { data: fresh };
  const oldest = last.createdAt;
  const seen = fresh.filter(({ createdAt }) => createdAt === oldest).map(({ id }) => id);
  const all = oldest === position?.oldest ? [...before, ...seen] : seen;
  return { data: fresh, nextCursor: [oldest, ...all].join("~") };
}

function parseCursor(cursor: string): Position {
  const [oldest = "", ...seen] = cursor.split("~");
  if (parseDate(oldest) !== undefined) return { oldest, seen };
  const message = "cursor: must be the nextCursor of a page of messages";
  throw new InvalidRequestError(message, { code: "invalid_request", errors: [{ path: "cursor", message }] });
}
