import { createRoute } from "@hono/zod-openapi";
import { z } from "zod";
import { AppError } from "../app-error.ts";
import { pauseRecording } from "../calls/pause-recording.ts";
import { requireCall } from "../calls/read-call.ts";
import type { AppDeps } from "../http/app-deps.ts";
import { originOf } from "../http/origin.ts";
import { sendRecording } from "../http/send-recording.ts";
import { deleteRecording } from "../recordings/delete-recording.ts";
import { isValidRecordingLink, signRecording } from "../recordings/signed-url.ts";
import { idParams, jsonContent, newRouter, PROBLEMS } from "./router.ts";

const CALL = "call_0mh3k2x9a4n8c1d5e7f9g0a";
/** Under it recordings need no key, but a link that was signed here. */
const SIGNED_PATH = "/v1/recordings";
const binary = { schema: z.string().meta({ format: "binary" }) };
const audio = { "audio/wav": binary, "audio/ogg": binary };

const readRecording = createRoute({
  method: "get",
  path: "/v1/calls/{id}/recording",
  operationId: "readCallRecording",
  tags: ["calls"],
  summary: "Download a call's recording",
  description:
    "Two tracks from the call's begin: the caller left, the agent right. WAV at 16 kHz, or Opus in Ogg where the " +
    "agent's, the workspace's or the node's setting says so. Range requests are honoured.",
  request: { params: idParams(CALL), headers: z.object({ range: z.string().optional() }) },
  responses: {
    200: { content: audio, description: "The recording." },
    206: { content: audio, description: "The part that was asked for." },
    ...PROBLEMS,
  },
});

const linkRecording = createRoute({
  method: "post",
  path: "/v1/calls/{id}/recording/link",
  operationId: "linkCallRecording",
  tags: ["calls"],
  summary: "Make a link to a call's recording that needs no key",
  request: {
    params: idParams(CALL),
    query: z.object({
      expiresInS: z.coerce.number().int().min(1).max(604_800).default(3600).describe("How long it holds, in seconds."),
    }),
  },
  responses: {
    200: jsonContent(
      z
        .object({ url: z.string(), expiresAt: z.iso.datetime() })
        .meta({ id: "RecordingLink", description: "Whoever has the URL may listen until then." }),
      "The link: to the object store where there is one, else to this server.",
    ),
    ...PROBLEMS,
  },
});

const removeRecording = createRoute({
  method: "delete",
  path: "/v1/calls/{id}/recording",
  operationId: "deleteCallRecording",
  tags: ["calls"],
  summary: "Delete a call's recording",
  description: "Wherever it lies, and for good. The call and its transcript stay; deleting the call deletes both.",
  request: { params: idParams(CALL) },
  responses: { 204: { description: "It is gone." }, ...PROBLEMS },
});

function order(verb: "pause" | "resume", summary: string) {
  return createRoute({
    method: "post",
    path: `/v1/calls/{id}/recording/${verb}`,
    operationId: `${verb}CallRecording`,
    tags: ["calls"],
    summary,
    description: "Only while the call is under way. What was said meanwhile is silence; the transcript isn't touched.",
    request: { params: idParams(CALL) },
    responses: { 204: { description: "Handed on to the call." }, ...PROBLEMS },
  });
}

const pause = order("pause", "Keep nothing of what is said from now on");
const resume = order("resume", "Record again");

type RecordingDeps = Pick<AppDeps, "calls" | "control" | "recordings" | "vault" | "clock" | "publicUrl">;

export function callRecordingRoutes(deps: RecordingDeps) {
  const { calls, recordings, vault, clock, publicUrl } = deps;
  return newRouter()
    .openapi(readRecording, async (c) => {
      const call = await requireCall(calls, c.get("principal").workspaceId, c.req.valid("param").id);
      return sendRecording(c, recordings, call);
    })
    .openapi(linkRecording, async (c) => {
      const call = await requireCall(calls, c.get("principal").workspaceId, c.req.valid("param").id);
      const found = await recordings.find(call);
      if (found === undefined)
        throw new AppError(
          "recording_not_available",
          "the call is not over, was not recorded, or its recording has expired",
        );
      const { expiresInS } = c.req.valid("query");
      const expiresAtS = Math.floor(clock.now().getTime() / 1000) + expiresInS;
      const { signature } = signRecording(vault, { callId: call.id, expiresAtS });
      const query = new URLSearchParams({ expires: String(expiresAtS), signature });
      const ours = `${publicUrl ?? originOf(c)}${SIGNED_PATH}/${call.id}?${query}`;
      const url = (await found.link(expiresInS)) ?? ours;
      return c.json({ url, expiresAt: clock.at(expiresAtS * 1000).toISOString() }, 200);
    })
    .openapi(removeRecording, async (c) => {
      await deleteRecording(deps, { workspaceId: c.get("principal").workspaceId, ...c.req.valid("param") });
      return c.body(null, 204);
    })
    .openapi(pause, async (c) => {
      await pauseRecording(deps, { workspaceId: c.get("principal").workspaceId, ...c.req.valid("param") }, true);
      return c.body(null, 204);
    })
    .openapi(resume, async (c) => {
      await pauseRecording(deps, { workspaceId: c.get("principal").workspaceId, ...c.req.valid("param") }, false);
      return c.body(null, 204);
    });
}

/** Whether anybody may ask for a path: the link itself is the key. */
export function isSignedRecordingPath(path: string, method: string): boolean {
  return path.startsWith(`${SIGNED_PATH}/`) && (method === "GET" || method === "HEAD");
}

export function signedRecordingRoutes({ calls, recordings, vault, clock }: RecordingDeps) {
  const router = newRouter();
  router.get(`${SIGNED_PATH}/:id`, async (c) => {
    const callId = c.req.param("id");
    const expiresAtS = Number(c.req.query("expires") ?? Number.NaN);
    const signature = c.req.query("signature") ?? "";
    if (!isValidRecordingLink(vault, { callId, expiresAtS, signature }, clock.now().getTime()))
      throw new AppError("unauthorized", "the link has expired, or was changed");
    const call = await calls.findAnywhere(callId);
    const known = call && (await calls.find(call.workspaceId, callId));
    if (known === undefined) throw new AppError("not_found", "the call was deleted");
    return sendRecording(c, recordings, known);
  });
  return router;
}
