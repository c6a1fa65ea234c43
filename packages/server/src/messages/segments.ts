import { SegmentedMessage } from "sms-segments-calculator";

export type Segments = { readonly count: number; readonly encoding: "GSM-7" | "UCS-2" };

/** In how many parts a text goes over the air, and how its letters are written there (3GPP TS 23.038). */
export function segmentsOf(body: string): Segments {
  const { segmentsCount: count, encodingName: encoding } = new SegmentedMessage(body);
  return { count, encoding };
}
