import type { Context } from "hono";
import { AppError } from "../../../app-error.ts";
import { type ReadCall, readCall } from "../../../calls/read-call.ts";
import { Resources } from "../../../documents/resource.ts";
import type { AppEnv } from "../../../http/app-env.ts";
import { withPrefix } from "../../../new-id.ts";
import { createTranscript } from "../../../transcripts/create-transcript.ts";
import { type Transcript, transcriptKind } from "../../../transcripts/transcript.ts";
import { type DialectApp, type DialectDeps, parseBody, parseQuery } from "../../kit/open-dialect.ts";
import { toTranscriptId } from "../calls/show-call.ts";
import { listQuery, toList } from "../list-envelope.ts";
import { renameFields } from "../rename-fields.ts";
import { toUnixSeconds } from "../unix-seconds.ts";
import { readUpload } from "../uploads.ts";
import { toTranscriptInput, transcriptFormShape, transcriptFromUrlShape } from "./transcript-shape.ts";

export function addTranscriptRoutes(app: DialectApp, prefix: string, deps: DialectDeps): void {
  const { speech, calls } = deps;
  const transcripts = new Resources(deps, transcriptKind);
  const audioGuard = deps.webhooks.guard;

  app.post(`${prefix}/transcripts`, async (c) => {
    const { workspaceId } = c.get("principal");
    const request = await readRequest(c);
    try {
      const made = await createTranscript({ transcripts, speech, audioGuard }, workspaceId, request, c.req.raw.signal);
      return c.json(showTranscript(made), 201);
    } catch (error) {
      throw renameFields(error, { audioUrl: "audio_url" });
    }
  });

  app.get(`${prefix}/transcripts`, async (c) => {
    const page = await transcripts.page(c.get("principal").workspaceId, parseQuery(c, listQuery));
    return c.json(toList(page, showTranscript));
  });

  app.get(`${prefix}/transcripts/:id`, async (c) => {
    const { workspaceId } = c.get("principal");
    const id = c.req.param("id");
    const call = await findCall(() => readCall(calls, workspaceId, withPrefix("call", id)));
    return c.json(
      call === undefined ? showTranscript(await transcripts.read(workspaceId, id)) : showCallTranscript(call),
    );
  });
}

async function readRequest(c: Context<AppEnv>) {
  const isForm = c.req.header("Content-Type")?.toLowerCase().startsWith("multipart/") === true;
  if (!isForm) return { input: toTranscriptInput(await parseBody(c, transcriptFromUrlShape)) };
  const { file, fields } = await readUpload(c, "audio_file", transcriptFormShape);
  return { input: toTranscriptInput(fields), audio: file };
}

/** A call's words are a transcript under the call's id. */
async function findCall(read: () => Promise<ReadCall>): Promise<ReadCall | undefined> {
  try {
    const call = await read();
    return toTranscriptId(call) === undefined ? undefined : call;
  } catch (error) {
    if (error instanceof AppError && error.code === "not_found") return undefined;
    throw error;
  }
}

function showCallTranscript(call: ReadCall) {
  const lines = call.transcript.filter(({ role }) => role !== "tool");
  return {
    id: toTranscriptId(call),
    object: "transcript",
    status: "completed",
    call_id: call.id,
    audio_url: null,
    text: lines.map(({ text }) => text).join(" "),
    utterances: lines.map(({ role, text, atMs }) => ({ speaker: role, text, start: atMs / 1000 })),
    duration: (call.durationMs ?? 0) / 1000,
    error: null,
    created: toUnixSeconds(call.endedAt ?? call.createdAt),
  };
}

function showTranscript(transcript: Transcript) {
  return {
    id: transcript.id,
    object: "transcript",
    status: transcript.status,
    audio_url: transcript.audioUrl ?? null,
    model: transcript.model ?? null,
    language: transcript.language ?? null,
    diarize: transcript.isDiarized,
    word_timestamps: transcript.hasWordTimes,
    redact: transcript.redact,
    text: transcript.text ?? null,
    utterances: transcript.utterances,
    duration: transcript.durationMs === undefined ? null : transcript.durationMs / 1000,
    error: transcript.error === undefined ? null : { type: "model_error", message: transcript.error },
    notes: transcript.warnings.map(({ field }) => `${NAMES[field] ?? field} is kept but has no effect here`),
    metadata: transcript.metadata,
    created: toUnixSeconds(transcript.createdAt),
  };
}

const NAMES: Readonly<Record<string, string>> = { isDiarized: "diarize", hasWordTimes: "word_timestamps" };
