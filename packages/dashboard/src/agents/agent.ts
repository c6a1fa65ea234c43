import { request } from "../api/client.ts";

/** What the page shows of an agent. */
export type Agent = {
  readonly id: string;
  readonly name: string;
  readonly prompt: string;
  /** Facts it may answer from. */
  readonly notes?: readonly string[];
  readonly language?: string;
};

/** Throws ApiError. */
export async function listAgents(signal: AbortSignal): Promise<readonly Agent[]> {
  const { data } = await request<{ data: readonly Agent[] }>("/v1/agents?limit=50", { signal });
  return data;
}
