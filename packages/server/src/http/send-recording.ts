import { createReadStream } from "node:fs";
import { Readable } from "node:stream";
import type { Context } from "hono";
import { AppError } from "../app-error.ts";
import type { Call } from "../calls/call.ts";
import { findRecording } from "../recordings/find-recording.ts";
import { parseRange } from "./byte-range.ts";

/**
 * Answers with a call's recording, or the part of it that was asked for.
 * @throws AppError `recording_not_available`, `range_not_satisfiable`
 */
export async function sendRecording(
  c: Context,
  dataDirectory: string,
  call: Pick<Call, "id" | "status">,
): Promise<Response> {
  if (call.status !== "ended") throw new AppError("recording_not_available", "the call has not ended yet");
  const recording = await findRecording(dataDirectory, call.id);
  if (recording === undefined)
    throw new AppError("recording_not_available", "the call was not recorded, or its recording has expired");
  const { path, sizeBytes } = recording;
  const range = parseRange(c.req.header("Range"), sizeBytes);
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
}
