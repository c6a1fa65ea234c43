/** The five routes of a resource that is kept whole, described for OpenAPI. */
import { createRoute } from "@hono/zod-openapi";
import { z } from "zod";
import type { ResourceShapes } from "../documents/resource-shapes.ts";
import type { ResourceVerbs } from "../documents/resource-verbs.ts";
import { pageQueryShape, pageShape } from "../page.ts";
import { idParams, jsonBody, jsonContent, newRouter, PROBLEMS } from "./router.ts";

export type ResourceSurface = {
  /** e.g. "/v1/tool-templates". */
  readonly path: string;
  /** Of components and operations, e.g. "ToolTemplate" and "ToolTemplates". */
  readonly name: string;
  readonly plural: string;
  /** For people, e.g. "a tool template" and "tool templates". */
  readonly title: string;
  readonly titles: string;
  readonly exampleId: string;
  readonly shapes: ResourceShapes;
  readonly verbs: ResourceVerbs;
};

export function resourceRoutes(surface: ResourceSurface) {
  const { verbs } = surface;
  const { create, list, read, update, remove } = describeRoutes(surface);
  return newRouter()
    .openapi(create, async (c) =>
      c.json({ ...(await verbs.create(c.get("principal").workspaceId, c.req.valid("json"))) }, 201),
    )
    .openapi(list, async (c) => {
      const { data, ...rest } = await verbs.page(c.get("principal").workspaceId, c.req.valid("query"));
      return c.json({ data: data.map((one) => ({ ...one })), ...rest }, 200);
    })
    .openapi(read, async (c) =>
      c.json({ ...(await verbs.read(c.get("principal").workspaceId, c.req.valid("param").id)) }, 200),
    )
    .openapi(update, async (c) => {
      const { workspaceId } = c.get("principal");
      const updated = await verbs.update(workspaceId, c.req.valid("param").id, c.req.valid("json"));
      return c.json({ ...updated }, 200);
    })
    .openapi(remove, async (c) => {
      await verbs.delete(c.get("principal").workspaceId, c.req.valid("param").id);
      return c.body(null, 204);
    });
}

function describeRoutes({ path, name, plural, title, titles, exampleId, shapes }: ResourceSurface) {
  const tags = [path.slice(path.lastIndexOf("/") + 1)];
  const params = idParams(exampleId);
  const { newShape, patchShape, shownShape } = shapes;
  const one = { 200: jsonContent(shownShape, "What is stored."), ...PROBLEMS };
  return {
    create: createRoute({
      method: "post",
      path,
      operationId: `create${name}`,
      tags,
      summary: `Create ${title}`,
      request: jsonBody(newShape),
      responses: { 201: jsonContent(shownShape, "What is stored."), ...PROBLEMS },
    }),
    list: createRoute({
      method: "get",
      path,
      operationId: `list${plural}`,
      tags,
      summary: `List ${titles}, newest first`,
      request: { query: z.object(pageQueryShape) },
      responses: { 200: jsonContent(pageShape(shownShape, `${name}Page`), "A page of them."), ...PROBLEMS },
    }),
    read: createRoute({
      method: "get",
      path: `${path}/{id}`,
      operationId: `read${name}`,
      tags,
      summary: `Read ${title}`,
      request: { params },
      responses: one,
    }),
    update: createRoute({
      method: "patch",
      path: `${path}/{id}`,
      operationId: `update${name}`,
      tags,
      summary: `Change ${title}`,
      description: "What is absent stays; null resets.",
      request: { params, ...jsonBody(patchShape) },
      responses: one,
    }),
    remove: createRoute({
      method: "delete",
      path: `${path}/{id}`,
      operationId: `delete${name}`,
      tags,
      summary: `Delete ${title}`,
      request: { params },
      responses: { 204: { description: "Deleted." }, ...PROBLEMS },
    }),
  };
}
