import { createRoute } from "@hono/zod-openapi";
import type { Context } from "hono";
import { z } from "zod";
import {
  CALL_STATUSES,
  type Call,
  callShape,
  callSummaryShape,
  createdCallShape,
  newCallShape,
  toPublicCall,
} from "../calls/call.ts";
import { createCall } from "../calls/create-call.ts";
import { deleteCall } from "../calls/delete-call.ts";
import { endCall } from "../calls/end-call.ts";
import { journalEntryShape } from "../calls/journal-entry.ts";
import { listCalls } from "../calls/list-calls.ts";
import { type PlaceCallDeps, placeCall } from "../calls/place-call.ts";
import { readCall, requireCall } from "../calls/read-call.ts";
import { readEntries } from "../calls/read-entries.ts";
import type { AppDeps } from "../http/app-deps.ts";
import type { AppEnv } from "../http/app-env.ts";
import { audioUrlOf } from "../http/origin.ts";
import { findRecordingUrl } from "../http/recording-url.ts";
import { pageQueryShape, pageShape } from "../page.ts";
import { idParams, jsonBody, jsonContent, newRouter, PROBLEMS } from "./router.ts";

const tags = ["calls"];
const params = idParams("call_0mh3k2x9a4n8c1d5e7f9g0a");

const create = createRoute({
  method: "post",
  path: "/v1/calls",
  operationId: "createCall",
  tags,
  summary: "Create a web call, or place a phone call",
  description:
    "A web call begins when its audio connects at `audioUrl`. A phone call rings at once; one that can't be connected " +
    "is answered as ended, with `endReason` and `error`. `missingVariables` names what the agent's texts ask for and the " +
    "call doesn't bring; with `strict` such a call is refused.",
  request: jsonBody(newCallShape),
  responses: { 201: jsonContent(createdCallShape, "The call."), ...PROBLEMS },
});

const list = createRoute({
  method: "get",
  path: "/v1/calls",
  operationId: "listCalls",
  tags,
  summary: "List calls, newest first",
  request: {
    query: z.object({
      ...pageQueryShape,
      agentId: z.string().max(64).optional(),
      status: z.enum(CALL_STATUSES).optional(),
    }),
  },
  responses: { 200: jsonContent(pageShape(callSummaryShape, "CallPage"), "A page of calls."), ...PROBLEMS },
});

const read = createRoute({
  method: "get",
  path: "/v1/calls/{id}",
  operationId: "readCall",
  tags,
  summary: "Read a call with its transcript and its turns",
  request: { params },
  responses: { 200: jsonContent(callShape, "The call."), ...PROBLEMS },
});

const end = createRoute({
  method: "post",
  path: "/v1/calls/{id}/end",
  operationId: "endCall",
  tags,
  summary: "End a call",
  description: "A call that has ended before is given as it is.",
  request: { params },
  responses: { 200: jsonContent(callShape, "The call."), ...PROBLEMS },
});

const remove = createRoute({
  method: "delete",
  path: "/v1/calls/{id}",
  operationId: "deleteCall",
  tags,
  summary: "Delete a call and its recording",
  description:
    "The call is found nowhere any more, and its recording is gone for good, wherever it lay. One that isn't over is refused: end it first.",
  request: { params },
  responses: { 204: { description: "It is gone." }, ...PROBLEMS },
});

const readJournal = createRoute({
  method: "get",
  path: "/v1/calls/{id}/journal",
  operationId: "readCallJournal",
  tags,
  summary: "Read a call's journal",
  request: {
    params,
    query: z.object({ afterSeq: z.coerce.number().int().min(0).default(0).describe("Only entries after this one.") }),
  },
  responses: {
    200: jsonContent(z.object({ data: z.array(journalEntryShape) }).meta({ id: "Journal" }), "All entries, in order."),
    ...PROBLEMS,
  },
});

type CallDeps = PlaceCallDeps & Pick<AppDeps, "recordings">;

export function callRoutes(deps: CallDeps) {
  const { calls } = deps;
  const withRecording = async <Some extends Call>(call: Some) => {
    const shown = toPublicCall(call);
    const recordingUrl = await findRecordingUrl("", deps.recordings, call);
    return recordingUrl === undefined ? shown : { ...shown, recordingUrl };
  };

  return newRouter()
    .openapi(create, async (c) => {
      const { workspaceId } = c.get("principal");
      const input = c.req.valid("json");
      if (input.to !== undefined) {
        const placed = await placeCall(deps, { ...input, to: input.to, workspaceId });
        return c.json({ ...toPublicCall(placed), values: {}, transcript: [], turns: [] }, 201);
      }
      const { call, token, missingVariables: missing } = await createCall(deps, { ...input, workspaceId });
      const audio = { token, audioUrl: audioUrlOf(c, call.id, token) };
      return c.json(
        { ...toPublicCall(call), values: {}, transcript: [], turns: [], ...audio, ...toMissing(missing) },
        201,
      );
    })
    .openapi(list, async (c) => {
      const { data, ...rest } = await listCalls(calls, c.get("principal").workspaceId, c.req.valid("query"));
      return c.json({ data: await Promise.all(data.map(withRecording)), ...rest }, 200);
    })
    .openapi(read, async (c) =>
      c.json(await withRecording(await readCall(calls, c.get("principal").workspaceId, c.req.valid("param").id)), 200),
    )
    .openapi(end, async (c) =>
      c.json(await withRecording(await endCall(deps, inWorkspace(c, c.req.valid("param")))), 200),
    )
    .openapi(remove, async (c) => {
      await deleteCall(deps, inWorkspace(c, c.req.valid("param")));
      return c.body(null, 204);
    })
    .openapi(readJournal, async (c) => {
      const { id } = await requireCall(calls, c.get("principal").workspaceId, c.req.valid("param").id);
      const entries = await readEntries(calls, id, c.req.valid("query").afterSeq);
      return c.json({ data: [...entries] }, 200);
    });
}

function toMissing(names: readonly string[]): { missingVariables?: string[] } {
  return names.length === 0 ? {} : { missingVariables: [...names] };
}

/** What a path names, in the workspace of whoever asks. */
function inWorkspace<Named>(c: Context<AppEnv>, named: Named): Named & { readonly workspaceId: string } {
  return { ...named, workspaceId: c.get("principal").workspaceId };
}
