import { createRoute } from "@hono/zod-openapi";
import { z } from "zod";
import { testResultShape } from "../deliveries/delivery.ts";
import { sendTest } from "../deliveries/send-test.ts";
import type { AppDeps } from "../http/app-deps.ts";
import { pageQueryShape, pageShape } from "../page.ts";
import { createEndpoint } from "../webhooks/create-endpoint.ts";
import { deleteEndpoint } from "../webhooks/delete-endpoint.ts";
import { listEndpoints } from "../webhooks/list-endpoints.ts";
import { readEndpoint } from "../webhooks/read-endpoint.ts";
import { rotateSecret } from "../webhooks/rotate-secret.ts";
import { updateEndpoint } from "../webhooks/update-endpoint.ts";
import {
  newWebhookEndpointShape,
  rotateSecretShape,
  toView,
  webhookEndpointPatchShape,
  webhookEndpointShape,
  webhookEndpointWithSecretShape,
} from "../webhooks/webhook-endpoint.ts";
import { idParams, jsonBody, jsonContent, newRouter, PROBLEMS } from "./router.ts";

const tags = ["webhooks"];
const params = idParams("whe_01k9q0w3e4r5t6y7v8b9n0m1a2");

const create = createRoute({
  method: "post",
  path: "/v1/webhook-endpoints",
  operationId: "createWebhookEndpoint",
  tags,
  summary: "Create a webhook endpoint",
  request: jsonBody(newWebhookEndpointShape),
  responses: { 201: jsonContent(webhookEndpointWithSecretShape, "The endpoint and its secret."), ...PROBLEMS },
});

const list = createRoute({
  method: "get",
  path: "/v1/webhook-endpoints",
  operationId: "listWebhookEndpoints",
  tags,
  summary: "List webhook endpoints, newest first",
  request: {
    query: z.object({
      ...pageQueryShape,
      agentId: z.string().max(64).optional().describe("Only those of this agent."),
    }),
  },
  responses: { 200: jsonContent(pageShape(webhookEndpointShape, "WebhookEndpointPage"), "A page."), ...PROBLEMS },
});

const read = createRoute({
  method: "get",
  path: "/v1/webhook-endpoints/{id}",
  operationId: "readWebhookEndpoint",
  tags,
  summary: "Read a webhook endpoint",
  request: { params },
  responses: { 200: jsonContent(webhookEndpointShape, "The endpoint."), ...PROBLEMS },
});

const update = createRoute({
  method: "patch",
  path: "/v1/webhook-endpoints/{id}",
  operationId: "updateWebhookEndpoint",
  tags,
  summary: "Change a webhook endpoint",
  description: "What is absent stays.",
  request: { params, ...jsonBody(webhookEndpointPatchShape) },
  responses: { 200: jsonContent(webhookEndpointShape, "The endpoint as it is now."), ...PROBLEMS },
});

const remove = createRoute({
  method: "delete",
  path: "/v1/webhook-endpoints/{id}",
  operationId: "deleteWebhookEndpoint",
  tags,
  summary: "Delete a webhook endpoint",
  description: "What it has pending is given up; its deliveries stay readable.",
  request: { params },
  responses: { 204: { description: "Deleted." }, ...PROBLEMS },
});

const rotate = createRoute({
  method: "post",
  path: "/v1/webhook-endpoints/{id}/rotate-secret",
  operationId: "rotateWebhookSecret",
  tags,
  summary: "Give a webhook endpoint another secret",
  description: "For 24 hours deliveries are signed with the old one too.",
  request: { params, ...jsonBody(rotateSecretShape) },
  responses: { 200: jsonContent(webhookEndpointWithSecretShape, "The endpoint and its new secret."), ...PROBLEMS },
});

const test = createRoute({
  method: "post",
  path: "/v1/webhook-endpoints/{id}/test",
  operationId: "testWebhookEndpoint",
  tags,
  summary: "Send a test event and wait for the answer",
  request: { params },
  responses: { 200: jsonContent(testResultShape, "How the receiver answered."), ...PROBLEMS },
});

export function webhookEndpointRoutes({ clock, vault, webhooks }: Pick<AppDeps, "clock" | "vault" | "webhooks">) {
  const { endpoints } = webhooks;
  const deps = { ...webhooks, clock, vault };
  return newRouter()
    .openapi(create, async (c) => {
      const { timeoutMs, headers, ...request } = c.req.valid("json");
      const settings = { timeoutMs, headers };
      const { endpoint, secret = "" } = await createEndpoint(deps, c.get("principal").workspaceId, {
        ...request,
        settings,
      });
      return c.json({ ...toView(endpoint), secret }, 201);
    })
    .openapi(list, async (c) => {
      const { data, ...rest } = await listEndpoints(endpoints, c.get("principal").workspaceId, c.req.valid("query"));
      return c.json({ data: data.map(toView), ...rest }, 200);
    })
    .openapi(read, async (c) =>
      c.json(toView(await readEndpoint(endpoints, c.get("principal").workspaceId, c.req.valid("param").id)), 200),
    )
    .openapi(update, async (c) => {
      const { timeoutMs, headers, ...change } = c.req.valid("json");
      const settings = {
        ...(timeoutMs === undefined ? {} : { timeoutMs }),
        ...(headers === undefined ? {} : { headers }),
      };
      const updated = await updateEndpoint(deps, c.get("principal").workspaceId, {
        ...change,
        ...c.req.valid("param"),
        settings,
      });
      webhooks.wake();
      return c.json(toView(updated), 200);
    })
    .openapi(remove, async (c) => {
      await deleteEndpoint(deps, c.get("principal").workspaceId, c.req.valid("param").id);
      return c.body(null, 204);
    })
    .openapi(rotate, async (c) => {
      const request = { ...c.req.valid("param"), ...c.req.valid("json") };
      const { endpoint, secret } = await rotateSecret(deps, c.get("principal").workspaceId, request);
      return c.json({ ...toView(endpoint), secret }, 200);
    })
    .openapi(test, async (c) =>
      c.json(await sendTest(webhooks, c.get("principal").workspaceId, c.req.valid("param").id), 200),
    );
}
