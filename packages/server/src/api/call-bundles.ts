import { createRoute } from "@hono/zod-openapi";
import { z } from "zod";
import { AppError } from "../app-error.ts";
import { exportCall } from "../call-bundles/export-call.ts";
import { importCall } from "../call-bundles/import-call.ts";
import { callShape, toPublicCall } from "../calls/call.ts";
import { toTranscript } from "../calls/to-transcript.ts";
import { toTurns } from "../calls/to-turns.ts";
import { toValues } from "../calls/to-values.ts";
import type { AppDeps } from "../http/app-deps.ts";
import { findRecordingUrl } from "../http/recording-url.ts";
import { idParams, jsonContent, newRouter, PROBLEMS } from "./router.ts";

export const BUNDLE_TYPES = ["application/gzip", "application/x-gzip"];
/** At once, on this node: each may hold some hundred MB in memory. */
const MAX_IMPORTS = 1;
const tags = ["calls"];
const gzip = { "application/gzip": { schema: z.string().meta({ format: "binary" }) } };
const flag = (about: string) => z.enum(["true", "false"]).default("false").describe(about);

const exportRoute = createRoute({
  method: "get",
  path: "/v1/calls/{id}/export",
  operationId: "exportCall",
  tags,
  summary: "Export a call as one file",
  description:
    "The call, the settings of the agent, its journal and, where it is wanted, its recording: gzip of lines of JSON. " +
    "Secrets are taken out always, numbers and words where that is asked for.",
  request: {
    params: idParams("call_0mh3k2x9a4n8c1d5e7f9g0a"),
    query: z.object({
      audio: flag("With the recording, where there is one."),
      scrubNumbers: flag("Mask digits and e-mail addresses."),
      scrubWords: flag("Mask every word that was said or written, but keep their lengths. Not with `audio`."),
    }),
  },
  responses: { 200: { content: gzip, description: "The file." }, ...PROBLEMS },
});

const importRoute = createRoute({
  method: "post",
  path: "/v1/calls/import",
  operationId: "importCall",
  tags,
  summary: "Import a call from a file",
  description: "Makes a call that is over and says `importedFrom`. The body is what the export gave, at most 130 MB.",
  request: { body: { content: gzip, required: true } },
  responses: { 201: jsonContent(callShape, "The call."), ...PROBLEMS },
});

type BundleDeps = Pick<AppDeps, "calls" | "agents" | "clock" | "dataDirectory" | "recordings" | "nodeId">;

export function callBundleRoutes(deps: BundleDeps) {
  let importing = 0;
  return newRouter()
    .openapi(exportRoute, async (c) => {
      const { workspaceId } = c.get("principal");
      const { id } = c.req.valid("param");
      const { audio, scrubNumbers, scrubWords } = c.req.valid("query");
      const file = await exportCall(
        deps,
        { workspaceId, id },
        { hasAudio: audio === "true", numbers: scrubNumbers === "true", words: scrubWords === "true" },
      );
      c.header("Content-Type", "application/gzip");
      c.header("Content-Disposition", `attachment; filename="${id}.earshot-call.gz"`);
      return c.body(file, 200);
    })
    .openapi(importRoute, async (c) => {
      if (importing >= MAX_IMPORTS)
        throw new AppError("rate_limited", "another import is under way on this node; try again in a moment");
      importing++;
      try {
        const { workspaceId } = c.get("principal");
        const { call, entries } = await importCall(deps, workspaceId, new Uint8Array(await c.req.arrayBuffer()));
        const recordingUrl = await findRecordingUrl("", deps.recordings, call);
        const values = { ...call.summary?.values, ...toValues(entries) };
        const told = { values, transcript: toTranscript(entries), turns: toTurns(entries) };
        return c.json({ ...toPublicCall(call), ...told, ...(recordingUrl === undefined ? {} : { recordingUrl }) }, 201);
      } finally {
        importing--;
      }
    });
}
