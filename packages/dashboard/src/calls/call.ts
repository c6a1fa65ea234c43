import { request } from "../api/client.ts";
import type { JournalEntry } from "./journal-entry.ts";

export type Call = {
  readonly id: string;
  readonly status: "created" | "active" | "ended";
  readonly endReason?: string;
  readonly durationMs?: number;
  readonly recordingUrl?: string;
};

export type CreatedCall = Call & { readonly audioUrl: string };

/** Throws ApiError. */
export function createCall(agentId: string): Promise<CreatedCall> {
  return request("/v1/calls", { method: "POST", body: { agentId, type: "web" } });
}

/** Throws ApiError. */
export function getCall(callId: string): Promise<Call> {
  return request(`/v1/calls/${encodeURIComponent(callId)}`);
}

/** Hangs up for those whose socket is out of reach. Throws ApiError. */
export async function endCall(callId: string): Promise<void> {
  await request(`/v1/calls/${encodeURIComponent(callId)}/end`, { method: "POST" });
}

/** Throws ApiError. */
export async function getJournal(callId: string): Promise<readonly JournalEntry[]> {
  const { data } = await request<{ data: readonly JournalEntry[] }>(`/v1/calls/${encodeURIComponent(callId)}/journal`);
  return data;
}

/** The socket's address on the origin the page came from: a proxy may have other names than the server itself knows. */
export function toPageOrigin(audioUrl: string, page: { protocol: string; host: string }): string {
  const { pathname, search } = new URL(audioUrl, `${page.protocol}//${page.host}`);
  return `${page.protocol === "https:" ? "wss" : "ws"}://${page.host}${pathname}${search}`;
}
