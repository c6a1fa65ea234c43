import { createRoute } from "@hono/zod-openapi";
import type { Context } from "hono";
import { z } from "zod";
import { type Agent, agentPatchShape, agentShape, newAgentShape } from "../agents/agent.ts";
import { checkNames } from "../agents/check-names.ts";
import { createAgent } from "../agents/create-agent.ts";
import { deleteAgent } from "../agents/delete-agent.ts";
import { toPublicAgent } from "../agents/find-warnings.ts";
import { listAgents } from "../agents/list-agents.ts";
import { readAgent } from "../agents/read-agent.ts";
import type { StoredAgent } from "../agents/stored-agent.ts";
import { updateAgent } from "../agents/update-agent.ts";
import type { AppDeps } from "../http/app-deps.ts";
import type { AppEnv } from "../http/app-env.ts";
import { pageQueryShape, pageShape } from "../page.ts";
import { expectedRevision, toETag } from "./etag.ts";
import { idParams, jsonBody, jsonContent, newRouter, PROBLEMS } from "./router.ts";

const tags = ["agents"];
const params = idParams("agt_01k9q0w3e4r5t6y7v8b9n0m1a2");
const ifMatch = z.object({
  "if-match": z.string().max(200).optional().describe("The ETag that the agent must still have."),
});
const ETAGGED = { headers: { ETag: { schema: { type: "string" as const } } } };

const create = createRoute({
  method: "post",
  path: "/v1/agents",
  operationId: "createAgent",
  tags,
  summary: "Create an agent",
  request: jsonBody(newAgentShape),
  responses: { 201: { ...jsonContent(agentShape, "The agent."), ...ETAGGED }, ...PROBLEMS },
});

const list = createRoute({
  method: "get",
  path: "/v1/agents",
  operationId: "listAgents",
  tags,
  summary: "List agents, newest first",
  request: {
    query: z.object({
      ...pageQueryShape,
      name: z.string().max(200).optional().describe("Only agents of this name, whatever its case."),
    }),
  },
  responses: { 200: jsonContent(pageShape(agentShape, "AgentPage"), "A page of agents."), ...PROBLEMS },
});

const read = createRoute({
  method: "get",
  path: "/v1/agents/{id}",
  operationId: "readAgent",
  tags,
  summary: "Read an agent",
  description: "With If-None-Match and the ETag of what you have, an agent that didn't change is answered with 304.",
  request: { params, headers: z.object({ "if-none-match": z.string().max(200).optional() }) },
  responses: {
    200: { ...jsonContent(agentShape, "The agent."), ...ETAGGED },
    304: { description: "It didn't change." },
    ...PROBLEMS,
  },
});

const update = createRoute({
  method: "patch",
  path: "/v1/agents/{id}",
  operationId: "updateAgent",
  tags,
  summary: "Change an agent's working version",
  description: "What is absent stays; null resets. Calls under way keep the settings that they began with.",
  request: { params, headers: ifMatch, ...jsonBody(agentPatchShape) },
  responses: { 200: { ...jsonContent(agentShape, "The agent as it is now."), ...ETAGGED }, ...PROBLEMS },
});

const remove = createRoute({
  method: "delete",
  path: "/v1/agents/{id}",
  operationId: "deleteAgent",
  tags,
  summary: "Delete an agent",
  description: "Its past calls and its numbers stay, without it; calls under way go on.",
  request: { params, headers: ifMatch },
  responses: { 204: { description: "Deleted." }, ...PROBLEMS },
});

export function agentRoutes(deps: Pick<AppDeps, "agents" | "clock" | "knows">) {
  const { agents, knows } = deps;
  const show = (c: Context<AppEnv>, stored: StoredAgent) => {
    c.header("ETag", toETag(stored.agent));
    return toPublicAgent(stored, knows);
  };

  return newRouter()
    .openapi(create, async (c) => {
      const { workspaceId } = c.get("principal");
      const settings = c.req.valid("json");
      checkNames(settings, knows);
      return c.json(show(c, await createAgent(deps, { workspaceId, settings })), 201);
    })
    .openapi(list, async (c) => {
      const { data, ...rest } = await listAgents(agents, c.get("principal").workspaceId, c.req.valid("query"));
      return c.json({ data: data.map((stored) => toPublicAgent(stored, knows)), ...rest }, 200);
    })
    .openapi(read, async (c) => {
      const stored = await readAgent(agents, c.get("principal").workspaceId, c.req.valid("param").id);
      if (isKnown(c.req.valid("header")["if-none-match"], stored.agent)) return c.body(null, 304);
      return c.json(show(c, stored), 200);
    })
    .openapi(update, async (c) => {
      const { workspaceId } = c.get("principal");
      const { id } = c.req.valid("param");
      const expected = expectedRevision(c.req.valid("header")["if-match"]);
      const patch = c.req.valid("json");
      checkNames(patch, knows);
      const change = { workspaceId, id, patch, expectedRevision: expected };
      return c.json(show(c, await updateAgent(deps, change)), 200);
    })
    .openapi(remove, async (c) => {
      const { workspaceId } = c.get("principal");
      const expected = expectedRevision(c.req.valid("header")["if-match"]);
      await deleteAgent(deps, { workspaceId, ...c.req.valid("param"), expectedRevision: expected });
      return c.body(null, 204);
    });
}

function isKnown(ifNoneMatch: string | undefined, agent: Agent): boolean {
  return ifNoneMatch?.split(",").some((tag) => tag.trim().replace(/^W\//, "") === toETag(agent)) === true;
}
