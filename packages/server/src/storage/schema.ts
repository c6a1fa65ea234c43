/** The tables. Change them in schema/, then run `npm run migrations -w packages/server` and commit what it writes. */
export * from "./schema/agents.ts";
export * from "./schema/calls.ts";
export * from "./schema/conversations.ts";
export * from "./schema/webhooks.ts";
export * from "./schema/workspaces.ts";
