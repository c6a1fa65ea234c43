import type { Agent as ApiAgent } from "@earshot/sdk";
import { earshot } from "../api/earshot.ts";

/** What the page shows of an agent. */
export type Agent = Pick<ApiAgent, "id" | "name" | "prompt"> & { readonly notes?: readonly string[] };

/** Throws EarshotError. */
export async function listAgents(signal: AbortSignal): Promise<readonly Agent[]> {
  return (await earshot.agents.list({ limit: 50 }, { signal })).data;
}
