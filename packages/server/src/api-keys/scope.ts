import { z } from "zod";

/** What a key may be limited to. "*" is everything; writing includes reading. */
export const SCOPES = [
  "*",
  "agents:read",
  "agents:write",
  "calls:read",
  "calls:write",
  "messages:read",
  "messages:write",
  "webhooks:read",
  "webhooks:write",
  "speech:write",
  "transcripts:read",
  "transcripts:write",
  "gym:read",
  "gym:write",
  "usage:read",
  "admin:read",
  "admin:write",
] as const;

export type Scope = (typeof SCOPES)[number];

export const scopesShape = z
  .array(z.enum(SCOPES))
  .min(1)
  .max(SCOPES.length)
  .describe('What the key may do; "*" is everything, and writing includes reading.');

/** Who asks: a key or the page of this server, and for which workspace. */
export type Principal = {
  readonly kind: "key" | "session";
  readonly workspaceId: string;
  /** Absent for the configured key and for the page. */
  readonly keyId?: string;
  readonly scopes: readonly Scope[];
};

/** Whether one of the scopes allows it. */
export function allows(scopes: readonly Scope[], needed: Scope): boolean {
  if (scopes.includes("*") || scopes.includes(needed)) return true;
  return needed.endsWith(":read") && scopes.includes(needed.replace(":read", ":write") as Scope);
}
