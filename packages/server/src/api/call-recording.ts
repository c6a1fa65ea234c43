import { createReadStream } from "node:fs";
import { Readable } from "node:stream";
import { createRoute } from "@hono/zod-openapi";
import { z } from "zod";
import { AppError } from "../app-error.ts";
import { requireCall } from "../calls/read-call.ts";
import type { AppDeps } from "../http/app-deps.ts";
import { findRecording } from "../recordings/find-recording.ts";
import { parseRange } from "./byte-range.ts";
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
    if (call.status !== "ended") throw new AppError("recording_not_available", "the call has not ended yet");
    const recording = await findRecording(dataDirectory, call.id);
    if (recording === undefined)
      throw new AppError("recording_not_available", "the call was not recorded, or its recording has expired");
    const { path, sizeBytes } = recording;
    const range = parseRange(c.req.valid("header").range, sizeBytes);
    const { start, end } = range ?? { start: 0, end: sizeBytes - 1 };
    c.header("Content-Type", "audio/wav");
    c.header("Content-Length", String(end - start + 1));
    c.header("Content-Disposition", `inline; filename="${call.id}.wav"`);
    c.header("Accept-Ranges", "bytes");
    c.header("Cache-Control", "private, no-cache");
    if (range !== undefined) c.header("Content-Range", `bytes ${start}-${end}/${sizeBytes}`);
    const status = range === undefined ? 200 : 206;
    if (c.req.raw.method === "HEAD" || sizeBytes === 0) return c.body(null, status);
    return c.body(Readable.toWeb(createReadStream(path, { start, end })) as unknown as ReadableStream, status);
  });
}
