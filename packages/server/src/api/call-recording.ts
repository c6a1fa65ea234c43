import { createRoute } from "@hono/zod-openapi";
import { z } from "zod";
import { requireCall } from "../calls/read-call.ts";
import type { AppDeps } from "../http/app-deps.ts";
import { sendRecording } from "../http/send-recording.ts";
import { idParams, newRouter, PROBLEMS } from "./router.ts";

const wav = { "audio/wav": { schema: z.string().meta({ format: "binary" }) } };

const readRecording = createRoute({
  method: "get",
  path: "/v1/calls/{id}/recording",
  operationId: "readCallRecording",
  tags: ["calls"],
  summary: "Download a call's recording",
  description: "Stereo WAV, 16 kHz: the caller left, the agent right. Range requests are honoured.",
  request: {
    params: idParams("call_0mh3k2x9a4n8c1d5e7f9g0a"),
    headers: z.object({ range: z.string().optional() }),
  },
  responses: {
    200: { content: wav, description: "The recording." },
    206: { content: wav, description: "The part that was asked for." },
    ...PROBLEMS,
  },
});

export function callRecordingRoutes({ calls, dataDirectory }: Pick<AppDeps, "calls" | "dataDirectory">) {
  return newRouter().openapi(readRecording, async (c) => {
    const call = await requireCall(calls, c.get("principal").workspaceId, c.req.valid("param").id);
    return sendRecording(c, dataDirectory, call);
  });
}
