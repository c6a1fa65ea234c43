import { CarrierError } from "./carrier-error.ts";

/** Hangs up; that there is no such call any more is no error. @param over codes of the carrier that say so, too */
export async function unlessOver(hangUp: Promise<unknown>, over: readonly string[] = []): Promise<void> {
  try {
    await hangUp;
  } catch (error) {
    if (!(error instanceof CarrierError)) throw error;
    if (error.kind !== "not_found" && !over.includes(error.code ?? "")) throw error;
  }
}
