import { z } from "zod";
import { toEpochMs } from "../../wall-clock.ts";

/** Wordcab's times: whole seconds since 1970. */
export function toUnixSeconds(iso: string): number {
  return Math.floor(toEpochMs(iso) / 1000);
}

export function toUnixSecondsOrNull(iso: string | undefined): number | null {
  return iso === undefined ? null : toUnixSeconds(iso);
}

const MAX_SECONDS = 253_402_300_799;

/** Unix seconds or ISO 8601, as milliseconds. Queries bring seconds as text. */
export const momentShape = z
  .union(
    [
      z.number().min(0).max(MAX_SECONDS),
      z
        .string()
        .regex(/^\d{1,12}(\.\d{1,6})?$/)
        .transform(Number)
        .refine((seconds) => seconds <= MAX_SECONDS),
      z.iso.datetime({ offset: true }).transform((iso) => toEpochMs(iso) / 1000),
      z.iso.date().transform((iso) => toEpochMs(iso) / 1000),
    ],
    "must be unix seconds or an ISO 8601 date",
  )
  .transform((seconds) => Math.floor(seconds * 1000));
