/** What agents are put together from: templates, MCP servers, workflows. */
import { analysisTemplateKind, analysisTemplateShapes } from "../analysis-templates/analysis-template.ts";
import { Resources } from "../documents/resource.ts";
import { toVerbs } from "../documents/resource-verbs.ts";
import type { AppDeps } from "../http/app-deps.ts";
import { mcpServerKind, mcpServerShapes } from "../mcp-servers/mcp-server.ts";
import { createMcpServer, toPublicMcpServer, updateMcpServer } from "../mcp-servers/write-mcp-server.ts";
import { toolTemplateKind, toolTemplateShapes } from "../tool-templates/tool-template.ts";
import { createToolTemplate, toPublicToolTemplate, updateToolTemplate } from "../tool-templates/write-tool-template.ts";
import { deleteWorkflow } from "../workflows/delete-workflow.ts";
import { workflowKind, workflowShapes } from "../workflows/workflow.ts";
import { resourceRoutes } from "./resource-routes.ts";

type Deps = Pick<AppDeps, "documents" | "clock" | "vault" | "phoneNumbers">;

export function analysisTemplateRoutes(deps: Deps) {
  return resourceRoutes({
    path: "/v1/analysis-templates",
    ...{ name: "AnalysisTemplate", plural: "AnalysisTemplates" },
    ...{ title: "an analysis template", titles: "analysis templates" },
    exampleId: "atpl_01k9q0w3e4r5t6y7v8b9n0m1a2",
    shapes: analysisTemplateShapes,
    verbs: toVerbs(new Resources(deps, analysisTemplateKind)),
  });
}

export function toolTemplateRoutes(deps: Deps) {
  const toolTemplates = new Resources(deps, toolTemplateKind);
  const writing = { ...deps, toolTemplates };
  return resourceRoutes({
    path: "/v1/tool-templates",
    ...{ name: "ToolTemplate", plural: "ToolTemplates" },
    ...{ title: "a tool template", titles: "tool templates" },
    exampleId: "ttpl_01k9q0w3e4r5t6y7v8b9n0m1a2",
    shapes: toolTemplateShapes,
    verbs: toVerbs(toolTemplates, {
      show: toPublicToolTemplate,
      replace: {
        create: async (...given) => toPublicToolTemplate(await createToolTemplate(writing, ...given)),
        update: async (workspaceId, id, patch) =>
          toPublicToolTemplate(await updateToolTemplate(writing, workspaceId, { id, patch })),
      },
    }),
  });
}

export function mcpServerRoutes(deps: Deps) {
  const mcpServers = new Resources(deps, mcpServerKind);
  const writing = { ...deps, mcpServers };
  return resourceRoutes({
    path: "/v1/mcp-servers",
    ...{ name: "McpServer", plural: "McpServers" },
    ...{ title: "an MCP server", titles: "MCP servers" },
    exampleId: "mcp_01k9q0w3e4r5t6y7v8b9n0m1a2",
    shapes: mcpServerShapes,
    verbs: toVerbs(mcpServers, {
      show: toPublicMcpServer,
      replace: {
        create: async (...given) => toPublicMcpServer(await createMcpServer(writing, ...given)),
        update: async (workspaceId, id, patch) =>
          toPublicMcpServer(await updateMcpServer(writing, workspaceId, { id, patch })),
      },
    }),
  });
}

export function workflowRoutes(deps: Deps) {
  const workflows = new Resources(deps, workflowKind);
  return resourceRoutes({
    path: "/v1/workflows",
    ...{ name: "Workflow", plural: "Workflows" },
    ...{ title: "a workflow", titles: "workflows" },
    exampleId: "wfl_01k9q0w3e4r5t6y7v8b9n0m1a2",
    shapes: workflowShapes,
    verbs: toVerbs(workflows, {
      replace: { delete: (workspaceId, id) => deleteWorkflow({ ...deps, workflows }, workspaceId, id) },
    }),
  });
}
