import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { BundleError, type CallBundle, type JournalEntry, readBundle, replayJournal } from "@earshot/engine";
import type { AgentSettings } from "../agents/agent.ts";
import { withoutSecrets } from "../agents/conceal-secrets.ts";
import { AppError } from "../app-error.ts";
import type { Call } from "../calls/call.ts";
import { toSummary } from "../calls/finish-call.ts";
import type { CallStore } from "../calls/store.ts";
import { toTranscript } from "../calls/to-transcript.ts";
import { toTurns } from "../calls/to-turns.ts";
import { newId } from "../new-id.ts";
import { recordingPath } from "../recordings/recording-paths.ts";
import { toEpochMs, type WallClock } from "../wall-clock.ts";
import { importedCallShape } from "./imported-call.ts";

/** Unpacked. */
const MAX_BYTES = 200_000_000;
/** An hour of lively talk has about 15,000. */
const MAX_ENTRIES = 50_000;
const BATCH = 1_000;
/** NUL and halves of characters, which a database can't search. */
const UNSTORABLE = /\\u(?:0000|d[89a-f])/i;

export type ImportCallDeps = {
  readonly calls: CallStore;
  readonly clock: WallClock;
  readonly dataDirectory: string;
  readonly nodeId: string;
};

/**
 * Makes a call of a workspace out of a file that another server, or this one, wrote. It is over and stays as it is.
 * @throws AppError `invalid_request`, `payload_too_large` in a sentence that says what is wrong with the file
 */
export async function importCall(
  deps: ImportCallDeps,
  workspaceId: string,
  file: Uint8Array,
): Promise<{ readonly call: Call; readonly entries: readonly JournalEntry[] }> {
  const bundle = await readFile(file);
  const { entries, header } = bundle;
  const agent = readAgent(bundle);
  const now = deps.clock.now();
  const call: Call = {
    ...readCall(bundle),
    id: newId("call", now.getTime()),
    workspaceId,
    status: "ended",
    updatedAt: now.toISOString(),
    sent: {},
    summary: checkJournal(entries),
    importedFrom: {
      callId: header.callId,
      exportedAt: isMoment(header.exportedAt) ? header.exportedAt : now.toISOString(),
      scrubbed: header.scrubbed,
    },
  };
  if (bundle.recording !== undefined) await writeRecording(deps.dataDirectory, call.id, bundle.recording);
  await deps.calls.insert(call, {
    // Nobody has the token.
    tokenHash: "",
    nodeId: deps.nodeId,
    ...(agent === undefined ? {} : { agentDocument: agent }),
  });
  for (let at = 0; at < entries.length; at += BATCH) await deps.calls.append(call.id, entries.slice(at, at + BATCH));
  return { call, entries };
}

async function readFile(file: Uint8Array): Promise<CallBundle> {
  try {
    const bundle = await readBundle(file, { maxBytes: MAX_BYTES });
    if (bundle.entries.length > MAX_ENTRIES) throw new BundleError("too_large", `more than ${MAX_ENTRIES} facts`);
    return bundle;
  } catch (error) {
    throw error instanceof BundleError ? toAppError(error) : error;
  }
}

function toAppError(cause: BundleError): AppError {
  return new AppError(cause.code === "too_large" ? "payload_too_large" : "invalid_request", cause.message, { cause });
}

function readCall({ call }: CallBundle) {
  const read = importedCallShape.safeParse(call);
  if (read.success) {
    const { data } = read;
    return Object.fromEntries(Object.entries(data).filter(([, value]) => value !== undefined)) as Pick<
      Call,
      "agentName" | "direction" | "pace" | "createdAt" | "variables" | "metadata"
    >;
  }
  const errors = read.error.issues
    .slice(0, 20)
    .map(({ path, message }) => ({ path: `call.${path.join(".")}`, message }));
  const [first] = errors;
  throw new AppError("invalid_request", `${first?.path}: ${first?.message}`, { details: { errors } });
}

/** Settings that this version doesn't understand are left out: the journal needs none. */
function readAgent({ agent }: CallBundle): AgentSettings | undefined {
  try {
    return agent === undefined ? undefined : withoutSecrets(agent);
  } catch {
    return undefined;
  }
}

/** Everything that ever reads a journal has read this one before it is kept. */
function checkJournal(entries: readonly JournalEntry[]): NonNullable<Call["summary"]> {
  const unstorable = entries.find((entry) => UNSTORABLE.test(JSON.stringify(entry)));
  if (unstorable !== undefined)
    throw new AppError("invalid_request", `entry ${unstorable.seq} must not contain NUL or broken characters`);
  try {
    replayJournal(entries);
    toTranscript(entries);
    return toSummary(toTurns(entries));
  } catch (error) {
    throw makesNoSense(error);
  }
}

function makesNoSense(cause: unknown): AppError {
  return new AppError("invalid_request", "the journal of the file makes no sense to the rules", { cause });
}

async function writeRecording(dataDirectory: string, callId: string, wav: Uint8Array): Promise<void> {
  const magic = Buffer.from(wav.subarray(0, 12)).toString("latin1");
  if (!magic.startsWith("RIFF") || !magic.endsWith("WAVE"))
    throw new AppError("invalid_request", "the recording in the file is no WAV");
  const path = recordingPath(dataDirectory, callId);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, wav);
}

function isMoment(text: string): boolean {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/.test(text) && !Number.isNaN(toEpochMs(text));
}
