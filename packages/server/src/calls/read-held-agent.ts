import type { AgentSettings } from "../agents/agent.ts";
import { withoutSecrets } from "../agents/conceal-secrets.ts";
import type { AgentStore } from "../agents/store.ts";
import type { Call } from "./call.ts";
import type { CallStore } from "./store.ts";

/** The settings that a call was held with, without their secrets; undefined where they are gone. */
export async function readHeldAgent(
  deps: { readonly calls: CallStore; readonly agents: AgentStore },
  call: Pick<Call, "id" | "agentRevision">,
): Promise<AgentSettings | undefined> {
  const held = await deps.calls.findHeldAgent(call.id);
  if (held === undefined) return undefined;
  if (held.document !== undefined) return withoutSecrets(held.document);
  if (held.revisionOf === undefined || call.agentRevision === undefined) return undefined;
  return deps.agents.findRevision(held.revisionOf, call.agentRevision);
}
