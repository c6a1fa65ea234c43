import { createRoute } from "@hono/zod-openapi";
import { z } from "zod";
import { Resources } from "../documents/resource.ts";
import { toVerbs } from "../documents/resource-verbs.ts";
import type { AppDeps } from "../http/app-deps.ts";
import { addDocument, addFile } from "../knowledge/add-document.ts";
import { knowledgeBaseKind, knowledgeBaseShapes } from "../knowledge/knowledge-base.ts";
import {
  knowledgeDocumentShape,
  newKnowledgeDocumentShape,
  passagesShape,
  searchRequestShape,
} from "../knowledge/knowledge-document.ts";
import { CONTENT_TYPES } from "../knowledge/read-content.ts";
import { deleteDocument, listDocuments, readDocument } from "../knowledge/read-document.ts";
import { refreshDocument } from "../knowledge/refresh-document.ts";
import { searchKnowledge } from "../knowledge/search-knowledge.ts";
import { pageQueryShape, pageShape } from "../page.ts";
import { storableText } from "../storable-text.ts";
import { resourceRoutes } from "./resource-routes.ts";
import { idParams, jsonBody, jsonContent, newRouter, PROBLEMS } from "./router.ts";

type Deps = Pick<AppDeps, "knowledge" | "documents" | "clock">;

/** What the path of documents takes: JSON, or a file as it is. */
export const DOCUMENT_TYPES = ["application/json", ...CONTENT_TYPES];

const tags = ["knowledge-documents"];
const params = idParams("kdoc_01k9q0w3e4r5t6y7v8b9n0m1a2");
const file = { schema: z.string().meta({ format: "binary" }) };
const aDocument = { 200: jsonContent(knowledgeDocumentShape, "The document."), ...PROBLEMS };
const fileQueryShape = z.object({
  baseId: storableText({ max: 64 }).optional().describe("Of a file: the knowledge base that it belongs to."),
  name: storableText({ min: 1, max: 200 }).optional().describe("Of a file: what it is called; absent: its title."),
});

const create = createRoute({
  method: "post",
  path: "/v1/knowledge-documents",
  operationId: "createKnowledgeDocument",
  tags,
  summary: "Add a document to a knowledge base",
  description:
    "The body is JSON with the `text` or the `url` of the document, or a file of text, Markdown or HTML of at most " +
    "4 MB, whose `baseId` and `name` stand in the query. It is `pending` at first and worked through in the background.",
  request: {
    query: fileQueryShape,
    body: {
      content: {
        "application/json": { schema: newKnowledgeDocumentShape },
        ...Object.fromEntries(CONTENT_TYPES.map((type) => [type, file])),
      },
      required: false,
    },
  },
  responses: { 201: jsonContent(knowledgeDocumentShape, "The document."), ...PROBLEMS },
});

const list = createRoute({
  method: "get",
  path: "/v1/knowledge-documents",
  operationId: "listKnowledgeDocuments",
  tags,
  summary: "List documents, newest first",
  request: { query: z.object({ ...pageQueryShape, baseId: z.string().max(64).optional() }) },
  responses: {
    200: jsonContent(pageShape(knowledgeDocumentShape, "KnowledgeDocumentPage"), "A page of documents."),
    ...PROBLEMS,
  },
});

const read = createRoute({
  method: "get",
  path: "/v1/knowledge-documents/{id}",
  operationId: "readKnowledgeDocument",
  tags,
  summary: "Read a document's state",
  request: { params },
  responses: aDocument,
});

const refresh = createRoute({
  method: "post",
  path: "/v1/knowledge-documents/{id}/refresh",
  operationId: "refreshKnowledgeDocument",
  tags,
  summary: "Work a document through again",
  description: "A web page is fetched again. What was found of the document before is found until then.",
  request: { params },
  responses: aDocument,
});

const remove = createRoute({
  method: "delete",
  path: "/v1/knowledge-documents/{id}",
  operationId: "deleteKnowledgeDocument",
  tags,
  summary: "Delete a document",
  request: { params },
  responses: { 204: { description: "Deleted." }, ...PROBLEMS },
});

const search = createRoute({
  method: "post",
  path: "/v1/knowledge-bases/{id}/search",
  operationId: "searchKnowledgeBase",
  tags: ["knowledge-bases"],
  summary: "Find the passages that fit a question",
  description: "What an agent's `look_up` tool finds.",
  request: { params: idParams("kb_01k9q0w3e4r5t6y7v8b9n0m1a2"), ...jsonBody(searchRequestShape) },
  responses: { 200: jsonContent(passagesShape, "The passages, best first."), ...PROBLEMS },
});

export function knowledgeBaseRoutes(deps: Deps) {
  const bases = new Resources(deps, knowledgeBaseKind);
  return resourceRoutes({
    path: "/v1/knowledge-bases",
    ...{ name: "KnowledgeBase", plural: "KnowledgeBases" },
    ...{ title: "a knowledge base", titles: "knowledge bases" },
    exampleId: "kb_01k9q0w3e4r5t6y7v8b9n0m1a2",
    shapes: knowledgeBaseShapes,
    verbs: toVerbs(bases, {
      replace: {
        async delete(workspaceId, id) {
          await bases.delete(workspaceId, id);
          await deps.knowledge.store.removeBase(workspaceId, id);
        },
      },
    }),
  });
}

export function knowledgeDocumentRoutes({ knowledge }: Deps) {
  return newRouter()
    .openapi(create, async (c) => {
      const { workspaceId } = c.get("principal");
      const mediaType = c.req.header("Content-Type") ?? "";
      if (mediaType.includes("json")) {
        const input = newKnowledgeDocumentShape.parse(await c.req.json());
        return c.json(await addDocument(knowledge, workspaceId, input), 201);
      }
      const { baseId = "", name } = c.req.valid("query");
      const bytes = new Uint8Array(await c.req.arrayBuffer());
      const given = { baseId, bytes, mediaType, ...(name === undefined ? {} : { name }) };
      return c.json(await addFile(knowledge, workspaceId, given), 201);
    })
    .openapi(list, async (c) => {
      const { data, ...rest } = await listDocuments(
        knowledge.store,
        c.get("principal").workspaceId,
        c.req.valid("query"),
      );
      return c.json({ data: [...data], ...rest }, 200);
    })
    .openapi(read, async (c) =>
      c.json(await readDocument(knowledge.store, c.get("principal").workspaceId, c.req.valid("param").id), 200),
    )
    .openapi(refresh, async (c) =>
      c.json(await refreshDocument(knowledge, c.get("principal").workspaceId, c.req.valid("param").id), 200),
    )
    .openapi(remove, async (c) => {
      await deleteDocument(knowledge.store, c.get("principal").workspaceId, c.req.valid("param").id);
      return c.body(null, 204);
    })
    .openapi(search, async (c) => {
      const { workspaceId } = c.get("principal");
      const { id } = await knowledge.bases.read(workspaceId, c.req.valid("param").id);
      const data = await searchKnowledge(knowledge, workspaceId, { baseIds: [id], ...c.req.valid("json") });
      return c.json({ data }, 200);
    });
}
