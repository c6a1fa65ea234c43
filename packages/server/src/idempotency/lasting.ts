/** How long a write's answer is kept. */
export const IDEMPOTENCY_LASTS_MS = 24 * 3_600_000;
