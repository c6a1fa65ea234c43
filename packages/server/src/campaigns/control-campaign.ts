import { AppError } from "../app-error.ts";
import type { Resources } from "../documents/resource.ts";
import type { Campaign, campaignKind } from "./campaign.ts";

type Campaigns = Resources<typeof campaignKind.shape>;

/** @throws AppError `not_found`; `not_supported`: this server doesn't run campaigns yet */
export async function startCampaign(campaigns: Campaigns, workspaceId: string, id: string): Promise<never> {
  await campaigns.read(workspaceId, id);
  throw new AppError("not_supported", "this server stores campaigns but doesn't run them yet");
}

/** @throws AppError `not_found`; `conflict` when it is over */
export function pauseCampaign(campaigns: Campaigns, workspaceId: string, id: string): Promise<Campaign> {
  return campaigns.change(workspaceId, id, (current) => {
    if (current.status === "completed" || current.status === "cancelled")
      throw new AppError("conflict", `the campaign is ${current.status}`);
    return { ...current, status: "paused" };
  });
}

/** For good. @throws AppError `not_found` */
export function cancelCampaign(campaigns: Campaigns, workspaceId: string, id: string): Promise<Campaign> {
  return campaigns.change(workspaceId, id, (current) => ({ ...current, status: "cancelled" }));
}
