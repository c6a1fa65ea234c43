import { BUNDLE_FORMAT, BUNDLE_VERSION, type ScrubOptions, scrubBundle, writeBundle } from "@earshot/engine";
import type { AgentStore } from "../agents/store.ts";
import { AppError } from "../app-error.ts";
import { type Call, toPublicCall } from "../calls/call.ts";
import { type CallRef, requireCall } from "../calls/read-call.ts";
import { readEntries } from "../calls/read-entries.ts";
import { readHeldAgent } from "../calls/read-held-agent.ts";
import type { CallStore } from "../calls/store.ts";
import { toWav } from "../recordings/decode-opus.ts";
import type { Recordings } from "../recordings/recordings.ts";
import type { WallClock } from "../wall-clock.ts";

/** Half an hour of stereo at 16 kHz has 115 MB. */
const MAX_RECORDING_BYTES = 120_000_000;
/** At the least. */
const OPUS_IS_SMALLER = 16;

export type ExportCallDeps = {
  readonly calls: CallStore;
  readonly agents: AgentStore;
  readonly clock: WallClock;
  readonly recordings: Recordings;
};

/**
 * A call that is over as one file, without secrets.
 * @param options `hasAudio`: with the recording, where there is one
 * @throws AppError `not_found`; `conflict` while the call isn't over; `payload_too_large` for a long recording
 */
export async function exportCall(
  deps: ExportCallDeps,
  ref: CallRef,
  { hasAudio, ...scrub }: ScrubOptions & { readonly hasAudio: boolean },
): Promise<Uint8Array<ArrayBuffer>> {
  const call = await requireCall(deps.calls, ref.workspaceId, ref.id);
  if (call.status !== "ended") throw new AppError("conflict", "the call is not over yet: end it first");
  if (hasAudio && scrub.words)
    throw new AppError("invalid_request", "scrubWords: the recording tells the words: leave audio out");
  const agent = await readHeldAgent(deps, call);
  const recording = hasAudio ? await readRecording(deps.recordings, call) : undefined;
  const { phoneNumberId: _number, ...shown } = toPublicCall(call);
  const bundle = scrubBundle(
    {
      header: {
        format: BUNDLE_FORMAT,
        version: BUNDLE_VERSION,
        exportedAt: deps.clock.now().toISOString(),
        callId: call.id,
        scrubbed: scrub,
      },
      call: shown,
      ...(agent === undefined ? {} : { agent }),
      entries: await readEntries(deps.calls, call.id),
      ...(recording === undefined ? {} : { recording }),
    },
    scrub,
  );
  return writeBundle(bundle);
}

/** As a WAV: whoever reads the file knows nothing of our formats. */
async function readRecording(recordings: Recordings, call: Call): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const found = await recordings.find(call);
  if (found === undefined) return undefined;
  const isTooLong =
    found.sizeBytes > (found.format === "opus" ? MAX_RECORDING_BYTES / OPUS_IS_SMALLER : MAX_RECORDING_BYTES);
  if (isTooLong)
    throw new AppError(
      "payload_too_large",
      "the recording is too long for one file: export without it, and download it apart",
    );
  const bytes = new Uint8Array(await new Response(await found.read()).arrayBuffer());
  return found.format === "opus" ? toWav(bytes) : bytes;
}
