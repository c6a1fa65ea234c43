/** A call as its row in the database has it. */
import type { JournalEntry } from "@earshot/engine";
import type { callEvents, calls } from "../storage/schema.ts";
import type { Call, CallDirection, CallEndReason, CallStatus, CallSummary, ImportedFrom, LineQuality } from "./call.ts";
import type { Dial } from "./dialling/dial.ts";

export function toEntry({ seq, atMs, event, effects }: typeof callEvents.$inferSelect): JournalEntry {
  return { seq, atMs, event: event as JournalEntry["event"], effects: effects as JournalEntry["effects"] };
}

/** Stands beside what clients of dialects sent: an import is what a client of ours did. */
export const IMPORT = "import";

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
    ...(row.summary === null ? {} : { summary: row.summary as CallSummary }),
  };
}
