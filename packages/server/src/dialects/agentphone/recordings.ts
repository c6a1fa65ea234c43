import { createReadStream } from "node:fs";
import { Readable } from "node:stream";
import { AppError } from "../../app-error.ts";
import { findRecording } from "../../recordings/find-recording.ts";
import type { DialectApp, DialectDeps } from "../kit/open-dialect.ts";
import { pathPart } from "./requests.ts";

/** Without a key, as the vendor has it: whoever knows the id, of which 74 bits are random, was given the link. */
export function addRecordingRoutes(app: DialectApp, { calls, dataDirectory }: DialectDeps): void {
  app.get("/v1/calls/:callId/recording", async (c) => {
    const id = pathPart(c, "callId");
    const anywhere = await calls.findAnywhere(id);
    const call = anywhere && (await calls.find(anywhere.workspaceId, id));
    const recording = call?.status === "ended" ? await findRecording(dataDirectory, id) : undefined;
    if (recording === undefined)
      throw new AppError("recording_not_available", `there is no recording of "${id.slice(0, 64)}"`);
    c.header("Content-Type", "audio/wav");
    c.header("Content-Length", String(recording.sizeBytes));
    c.header("Content-Disposition", `attachment; filename="recording-${id}.wav"`);
    c.header("Cache-Control", "private, no-cache");
    if (c.req.raw.method === "HEAD" || recording.sizeBytes === 0) return c.body(null);
    return c.body(Readable.toWeb(createReadStream(recording.path)) as unknown as ReadableStream);
  });
}
