import { AppError } from "../../app-error.ts";
import { sendRecording } from "../../http/send-recording.ts";
import type { DialectApp, DialectDeps } from "../kit/open-dialect.ts";
import { pathPart } from "./requests.ts";

/** Without a key, as the vendor has it: whoever knows the id, of which 74 bits are random, was given the link. */
export function addRecordingRoutes(app: DialectApp, { calls, recordings }: DialectDeps): void {
  app.get("/v1/calls/:callId/recording", async (c) => {
    const id = pathPart(c, "callId");
    const anywhere = await calls.findAnywhere(id);
    const call = anywhere && (await calls.find(anywhere.workspaceId, id));
    if (call === undefined || !(await recordings.has(call)))
      throw new AppError("recording_not_available", `there is no recording of "${id.slice(0, 64)}"`);
    return sendRecording(c, recordings, call, (callId) => `recording-${callId}`);
  });
}
