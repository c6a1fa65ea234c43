/** Whose envelope, event names and signature a webhook has. */
export const DIALECT_NAMES = ["earshot", "agentphone", "wordcab", "hms", "voicy"] as const;
export type DialectName = (typeof DIALECT_NAMES)[number];
