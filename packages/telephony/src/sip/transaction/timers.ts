/** RFC 3261 table 4, milliseconds. */
export const T1_MS = 500;
export const T2_MS = 4_000;
export const T4_MS = 5_000;
/** How long a transaction waits for its other half: timers B, D, F, H, J, L and M. */
export const TIMEOUT_MS = 64 * T1_MS;

/** Named as in RFC 3261 section 17 and RFC 6026; the long ones mark what a machine waits for. */
export type TimerName = "A" | "B" | "D" | "E" | "F" | "G" | "H" | "I" | "J" | "K" | "L" | "M";
