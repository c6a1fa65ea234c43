import type { ToolOutcome } from "@earshot/engine";
import { textArgument } from "./parse-arguments.ts";
import { failed, succeeded } from "./tool-outcome.ts";

const MAX_DIGITS = 32;

/** Keys for a phone menu. Spaces and dashes are how people write them. */
export function runDigits(given: string): ToolOutcome {
  const digits = textArgument(given, "digits").replaceAll(/[\s-]/g, "");
  if (!/^[0-9*#]+$/.test(digits)) return failed("No digits were sent: `digits` must hold 0-9, * and # only.");
  if (digits.length > MAX_DIGITS) return failed(`No digits were sent: there are more than ${MAX_DIGITS} of them.`);
  return { ...succeeded(""), order: { type: "send-digits", digits } };
}
