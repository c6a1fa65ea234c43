/** How far it is settled whether a call may be recorded. */
export type Consent = {
  readonly state: "due" | "asking" | "awaited" | "agreed" | "declined";
  /** How often it was told or asked. */
  readonly asked: number;
};
