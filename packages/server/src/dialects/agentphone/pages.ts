/** Lists by limit and offset. */
import { z } from "zod";

const whole = (min: number, max: number) => z.coerce.number().int().min(min).max(max);

/** Query of a list. @param sizes of a page: 20 and 100 unless told */
export function pageQuery({ limit = 20, max = 100 }: { readonly limit?: number; readonly max?: number } = {}) {
  return { limit: whole(1, max).default(limit), offset: whole(0, 1_000_000_000).default(0) };
}

export type OffsetRequest = { readonly limit: number; readonly offset: number };

/** A page with what its client needs to ask for the next. */
export function toOffsetPage<Item>(data: readonly Item[], total: number, { offset }: OffsetRequest) {
  return { data, hasMore: offset + data.length < total, total };
}

/** Query of a list of messages: ISO times. */
export const messageQuery = z.object({
  limit: whole(1, 200).default(50),
  before: z.iso.datetime({ offset: true, local: true }).optional(),
  after: z.iso.datetime({ offset: true, local: true }).optional(),
});
