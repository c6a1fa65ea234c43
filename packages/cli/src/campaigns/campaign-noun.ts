import { defineNoun } from "../nouns/noun.ts";

export const campaignNoun = defineNoun({
  name: "campaigns",
  one: "campaign",
  about: "lists of people whom an agent calls",
  of: (client) => client.campaigns,
  columns: {
    NAME: ({ name }) => name,
    ID: ({ id }) => id,
    STATUS: ({ status }) => status,
    LEADS: ({ totalLeads }) => totalLeads,
    DONE: ({ completedLeads }) => completedLeads,
    FAILED: ({ failedLeads }) => failedLeads,
  },
  verbs: [
    { name: "start", about: "begin to call its leads", run: (client, { id }) => client.campaigns.start(id) },
    {
      name: "pause",
      about: "call nobody until it is started again",
      run: (client, { id }) => client.campaigns.pause(id),
    },
    { name: "cancel", about: "call nobody any more, for good", run: (client, { id }) => client.campaigns.cancel(id) },
  ],
});
