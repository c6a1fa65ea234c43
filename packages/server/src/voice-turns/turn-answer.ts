/** What a customer's server answers to a turn, read from one JSON value. */

export type TurnAnswer = {
  readonly text: string;
  /** Filler: more follows, the turn stays open. */
  readonly isInterim: boolean;
  readonly hangsUp: boolean;
  readonly actions: readonly TurnAction[];
};

/** Done to the call itself. Without a destination a transfer goes to the agent's first. */
export type TurnAction =
  | { readonly type: "transfer"; readonly destination?: string }
  | { readonly type: "digits"; readonly digits: string };

/** Undefined where the value is no object: it is to be ignored. */
export function toTurnAnswer(value: unknown): TurnAnswer | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const fields = value as Readonly<Record<string, unknown>>;
  const { text, interim, hangup, action } = fields;
  const digits = toText(fields["digits"] ?? fields["press_digit"] ?? fields["dtmf"]);
  const destination = toText(fields["destination"]);
  const actions: TurnAction[] = [];
  if (digits !== "") actions.push({ type: "digits", digits });
  if (action === "transfer") actions.push({ type: "transfer", ...(destination === "" ? {} : { destination }) });
  return {
    text: typeof text === "string" ? text.trim() : "",
    isInterim: interim === true,
    hangsUp: hangup === true || action === "hangup",
    actions,
  };
}

function toText(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}
