import { defineNoun } from "../nouns/noun.ts";

export const mcpServerNoun = defineNoun({
  name: "mcp-servers",
  one: "MCP server",
  about: "servers that agents have tools from",
  of: (client) => client.mcpServers,
  columns: {
    NAME: ({ name }) => name,
    ID: ({ id }) => id,
    URL: ({ url }) => url,
    TRANSPORT: ({ transport }) => transport,
  },
});
