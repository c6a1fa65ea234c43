import { createRoute } from "@hono/zod-openapi";
import { z } from "zod";
import { agentPatchShape, agentShape, newAgentShape } from "../agents/agent.ts";
import { createAgent } from "../agents/create-agent.ts";
import { deleteAgent } from "../agents/delete-agent.ts";
import { listAgents } from "../agents/list-agents.ts";
import { readAgent } from "../agents/read-agent.ts";
import { updateAgent } from "../agents/update-agent.ts";
import { pageQueryShape, pageShape } from "../page.ts";
import type { ApiDeps } from "./api-deps.ts";
import { idParams, jsonBody, jsonContent, newRouter, PROBLEMS } from "./router.ts";

const tags = ["agents"];
const params = idParams("agt_0mh3k2x9a4dental0000000");

const create = createRoute({
  method: "post",
  path: "/v1/agents",
  operationId: "createAgent",
  tags,
  summary: "Create an agent",
  request: jsonBody(newAgentShape),
  responses: { 201: jsonContent(agentShape, "The agent."), ...PROBLEMS },
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
      name: z.string().max(120).optional().describe("Only agents of this name, whatever its case."),
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
  request: { params },
  responses: { 200: jsonContent(agentShape, "The agent."), ...PROBLEMS },
});

const update = createRoute({
  method: "patch",
  path: "/v1/agents/{id}",
  operationId: "updateAgent",
  tags,
  summary: "Change an agent",
  description: "What is absent stays. Calls under way keep the settings that they began with.",
  request: { params, ...jsonBody(agentPatchShape) },
  responses: { 200: jsonContent(agentShape, "The agent as it is now."), ...PROBLEMS },
});

const remove = createRoute({
  method: "delete",
  path: "/v1/agents/{id}",
  operationId: "deleteAgent",
  tags,
  summary: "Delete an agent",
  description: "Its past calls stay readable, and calls under way go on.",
  request: { params },
  responses: { 204: { description: "Deleted." }, ...PROBLEMS },
});

export function agentRoutes({ agents, clock }: Pick<ApiDeps, "agents" | "clock">) {
  return newRouter()
    .openapi(create, async (c) => c.json(await createAgent(agents, clock, c.req.valid("json")), 201))
    .openapi(list, async (c) => {
      const { data, ...rest } = await listAgents(agents, c.req.valid("query"));
      return c.json({ data: [...data], ...rest }, 200);
    })
    .openapi(read, async (c) => c.json(await readAgent(agents, c.req.valid("param").id), 200))
    .openapi(update, async (c) =>
      c.json(await updateAgent(agents, clock, { ...c.req.valid("param"), patch: c.req.valid("json") }), 200),
    )
    .openapi(remove, async (c) => {
      await deleteAgent(agents, clock, c.req.valid("param").id);
      return c.body(null, 204);
    });
}
