/** What is known of a call by name: given when it began, or learnt since. */
export type Value = string | number | boolean | null;
export type Values = Readonly<Record<string, Value>>;
