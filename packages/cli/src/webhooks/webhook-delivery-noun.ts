import { JSON_OPTION, type JsonOption } from "../command-context.ts";
import { defineNoun } from "../nouns/noun.ts";
import { printResult } from "../terminal.ts";

export const webhookDeliveryNoun = defineNoun({
  name: "webhook-deliveries",
  one: "webhook delivery",
  about: "what was sent to webhook endpoints, and how they answered",
  of: (client) => client.webhookDeliveries,
  columns: {
    ID: ({ id }) => id,
    EVENT: ({ eventType }) => eventType,
    STATUS: ({ status }) => status,
    ATTEMPTS: ({ attempts }) => attempts,
    ANSWER: ({ responseStatus, error }) => responseStatus ?? error,
    CREATED: ({ createdAt }) => createdAt,
  },
  filters: [
    { flags: "--endpoint <id>", about: "only those of this endpoint", query: "endpointId" },
    { flags: "--status <status>", about: "only those in this state", query: "status" },
    { flags: "--event <type>", about: "only events of this type", query: "eventType" },
    { flags: "--since <time>", about: "only events from then on, ISO 8601", query: "since" },
  ],
  verbs: [
    {
      name: "redeliver",
      about: "send it again: the same id, the same body",
      run: (client, { id }) => client.webhookDeliveries.redeliver(id),
    },
  ],
  addMore: (parent, { terminal, client }) => {
    parent
      .command("stats")
      .description("count them, of the last 24 hours")
      .option(...JSON_OPTION)
      .action(async ({ json }: JsonOption) => {
        const stats = await client.webhookDeliveries.stats();
        printResult(terminal, json, stats, () => JSON.stringify(stats, undefined, 2));
      });
  },
});
