import { createRoute } from "@hono/zod-openapi";
import { z } from "zod";
import type { AppDeps } from "../http/app-deps.ts";
import { sayRequestShape, transcriptionShape } from "../speech/speech.ts";
import { jsonBody, jsonContent, newRouter, PROBLEMS } from "./router.ts";

const tags = ["speech"];
const wav = { "audio/wav": { schema: z.string().meta({ format: "binary" }) } };

const say = createRoute({
  method: "post",
  path: "/v1/speech",
  operationId: "say",
  tags,
  summary: "Turn text into speech",
  request: jsonBody(sayRequestShape),
  responses: { 200: { content: wav, description: "WAV, 16 kHz mono." }, ...PROBLEMS },
});

const transcribe = createRoute({
  method: "post",
  path: "/v1/transcriptions",
  operationId: "transcribe",
  tags,
  summary: "Turn speech into text",
  description: "The body is a WAV file of any sample rate and number of channels, at most 130 MB.",
  request: { body: { content: wav, required: true } },
  responses: { 200: jsonContent(transcriptionShape, "What was said."), ...PROBLEMS },
});

export function speechRoutes({ speech }: Pick<AppDeps, "speech">) {
  return newRouter()
    .openapi(say, async (c) => {
      const audio = await speech.say(c.req.valid("json"), c.req.raw.signal);
      return c.body(audio, 200, { "Content-Type": "audio/wav" });
    })
    .openapi(transcribe, async (c) => {
      const body = new Uint8Array(await c.req.arrayBuffer());
      return c.json(await speech.transcribe(body, c.req.raw.signal), 200);
    });
}
