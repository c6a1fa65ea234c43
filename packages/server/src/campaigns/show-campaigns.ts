import type { JsonObject } from "../documents/resource-shapes.ts";
import { toShown } from "../documents/resource-verbs.ts";
import type { DocumentStore } from "../documents/store.ts";
import type { Campaign } from "./campaign.ts";
import { leadKind } from "./lead.ts";

export type LeadCounts = {
  readonly totalLeads: number;
  readonly completedLeads: number;
  readonly failedLeads: number;
};

/** How far each of the campaigns has come, in their order. */
export async function countLeads(
  documents: DocumentStore,
  workspaceId: string,
  campaigns: readonly Campaign[],
): Promise<LeadCounts[]> {
  const parentIds = campaigns.map(({ id }) => id);
  const counts = await documents.countBy({ workspaceId, kind: leadKind.name }, { parentIds, setting: "status" });
  return parentIds.map((id) => {
    const ofCampaign = counts.filter(({ parentId }) => parentId === id);
    const withStatus = (status: string) => ofCampaign.find(({ value }) => value === status)?.count ?? 0;
    return {
      totalLeads: ofCampaign.reduce((sum, { count }) => sum + count, 0),
      completedLeads: withStatus("completed"),
      failedLeads: withStatus("failed"),
    };
  });
}

export async function toPublicCampaigns(
  documents: DocumentStore,
  workspaceId: string,
  campaigns: readonly Campaign[],
): Promise<JsonObject[]> {
  const counts = await countLeads(documents, workspaceId, campaigns);
  return campaigns.map((campaign, index) => ({ ...toShown(campaign), ...counts[index] }));
}
