import type { Router } from "./router.ts";

const API_VERSION = "0.1.0";

/** OpenAPI 3.1 of all routes, from the shapes that check the requests. */
export function describeApi(app: Router) {
  app.openAPIRegistry.registerComponent("securitySchemes", "apiKey", {
    type: "http",
    scheme: "bearer",
    description: "An API key of this server.",
  });
  return app.getOpenAPI31Document({
    openapi: "3.1.0",
    info: {
      title: "Earshot",
      version: API_VERSION,
      description: "Voice agents that answer and place phone and browser calls.",
      license: { name: "Apache-2.0", url: "https://www.apache.org/licenses/LICENSE-2.0" },
    },
    servers: [{ url: "http://127.0.0.1:8080" }],
    security: [{ apiKey: [] }],
    tags: [
      { name: "agents", description: "Who answers." },
      { name: "calls", description: "Conversations, live and past." },
      { name: "voices", description: "What agents sound like." },
      { name: "models", description: "What agents think, hear and speak with." },
      { name: "speech", description: "The speech models on their own." },
      { name: "api-keys", description: "Access for programs." },
      { name: "session", description: "Access for the page." },
      { name: "operation", description: "For those who run the server." },
    ],
  });
}
