import { z } from "zod";
import type { ResourceKind } from "../documents/resource.ts";
import { sentShape } from "../documents/resource-shapes.ts";

/** A purchase that has been begun: kept until its number is stored here, or the carrier says that it wasn't sold. */
export const numberOrderKind = {
  name: "number_order",
  idPrefix: "ord",
  title: "number order",
  shape: z.strictObject({
    carrierAccountId: z.string(),
    phoneNumber: z.string(),
    country: z.string(),
    /** Of the number, once it is there. */
    settings: z.record(z.string(), z.unknown()),
    sent: sentShape,
  }),
} as const satisfies ResourceKind;

export type NumberOrder = z.output<typeof numberOrderKind.shape>;
