/** Calls as the engine and the carriers leave them behind. */
import type { JournalEntry } from "@earshot/engine";
import type { Call } from "../../../calls/call.ts";
import type { CallStore } from "../../../calls/store.ts";
import { newId } from "../../../new-id.ts";
import { toEpochMs } from "../../../wall-clock.ts";
import { DEFAULT_WORKSPACE_ID } from "../../../workspaces/workspace.ts";

/** @param given what a test is about; `endReason` makes it an ended call */
export async function seedCall(
  calls: CallStore,
  given: Partial<Call> = {},
  entries: readonly JournalEntry[] = [],
): Promise<Call> {
  const createdAt = given.createdAt ?? "2024-01-01T00:00:00.000Z";
  const call: Call = {
    id: newId("call", toEpochMs(createdAt)),
    workspaceId: DEFAULT_WORKSPACE_ID,
    agentName: "Customer Support Agent",
    direction: "outbound",
    fromNumber: "+15551234567",
    toNumber: "+15559876543",
    pace: "real",
    variables: {},
    metadata: {},
    sent: {},
    createdAt,
    updatedAt: createdAt,
    ...given,
    status: given.endReason === undefined ? (given.status ?? "created") : "ended",
    ...(given.endReason === undefined ? {} : { endedAt: createdAt, durationMs: given.durationMs ?? 0 }),
  };
  await calls.insert(call, { tokenHash: "00", nodeId: "node_test" });
  await calls.append(call.id, entries);
  return call;
}
