import { createRoute } from "@hono/zod-openapi";
import { z } from "zod";
import type { AppDeps } from "../http/app-deps.ts";
import { pageQueryShape, pageShape } from "../page.ts";
import { createWorkspace } from "../workspaces/create-workspace.ts";
import { deleteWorkspace } from "../workspaces/delete-workspace.ts";
import { listWorkspaces } from "../workspaces/list-workspaces.ts";
import { readWorkspace } from "../workspaces/read-workspace.ts";
import { updateWorkspace } from "../workspaces/update-workspace.ts";
import { newWorkspaceShape, workspacePatchShape, workspaceShape } from "../workspaces/workspace.ts";
import { idParams, jsonBody, jsonContent, newRouter, PROBLEMS } from "./router.ts";

const tags = ["workspaces"];
const params = idParams("ws_01k9q0w3e4r5t6y7v8b9n0m1a2");

const create = createRoute({
  method: "post",
  path: "/v1/workspaces",
  operationId: "createWorkspace",
  tags,
  summary: "Create a workspace",
  description: "A tenant of its own. Act in it with a key of its own, or with yours and the header Earshot-Workspace.",
  request: jsonBody(newWorkspaceShape),
  responses: { 201: jsonContent(workspaceShape, "The workspace."), ...PROBLEMS },
});

const list = createRoute({
  method: "get",
  path: "/v1/workspaces",
  operationId: "listWorkspaces",
  tags,
  summary: "List the workspaces that yours made, newest first",
  request: { query: z.object(pageQueryShape) },
  responses: { 200: jsonContent(pageShape(workspaceShape, "WorkspacePage"), "A page of workspaces."), ...PROBLEMS },
});

const read = createRoute({
  method: "get",
  path: "/v1/workspaces/{id}",
  operationId: "readWorkspace",
  tags,
  summary: "Read a workspace",
  request: { params },
  responses: { 200: jsonContent(workspaceShape, "The workspace."), ...PROBLEMS },
});

const update = createRoute({
  method: "patch",
  path: "/v1/workspaces/{id}",
  operationId: "updateWorkspace",
  tags,
  summary: "Change a workspace",
  request: { params, ...jsonBody(workspacePatchShape) },
  responses: { 200: jsonContent(workspaceShape, "The workspace as it is now."), ...PROBLEMS },
});

const remove = createRoute({
  method: "delete",
  path: "/v1/workspaces/{id}",
  operationId: "deleteWorkspace",
  tags,
  summary: "Delete a workspace that yours made",
  request: { params },
  responses: { 204: { description: "Deleted; its keys don't work any more." }, ...PROBLEMS },
});

export function workspaceRoutes(deps: Pick<AppDeps, "workspaces" | "clock" | "documents">) {
  const { workspaces } = deps;
  return newRouter()
    .openapi(create, async (c) =>
      c.json(await createWorkspace(deps, c.get("principal").workspaceId, c.req.valid("json")), 201),
    )
    .openapi(list, async (c) => {
      const { data, ...rest } = await listWorkspaces(workspaces, c.get("principal").workspaceId, c.req.valid("query"));
      return c.json({ data: [...data], ...rest }, 200);
    })
    .openapi(read, async (c) =>
      c.json(await readWorkspace(workspaces, c.get("principal").workspaceId, c.req.valid("param").id), 200),
    )
    .openapi(update, async (c) => {
      const change = { ...c.req.valid("param"), patch: c.req.valid("json") };
      return c.json(await updateWorkspace(deps, c.get("principal").workspaceId, change), 200);
    })
    .openapi(remove, async (c) => {
      await deleteWorkspace(deps, c.get("principal").workspaceId, c.req.valid("param").id);
      return c.body(null, 204);
    });
}
