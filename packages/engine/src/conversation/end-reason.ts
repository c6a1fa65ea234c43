/** Why a call ended: a closed list that every API translates. */
export const END_REASONS = [
  "caller-hung-up",
  "agent-hung-up",
  "silence-timeout",
  "max-duration",
  "daily-limit",
  "api-request",
  "connection-lost",
  "transferred",
  "voicemail",
  "provider-failure",
  "server-shutdown",
  "server-crash",
  "internal",
] as const;

export type EndReason = (typeof END_REASONS)[number];
