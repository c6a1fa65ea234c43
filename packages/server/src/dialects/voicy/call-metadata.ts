import { z } from "zod";
import type { Call } from "../../calls/call.ts";
import type { VendorObject } from "../kit/vendor-fields.ts";

const MAX_BYTES = 50 * 1024;
const MAX_PAIRS = 20;
const MAX_NAME = 64;
const MAX_VALUE = 512;

export const callPatchShape = z.looseObject({
  metadata: z
    .record(z.string(), z.unknown())
    .refine((metadata) => Buffer.byteLength(JSON.stringify(metadata)) <= MAX_BYTES, "must be at most 50 KB of JSON"),
});

/** The labels of a call that fit ours: plain values, the first twenty. The rest is kept for Voicy's clients alone. */
export function toMetadata(sent: VendorObject): Call["metadata"] {
  const fitting = Object.entries(sent).flatMap(([name, value]): [string, string][] => {
    const isPlain = typeof value === "string" || typeof value === "number" || typeof value === "boolean";
    const text = String(value);
    return isPlain && name !== "" && name.length <= MAX_NAME && text.length <= MAX_VALUE ? [[name, text]] : [];
  });
  return Object.fromEntries(fitting.slice(0, MAX_PAIRS));
}
