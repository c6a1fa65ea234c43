/** A call as its row in the database has it. */
import type { JournalEntry } from "@earshot/engine";
import type { StoredRecording } from "../recordings/recording.ts";
import type { callEvents, calls } from "../storage/schema.ts";
import type { Call, CallDirection, CallEndReason, CallStatus, CallSummary, ImportedFrom, LineQuality } from "./call.ts";
import type { Dial } from "./dialling/dial.ts";

export type CallHold = {
  readonly tokenHash: string;
  /** Until when the token may begin the call; absent = it begins none. */
  readonly tokenExpiresAt?: Date;
  readonly nodeId: string;
  /** When it went out. */
  readonly placedAt?: Date;
  /** The agent's settings for this call, where they aren't the revision's. */
  readonly agentDocument?: unknown;
};

export function toEntry({ seq, atMs, event, effects }: typeof callEvents.$inferSelect): JournalEntry {
  return { seq, atMs, event: event as JournalEntry["event"], effects: effects as JournalEntry["effects"] };
}

/** Stands beside what clients of dialects sent: an import is what a client of ours did. */
const IMPORT = "import";

function toSent({ [IMPORT]: importedFrom, ...sent }: Call["sent"]): Pick<Call, "sent" | "importedFrom"> {
  return importedFrom === undefined ? { sent } : { sent, importedFrom: importedFrom as ImportedFrom };
}

export function toCall(row: typeof calls.$inferSelect): Call {
  return {
    id: row.id,
    workspaceId: row.workspaceId,
    ...(row.agentId === null ? {} : { agentId: row.agentId }),
    ...(row.agentRevision === null ? {} : { agentRevision: row.agentRevision }),
    ...(row.agentVersion === null ? {} : { agentVersion: row.agentVersion }),
    agentName: row.agentName,
    direction: row.direction as CallDirection,
    ...(row.fromNumber === null ? {} : { fromNumber: row.fromNumber }),
    ...(row.toNumber === null ? {} : { toNumber: row.toNumber }),
    ...(row.phoneNumberId === null ? {} : { phoneNumberId: row.phoneNumberId }),
    ...(row.peerCallId === null ? {} : { peerCallId: row.peerCallId }),
    pace: row.pace as Call["pace"],
    status: row.status as CallStatus,
    ...(row.endReason === null ? {} : { endReason: row.endReason as CallEndReason }),
    ...(row.error === null ? {} : { error: row.error }),
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
    ...(row.startedAt === null ? {} : { startedAt: row.startedAt.toISOString() }),
    ...(row.endedAt === null ? {} : { endedAt: row.endedAt.toISOString() }),
    ...(row.durationMs === null ? {} : { durationMs: row.durationMs }),
    variables: row.variables as Call["variables"],
    metadata: row.metadata as Call["metadata"],
    ...toSent(row.sent as Call["sent"]),
    ...(row.dial === null ? {} : { dial: row.dial as Dial }),
    ...(row.startAt === null ? {} : { startAt: row.startAt.toISOString() }),
    ...(row.quality === null ? {} : { quality: row.quality as LineQuality }),
    ...(row.recording === null ? {} : { recording: row.recording as StoredRecording }),
    ...(row.summary === null ? {} : { summary: row.summary as CallSummary }),
  };
}

export function toRow(
  call: Call,
  { agentDocument, tokenExpiresAt, placedAt, ...hold }: CallHold,
): typeof calls.$inferInsert {
  return {
    ...hold,
    id: call.id,
    workspaceId: call.workspaceId,
    agentId: call.agentId ?? null,
    revisionOf: call.agentRevision === undefined ? null : (call.agentId ?? null),
    agentRevision: call.agentRevision ?? null,
    agentVersion: call.agentVersion ?? null,
    agentName: call.agentName,
    agentDocument: agentDocument ?? null,
    tokenExpiresAt: tokenExpiresAt ?? null,
    direction: call.direction,
    fromNumber: call.fromNumber ?? null,
    toNumber: call.toNumber ?? null,
    phoneNumberId: call.phoneNumberId ?? null,
    peerCallId: call.peerCallId ?? null,
    pace: call.pace,
    status: call.status,
    endReason: call.endReason ?? null,
    error: call.error ?? null,
    variables: call.variables,
    metadata: call.metadata,
    sent: call.importedFrom === undefined ? call.sent : { ...call.sent, [IMPORT]: call.importedFrom },
    createdAt: new Date(call.createdAt),
    updatedAt: new Date(call.updatedAt),
    startedAt: toDate(call.startedAt),
    endedAt: toDate(call.endedAt),
    durationMs: call.durationMs ?? null,
    dial: call.dial ?? null,
    startAt: toDate(call.startAt),
    placedAt: placedAt ?? null,
    summary: call.summary ?? null,
    quality: call.quality ?? null,
    recording: call.recording ?? null,
  };
}

function toDate(moment: string | undefined): Date | null {
  return moment === undefined ? null : new Date(moment);
}
