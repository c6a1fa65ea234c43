import { z } from "zod";

/** An object of anything, limited by the length of its JSON. */
export function boundedObject(maxCharacters: number) {
  return z
    .record(z.string(), z.unknown())
    .refine(
      (value) => JSON.stringify(value).length <= maxCharacters,
      `must be at most ${maxCharacters} characters of JSON`,
    );
}
