import { AppError } from "../app-error.ts";
import type { Call } from "./call.ts";

/** @throws AppError `call_not_live`, with why: an order reached no live call */
export function requireLive(call: Call, wasLive: boolean): void {
  if (wasLive) return;
  switch (call.status) {
    case "created":
      throw new AppError("call_not_live", "this call has not begun: nobody is connected to it yet");
    case "ended":
      throw new AppError("call_not_live", "this call has ended");
    default:
      throw new AppError(
        "call_not_live",
        "this call is just ending, is being transferred already, or is held by another node: ask there",
      );
  }
}
