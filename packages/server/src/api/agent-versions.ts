import { createRoute } from "@hono/zod-openapi";
import { z } from "zod";
import { agentShape, newAgentShape } from "../agents/agent.ts";
import {
  compareVersions,
  deploymentShape,
  differenceShape,
  listVersions,
  readVersion,
} from "../agents/agent-versions.ts";
import { deployAgent } from "../agents/deploy-agent.ts";
import { toPublicAgent } from "../agents/find-warnings.ts";
import { rollBackAgent } from "../agents/roll-back-agent.ts";
import type { AppDeps } from "../http/app-deps.ts";
import { toOutputShape } from "../output-shape.ts";
import { storableText } from "../storable-text.ts";
import { toETag } from "./etag.ts";
import { idParams, jsonBody, jsonContent, newRouter, PROBLEMS } from "./router.ts";

const tags = ["agents"];
const params = idParams("agt_01k9q0w3e4r5t6y7v8b9n0m1a2");
const number = z.coerce.number().int().min(1).max(1_000_000_000);
const versionParams = params.extend({ version: number });

const deploy = createRoute({
  method: "post",
  path: "/v1/agents/{id}/deploy",
  operationId: "deployAgent",
  tags,
  summary: "Deploy an agent's working version",
  description:
    "Freezes it under the next version number; phone calls use it from now on. Web calls use the working one.",
  request: {
    params,
    body: {
      content: {
        "application/json": {
          schema: z
            .strictObject({ note: storableText({ max: 1000 }).optional().describe("What changed, for the history.") })
            .meta({ id: "NewDeployment" }),
        },
      },
      required: false,
    },
  },
  responses: { 200: jsonContent(agentShape, "The agent."), ...PROBLEMS },
});

const list = createRoute({
  method: "get",
  path: "/v1/agents/{id}/versions",
  operationId: "listAgentVersions",
  tags,
  summary: "List an agent's deployed versions, newest first",
  request: { params },
  responses: {
    200: jsonContent(z.object({ data: z.array(deploymentShape) }).meta({ id: "AgentVersions" }), "All of them."),
    ...PROBLEMS,
  },
});

const read = createRoute({
  method: "get",
  path: "/v1/agents/{id}/versions/{version}",
  operationId: "readAgentVersion",
  tags,
  summary: "Read the settings of a deployed version",
  request: { params: versionParams },
  responses: {
    200: jsonContent(toOutputShape(newAgentShape).meta({ id: "AgentSettings" }), "The settings."),
    ...PROBLEMS,
  },
});

const compare = createRoute({
  method: "get",
  path: "/v1/agents/{id}/versions/{version}/diff",
  operationId: "compareAgentVersions",
  tags,
  summary: "Compare a deployed version with another one, or with the working version",
  request: {
    params: versionParams,
    query: z.object({ to: number.optional().describe("The other version; absent: the working one.") }),
  },
  responses: {
    200: jsonContent(z.object({ data: z.array(differenceShape) }).meta({ id: "AgentDifferences" }), "What differs."),
    ...PROBLEMS,
  },
});

const rollBack = createRoute({
  method: "post",
  path: "/v1/agents/{id}/rollback",
  operationId: "rollBackAgent",
  tags,
  summary: "Make a deployed version the working one again",
  description: "Nothing is lost: it is a new revision. Deploy it to have phone calls use it.",
  request: { params, ...jsonBody(z.strictObject({ version: number }).meta({ id: "RollBack" })) },
  responses: { 200: jsonContent(agentShape, "The agent as it is now."), ...PROBLEMS },
});

export function agentVersionRoutes(deps: Pick<AppDeps, "agents" | "clock" | "knows">) {
  const { agents, knows } = deps;
  return newRouter()
    .openapi(deploy, async (c) => {
      const { workspaceId } = c.get("principal");
      const { note } = c.req.valid("json") ?? {};
      const deployed = await deployAgent(deps, { workspaceId, ...c.req.valid("param"), note });
      c.header("ETag", toETag(deployed.agent));
      return c.json(toPublicAgent(deployed, knows), 200);
    })
    .openapi(list, async (c) => {
      const data = await listVersions(agents, c.get("principal").workspaceId, c.req.valid("param").id);
      return c.json({ data }, 200);
    })
    .openapi(read, async (c) => {
      const { workspaceId } = c.get("principal");
      return c.json(await readVersion(agents, { workspaceId, ...c.req.valid("param") }), 200);
    })
    .openapi(compare, async (c) => {
      const { workspaceId } = c.get("principal");
      const request = { workspaceId, ...c.req.valid("param"), ...c.req.valid("query") };
      return c.json({ data: await compareVersions(agents, request) }, 200);
    })
    .openapi(rollBack, async (c) => {
      const { workspaceId } = c.get("principal");
      const { version } = c.req.valid("json");
      const rolledBack = await rollBackAgent(deps, { workspaceId, ...c.req.valid("param"), version });
      c.header("ETag", toETag(rolledBack.agent));
      return c.json(toPublicAgent(rolledBack, knows), 200);
    });
}
