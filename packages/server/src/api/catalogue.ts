import { createRoute } from "@hono/zod-openapi";
import { z } from "zod";
import type { AppDeps } from "../http/app-deps.ts";
import { modelShape } from "../models/model.ts";
import { voiceShape } from "../voices/voice.ts";
import { jsonContent, newRouter, PROBLEMS } from "./router.ts";

const listVoices = createRoute({
  method: "get",
  path: "/v1/voices",
  operationId: "listVoices",
  tags: ["voices"],
  summary: "List the voices of this node",
  responses: {
    200: jsonContent(z.object({ data: z.array(voiceShape) }).meta({ id: "Voices" }), "All voices."),
    ...PROBLEMS,
  },
});

const listModels = createRoute({
  method: "get",
  path: "/v1/models",
  operationId: "listModels",
  tags: ["models"],
  summary: "List the models of this node, and why they are used",
  responses: {
    200: jsonContent(z.object({ data: z.array(modelShape) }).meta({ id: "Models" }), "All models."),
    ...PROBLEMS,
  },
});

/** What this node has to offer to agents. */
export function catalogueRoutes(deps: Pick<AppDeps, "listVoices" | "listModels">) {
  return newRouter()
    .openapi(listVoices, (c) => c.json({ data: [...deps.listVoices()] }, 200))
    .openapi(listModels, (c) => c.json({ data: [...deps.listModels()] }, 200));
}
