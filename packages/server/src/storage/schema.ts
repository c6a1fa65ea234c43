/** The tables. Change them in schema/, then run `npm run migrations -w packages/server` and commit what it writes. */
// biome-ignore lint/performance/noBarrelFile: stores and migrations know all tables under one name
export { agentDeployments, agentRevisions, agents, phoneNumbers } from "./schema/agents.ts";
export { callEvents, calls, carrierCalls, dialledLegs, nodes } from "./schema/calls.ts";
export { contacts, conversations, messages, optOuts } from "./schema/conversations.ts";
export { knowledgeChunks, knowledgeDocuments } from "./schema/knowledge.ts";
export { domainEvents, webhookDeliveries, webhookEndpoints } from "./schema/webhooks.ts";
export { apiKeys, documents, idempotencyRecords, providerSecrets, workspaces } from "./schema/workspaces.ts";
