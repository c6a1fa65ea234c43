/** What an agent should have learnt in a call and didn't, out of the call's transcript. */

import type { Values } from "@earshot/engine";
import type { AgentStore } from "../agents/store.ts";
import type { Complete } from "./ask-of-transcript.ts";
import type { Call, TranscriptLine } from "./call.ts";
import { countryOf } from "./check-variables.ts";
import { extractValues } from "./extract-values.ts";

export type FindValues = (
  call: Call,
  known: { readonly lines: readonly TranscriptLine[]; readonly learnt: Values },
) => Promise<Values>;

/**
 * Asks the agent's language model, once; a call without words of the caller isn't asked about.
 * @param deps `complete`: undefined when no model of the node could answer. `onError`: told of what failed; the values are
 *   missing then
 */
export function createFindValues(deps: {
  readonly agents: Pick<AgentStore, "findRevision">;
  readonly complete: () => Complete | undefined;
  readonly onError: (error: unknown) => void;
}): FindValues {
  return async (call, { lines, learnt }) => {
    const complete = deps.complete();
    const { agentId, agentRevision } = call;
    const hasWords = lines.some(({ role }) => role === "caller");
    if (complete === undefined || !hasWords || agentId === undefined || agentRevision === undefined) return {};
    try {
      const agent = await deps.agents.findRevision(agentId, agentRevision);
      const variables = agent?.variables.filter(({ name }) => learnt[name] === undefined) ?? [];
      if (agent === undefined || variables.length === 0) return {};
      const model = agent.models.languageModel;
      const request = { lines, variables, country: countryOf(call), ...(model === undefined ? {} : { model }) };
      return await extractValues({ complete }, request, NEVER);
    } catch (error) {
      deps.onError(error);
      return {};
    }
  };
}

const NEVER = new AbortController().signal;
