import { z } from "zod";
import { EVENT_TYPES, eventDataShapes } from "../webhooks/domain-event.ts";
import { jsonBody, type Router } from "./router.ts";

const API_VERSION = "0.1.0";

/** OpenAPI 3.1 of all routes, from the shapes that check the requests. */
export function describeApi(app: Router) {
  app.openAPIRegistry.registerComponent("securitySchemes", "apiKey", {
    type: "http",
    scheme: "bearer",
    description: "An API key of this server.",
  });
  for (const type of EVENT_TYPES) describeEvent(app, type);
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
      { name: "web-calls", description: "Access tokens for calls from pages." },
      { name: "public-keys", description: "What pages without a server of their own call an agent with." },
      { name: "voices", description: "What agents sound like." },
      { name: "models", description: "What agents think, hear and speak with." },
      { name: "phone-numbers", description: "What people call and write to." },
      { name: "conversations", description: "Messages, by whom they are exchanged with." },
      { name: "messages", description: "Text between numbers." },
      { name: "opt-outs", description: "Who must not be written to." },
      { name: "contacts", description: "Whom agents talk to." },
      { name: "tool-templates", description: "Tools that agents can be given." },
      { name: "mcp-servers", description: "Where agents find more tools." },
      { name: "knowledge-bases", description: "What agents look things up in." },
      { name: "knowledge-documents", description: "Texts, files and web pages of knowledge bases." },
      { name: "workflows", description: "Conversations as graphs." },
      { name: "analysis-templates", description: "What is drawn from calls afterwards." },
      { name: "campaigns", description: "Lists of people whom an agent calls." },
      { name: "test-suites", description: "Conversations that an agent should master." },
      { name: "experiments", description: "Comparisons of an agent with variants of it." },
      { name: "transcripts", description: "What is said in recordings." },
      { name: "carrier-accounts", description: "Accounts with carriers: numbers, calls and messages." },
      { name: "sip-trunks", description: "Connections to telephone networks." },
      { name: "secrets", description: "Keys of model vendors and carriers, sealed." },
      { name: "usage", description: "What was used." },
      { name: "speech", description: "The speech models on their own." },
      { name: "webhooks", description: "What happens, told to your servers." },
      { name: "api-keys", description: "Access for programs." },
      { name: "session", description: "Access for the page." },
      { name: "operation", description: "For those who run the server." },
    ],
  });
}

function describeEvent(app: Router, type: (typeof EVENT_TYPES)[number]): void {
  const data = eventDataShapes[type];
  const event = z
    .object({
      id: z.string(),
      type: z.literal(type),
      createdAt: z.iso.datetime(),
      workspaceId: z.string(),
      data,
    })
    .meta({ id: `${toPascalCase(type)}Event` });
  app.openAPIRegistry.registerWebhook({
    method: "post",
    path: type,
    tags: ["webhooks"],
    summary: data.description ?? type,
    request: jsonBody(event),
    responses: { 204: { description: "Any status from 200 to 299 will do; after others it is sent again." } },
  });
}

function toPascalCase(type: string): string {
  return type.replace(/(?:^|\.)(\w)/g, (_, letter: string) => letter.toUpperCase());
}
