import { defineNoun } from "../nouns/noun.ts";

export const analysisTemplateNoun = defineNoun({
  name: "analysis-templates",
  one: "analysis template",
  about: "what is asked about calls once they are over",
  of: (client) => client.analysisTemplates,
  columns: {
    NAME: ({ name }) => name,
    ID: ({ id }) => id,
    DEFAULT: ({ isDefault }) => isDefault,
    DESCRIPTION: ({ description }) => description,
  },
});
