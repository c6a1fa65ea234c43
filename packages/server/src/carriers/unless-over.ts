import { CarrierError } from "./carrier-error.ts";

/** Waits for an order; that there is no such call any more is no error. @param over codes of the carrier that say so, too */
export async function unlessOver(order: Promise<unknown>, over: readonly string[] = []): Promise<void> {
  try {
    await order;
  } catch (error) {
    if (!(error instanceof CarrierError)) throw error;
    if (error.kind !== "not_found" && !over.includes(error.code ?? "")) throw error;
  }
}
