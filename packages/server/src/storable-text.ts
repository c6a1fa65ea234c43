import { z } from "zod";

/** Text that a database can keep: no NUL and no half of a character. Lengths in UTF-16 units. */
export function storableText(options: { readonly min?: number; readonly max: number }) {
  return z
    .string()
    .min(options.min ?? 0)
    .max(options.max)
    .refine((value) => !value.includes("\0") && value.isWellFormed(), "must not contain NUL or broken characters");
}

/** Free-form labels of the API's user: at most 20. */
export const metadataShape = z
  .record(storableText({ min: 1, max: 64 }), storableText({ max: 512 }))
  .refine((pairs) => Object.keys(pairs).length <= 20, "must have at most 20 pairs")
  .describe("Labels of your own, at most 20.");
