/** What a customer's server answers to a turn, read from one JSON value. */

export type TurnAnswer = {
  readonly text: string;
  /** Filler: more follows, the turn stays open. */
  readonly isInterim: boolean;
  readonly hangsUp: boolean;
  readonly unsupported: readonly UnsupportedAction[];
};

/** Asked for, and not possible on this call. */
export type UnsupportedAction = { readonly type: "transfer" } | { readonly type: "digits"; readonly digits: string };

/** Undefined where the value is no object: it is to be ignored. */
export function toTurnAnswer(value: unknown): TurnAnswer | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const fields = value as Readonly<Record<string, unknown>>;
  const { text, interim, hangup, action } = fields;
  const digits = toDigits(fields["digits"] ?? fields["press_digit"] ?? fields["dtmf"]);
  const unsupported: UnsupportedAction[] = [];
  if (action === "transfer") unsupported.push({ type: "transfer" });
  if (digits !== "") unsupported.push({ type: "digits", digits });
  return {
    text: typeof text === "string" ? text.trim() : "",
    isInterim: interim === true,
    hangsUp: hangup === true || action === "hangup",
    unsupported,
  };
}

function toDigits(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}
