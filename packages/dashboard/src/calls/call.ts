import type { Call as ApiCall, CreatedCall as ApiCreatedCall } from "@earshot/sdk";
import type { JournalEntry } from "@earshot/web";
import { earshot } from "../api/earshot.ts";

/** What the page shows of a call. */
export type Call = Pick<ApiCall, "id" | "status"> & Partial<Pick<ApiCall, "endReason" | "durationMs" | "recordingUrl">>;
export type CreatedCall = Pick<ApiCreatedCall, "id" | "audioUrl">;

/** Throws EarshotError. */
export function createCall(agentId: string): Promise<CreatedCall> {
  return earshot.calls.create({ agentId, type: "web" });
}

/** Throws EarshotError. */
export function getCall(callId: string): Promise<Call> {
  return earshot.calls.get(callId);
}

/** Hangs up for those whose socket is out of reach. Throws EarshotError. */
export async function endCall(callId: string): Promise<void> {
  await earshot.calls.end(callId);
}

/** Throws EarshotError. */
export async function getJournal(callId: string): Promise<readonly JournalEntry[]> {
  const { data } = await earshot.calls.journal(callId);
  return data as unknown as readonly JournalEntry[];
}
