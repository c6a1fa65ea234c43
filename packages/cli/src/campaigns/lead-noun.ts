import { defineNoun } from "../nouns/noun.ts";

export const leadNoun = defineNoun({
  name: "leads",
  one: "lead",
  about: "whom a campaign calls",
  parent: { flags: "--campaign <id>", about: "whose leads" },
  of: (client, campaignId) => client.campaigns.leads(campaignId),
  columns: {
    ID: ({ id }) => id,
    NUMBER: ({ phoneNumber }) => phoneNumber,
    STATUS: ({ status }) => status,
    ATTEMPTS: ({ attempts }) => attempts,
    CALL: ({ callId }) => callId,
  },
});
