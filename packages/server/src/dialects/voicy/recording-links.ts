/** Recordings under links that hold for an hour and need no key. */
import { AppError } from "../../app-error.ts";
import type { Call } from "../../calls/call.ts";
import { sendRecording } from "../../http/send-recording.ts";
import { isValidRecordingLink, signRecording } from "../../recordings/signed-url.ts";
import type { DialectApp, DialectDeps } from "../kit/open-dialect.ts";
import { voicyError } from "./errors.ts";
import { fromVoicyId, toVoicyId } from "./voicy-id.ts";

const LASTS_S = 3600;
const PATH = "/voicy/v1/recordings";

/** Whether anybody may ask for a path: the link itself is the key. */
export function isRecordingPath(path: string, method: string): boolean {
  return path.startsWith(`${PATH}/`) && (method === "GET" || method === "HEAD");
}

export type RecordingDeps = Pick<DialectDeps, "vault" | "clock" | "recordings">;

/** The link to a call's recording; undefined when there is none, or none any more. */
export async function linkToRecording(
  origin: string,
  { vault, clock, recordings }: RecordingDeps,
  call: Pick<Call, "id" | "status" | "recording">,
): Promise<string | undefined> {
  if (!(await recordings.has(call))) return undefined;
  const expiresAtS = Math.floor(clock.now().getTime() / 1000) + LASTS_S;
  const { signature } = signRecording(vault, { callId: call.id, expiresAtS });
  const query = new URLSearchParams({ expires: String(expiresAtS), signature });
  return `${origin}${PATH}/${toVoicyId(call.id)}?${query}`;
}

export function addRecordingRoute(app: DialectApp, deps: DialectDeps): void {
  app.get("/v1/recordings/:id", async (c) => {
    const callId = fromVoicyId("call", c.req.param("id"));
    const expiresAtS = Number(c.req.query("expires") ?? Number.NaN);
    const signature = c.req.query("signature") ?? "";
    if (!isValidRecordingLink(deps.vault, { callId, expiresAtS, signature }, deps.clock.now().getTime()))
      throw voicyError("unauthorized", "Invalid or expired token");
    const call = await deps.calls.findAnywhere(callId);
    if (call === undefined) throw new AppError("not_found", `there is no recording "${callId}"`);
    return sendRecording(c, deps.recordings, call);
  });
}
