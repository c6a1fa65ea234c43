import type { TransferOutcome } from "@earshot/engine";
import { AppError } from "../../app-error.ts";
import type { Failure } from "../../calls/give-up.ts";
import { CarrierError } from "../../carriers/carrier-error.ts";

/** Why a carrier didn't place or answer a call, for the call. */
export function toDialFailure(error: unknown): Failure {
  if (error instanceof AppError) return { reason: "no-carrier", error: error.message };
  if (!(error instanceof CarrierError)) return { reason: "internal", error: "the call could not be placed" };
  const { kind, message } = error;
  return { reason: kind === "unreachable" ? "no-carrier" : "provider-failure", error: message.slice(0, 500) };
}

/** The same for a call that was to be handed on. */
export function toTransferOutcome(error: unknown): {
  readonly outcome: Exclude<TransferOutcome, "answered">;
  readonly message: string;
} {
  const message = error instanceof Error ? error.message : String(error);
  const isRefused = error instanceof CarrierError && error.kind === "refused";
  return { outcome: isRefused ? "rejected" : "failed", message: message.slice(0, 500) };
}
