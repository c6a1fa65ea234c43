import type { Value } from "@earshot/engine";
import { AppError } from "../app-error.ts";
import type { Call, TranscriptLine, Turn } from "./call.ts";
import { readEntries } from "./read-entries.ts";
import type { CallStore } from "./store.ts";
import { toTranscript } from "./to-transcript.ts";
import { toTurns } from "./to-turns.ts";
import { toValues } from "./to-values.ts";

/** A call as seen from a workspace. */
export type CallRef = { readonly workspaceId: string; readonly id: string };

export type ReadCall = Call & {
  /** What its agent learnt, during the call or out of its transcript. */
  readonly values: Record<string, Value>;
  readonly transcript: TranscriptLine[];
  readonly turns: Turn[];
};

/**
 * A call with what its journal tells.
 * @throws AppError `not_found`
 */
export async function readCall(calls: CallStore, workspaceId: string, id: string): Promise<ReadCall> {
  const call = await requireCall(calls, workspaceId, id);
  const entries = await readEntries(calls, id);
  const values = { ...call.summary?.values, ...toValues(entries) };
  return { ...call, values, transcript: toTranscript(entries), turns: toTurns(entries) };
}

/** @throws AppError `not_found` */
export async function requireCall(calls: CallStore, workspaceId: string, id: string): Promise<Call> {
  const call = await calls.find(workspaceId, id);
  if (call === undefined) throw new AppError("not_found", `there is no call "${id}"`);
  return call;
}
