import { findAgentId } from "../agents/find-agent.ts";
import { defineNoun } from "../nouns/noun.ts";

export const webhookEndpointNoun = defineNoun({
  name: "webhook-endpoints",
  one: "webhook endpoint",
  about: "where events are sent; a secret is shown once",
  of: (client) => client.webhookEndpoints,
  columns: {
    ID: ({ id }) => id,
    URL: ({ url }) => url,
    EVENTS: ({ events }) => events.join(" "),
    ENABLED: ({ isEnabled }) => isEnabled,
    FAILURES: ({ failures }) => failures,
  },
  filters: [{ flags: "--agent <name>", about: "only those of this agent", query: "agentId", resolve: findAgentId }],
  verbs: [
    {
      name: "test",
      about: "send a test event and wait for the answer",
      run: (client, { id }) => client.webhookEndpoints.test(id),
    },
    {
      name: "rotate-secret",
      about: "give it another secret; the old one signs too for 24 hours",
      run: (client, { id }) => client.webhookEndpoints.rotateSecret(id),
    },
  ],
});
