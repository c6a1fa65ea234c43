import { createRoute } from "@hono/zod-openapi";
import { z } from "zod";
import { Resources } from "../documents/resource.ts";
import { toShown } from "../documents/resource-verbs.ts";
import type { AppDeps } from "../http/app-deps.ts";
import { pageQueryShape, pageShape } from "../page.ts";
import { createTranscript } from "../transcripts/create-transcript.ts";
import { transcriptKind, transcriptShapes } from "../transcripts/transcript.ts";
import { idParams, jsonContent, newRouter, PROBLEMS } from "./router.ts";

const tags = ["transcripts"];
const params = idParams("tr_01k9q0w3e4r5t6y7v8b9n0m1a2");
const { newShape, shownShape } = transcriptShapes;
const wav = { schema: z.string().meta({ format: "binary" }) };

const create = createRoute({
  method: "post",
  path: "/v1/transcripts",
  operationId: "createTranscript",
  tags,
  summary: "Write down what is said in a recording, and keep it",
  description: "The body is a WAV file of at most 130 MB, or JSON with its URL.",
  request: { body: { content: { "audio/wav": wav, "application/json": { schema: newShape } }, required: false } },
  responses: { 201: jsonContent(shownShape, "The transcript."), ...PROBLEMS },
});

const list = createRoute({
  method: "get",
  path: "/v1/transcripts",
  operationId: "listTranscripts",
  tags,
  summary: "List transcripts, newest first",
  request: { query: z.object(pageQueryShape) },
  responses: { 200: jsonContent(pageShape(shownShape, "TranscriptPage"), "A page of transcripts."), ...PROBLEMS },
});

const read = createRoute({
  method: "get",
  path: "/v1/transcripts/{id}",
  operationId: "readTranscript",
  tags,
  summary: "Read a transcript",
  request: { params },
  responses: { 200: jsonContent(shownShape, "The transcript."), ...PROBLEMS },
});

const remove = createRoute({
  method: "delete",
  path: "/v1/transcripts/{id}",
  operationId: "deleteTranscript",
  tags,
  summary: "Delete a transcript",
  request: { params },
  responses: { 204: { description: "Deleted." }, ...PROBLEMS },
});

export function transcriptRoutes(deps: Pick<AppDeps, "documents" | "clock" | "speech" | "fetchAudio">) {
  const transcripts = new Resources(deps, transcriptKind);
  return newRouter()
    .openapi(create, async (c) => {
      const isJson = (c.req.header("Content-Type") ?? "").includes("json");
      const audio = isJson ? undefined : new Uint8Array(await c.req.arrayBuffer());
      const request = { input: isJson ? newShape.parse(await c.req.json()) : {}, audio };
      const { workspaceId } = c.get("principal");
      const created = await createTranscript({ ...deps, transcripts }, workspaceId, request, c.req.raw.signal);
      return c.json({ ...toShown(created) }, 201);
    })
    .openapi(list, async (c) => {
      const { data, ...rest } = await transcripts.page(c.get("principal").workspaceId, c.req.valid("query"));
      return c.json({ data: data.map((one) => ({ ...toShown(one) })), ...rest }, 200);
    })
    .openapi(read, async (c) => {
      const transcript = await transcripts.read(c.get("principal").workspaceId, c.req.valid("param").id);
      return c.json({ ...toShown(transcript) }, 200);
    })
    .openapi(remove, async (c) => {
      await transcripts.delete(c.get("principal").workspaceId, c.req.valid("param").id);
      return c.body(null, 204);
    });
}
