import { z } from "zod";
import { AppError } from "./app-error.ts";

/** One page of a list, newest first. */
export type Page<Item> = {
  readonly data: readonly Item[];
  /** Absent on the last page. */
  readonly nextCursor?: string;
};

export type PageRequest = { readonly limit: number; readonly cursor?: string | undefined };

const DEFAULT_PAGE_LIMIT = 20;
const MAX_PAGE_LIMIT = 100;

/** Query parameters of every list. */
export const pageQueryShape = {
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(MAX_PAGE_LIMIT)
    .default(DEFAULT_PAGE_LIMIT)
    .describe("Items a page, 1 to 100."),
  cursor: z.string().max(200).optional().describe("`nextCursor` of the page before."),
};

export function pageShape<Item extends z.ZodType>(item: Item, id: string) {
  return z
    .object({ data: z.array(item), nextCursor: z.string().optional().describe("Absent on the last page.") })
    .meta({ id });
}

/** Cuts a page out of rows sorted by id, newest first, of which one more than `limit` was asked for. */
export function toPage<Item extends { readonly id: string }>(rows: readonly Item[], limit: number): Page<Item> {
  return toPageBy(rows, limit, ({ id }) => id);
}

/** As `toPage`, for rows that keep their id elsewhere. */
export function toPageBy<Item>(rows: readonly Item[], limit: number, idOf: (item: Item) => string): Page<Item> {
  const data = rows.slice(0, limit);
  const last = data.at(-1);
  if (rows.length <= limit || last === undefined) return { data };
  return { data, nextCursor: toCursor(idOf(last)) };
}

/** Where the page after the item of this id begins. */
function toCursor(id: string): string {
  return Buffer.from(id).toString("base64url");
}

/**
 * The id after which a page begins.
 * @throws AppError `invalid_request` when the cursor is none of ours
 */
export function fromCursor(cursor: string | undefined): string | undefined {
  if (cursor === undefined) return undefined;
  const id = Buffer.from(cursor, "base64url").toString();
  if (!/^[a-z]+_[0-9a-z]+$/.test(id))
    throw new AppError(
      "invalid_request",
      "cursor is not one that a list gave; leave it out to begin at the first page",
    );
  return id;
}
