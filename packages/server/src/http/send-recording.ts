import type { Context } from "hono";
import { AppError } from "../app-error.ts";
import type { Call } from "../calls/call.ts";
import type { Recordings } from "../recordings/recordings.ts";
import { parseRange } from "./byte-range.ts";

/**
 * Answers with a call's recording, or the part of it that was asked for.
 * @param fileName under which it is to be saved; default: it is to be played, and named after the call
 * @throws AppError `recording_not_available`, `range_not_satisfiable`, `storage_unavailable`
 */
export async function sendRecording(
  c: Context,
  recordings: Recordings,
  call: Pick<Call, "id" | "status" | "recording">,
  fileName?: (callId: string) => string,
): Promise<Response> {
  if (call.status !== "ended") throw new AppError("recording_not_available", "the call has not ended yet");
  const found = await recordings.find(call);
  if (found === undefined)
    throw new AppError("recording_not_available", "the call was not recorded, or its recording has expired");
  const { sizeBytes } = found;
  const range = parseRange(c.req.header("Range"), sizeBytes);
  const { start, end } = range ?? { start: 0, end: sizeBytes - 1 };
  const extension = found.fileName.slice(found.fileName.lastIndexOf("."));
  c.header("Content-Type", found.contentType);
  c.header("Content-Length", String(end - start + 1));
  c.header(
    "Content-Disposition",
    fileName === undefined
      ? `inline; filename="${found.fileName}"`
      : `attachment; filename="${fileName(call.id)}${extension}"`,
  );
  c.header("Accept-Ranges", "bytes");
  c.header("Cache-Control", "private, no-cache");
  if (range !== undefined) c.header("Content-Range", `bytes ${start}-${end}/${sizeBytes}`);
  const status = range === undefined ? 200 : 206;
  if (c.req.raw.method === "HEAD" || sizeBytes === 0) return c.body(null, status);
  return c.body(await found.read(range), status);
}
