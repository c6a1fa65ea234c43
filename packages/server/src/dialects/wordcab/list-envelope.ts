/** Wordcab's lists: { object: "list", data, has_more, next_cursor: "cur_…" }. */
import { z } from "zod";
import type { Page } from "../../page.ts";

const PREFIX = "cur_";

const cursorShape = z
  .string()
  .max(200)
  .refine(isCursor, "is not one that a list gave; leave it out to begin at the first page")
  .transform((cursor) => cursor.slice(PREFIX.length));

/** Query parameters of every list. The cursor comes out as ours. */
export const listQueryShape = {
  limit: z.coerce.number().int().min(1).max(100).default(25),
  cursor: cursorShape.optional(),
};

export const listQuery = z.object(listQueryShape);

export function toList<Item>({ data, nextCursor }: Page<Item>, show: (item: Item) => unknown) {
  return {
    object: "list",
    data: data.map(show),
    has_more: nextCursor !== undefined,
    next_cursor: nextCursor === undefined ? null : `${PREFIX}${nextCursor}`,
  };
}

/** A list that is never longer than a page. */
export function toWholeList(data: readonly unknown[]) {
  return { object: "list", data, has_more: false, next_cursor: null };
}

function isCursor(cursor: string): boolean {
  if (!cursor.startsWith(PREFIX)) return false;
  return /^[a-z]+_[0-9a-z]+$/.test(Buffer.from(cursor.slice(PREFIX.length), "base64url").toString());
}
