import type { AgentStore } from "../agents/store.ts";
import type { CarrierJobs } from "../carriers/carrier-jobs.ts";
import { type Keyword, keywordOf } from "../opt-outs/opt-out-words.ts";
import type { OptOutStore } from "../opt-outs/store.ts";
import type { WallClock } from "../wall-clock.ts";
import type { Message } from "./message.ts";
import { isGroupId } from "./parse-destination.ts";

export type HeedDeps = {
  readonly optOuts: OptOutStore;
  readonly agents: AgentStore;
  readonly carrierJobs: Pick<CarrierJobs, "answerMessage">;
  readonly clock: WallClock;
};

/**
 * Does what a message that came in orders: STOP and START are kept, anything else is left to the agent to answer.
 * Once more changes nothing.
 */
export async function heed(deps: HeedDeps, message: Message): Promise<Keyword | undefined> {
  const { workspaceId, to: phoneNumber, from: recipient, body } = message;
  const pair = { workspaceId, phoneNumber, recipient };
  const isOptedOut = (await deps.optOuts.among(pair, [recipient])).length > 0;
  // Who leaves a group is the group's business.
  const keyword = isGroupId(phoneNumber) ? undefined : keywordOf(body, isOptedOut);
  if (keyword === "stop") await deps.optOuts.add({ ...pair, word: body.trim().slice(0, 20) }, deps.clock.now());
  if (keyword === "start") await deps.optOuts.remove(pair);
  if (keyword === undefined && !isOptedOut && (await isAnswered(deps, message)))
    await deps.carrierJobs.answerMessage(message.id);
  return keyword;
}

async function isAnswered({ agents }: HeedDeps, { workspaceId, agentId }: Message): Promise<boolean> {
  if (agentId === undefined) return false;
  const stored = await agents.find(workspaceId, agentId);
  return stored?.agent.messaging.isEnabled === true && stored.agent.mode !== "webhook" && stored.agent.isActive;
}
