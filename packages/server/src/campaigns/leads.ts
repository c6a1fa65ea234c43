/** The leads of one campaign. */
import { AppError } from "../app-error.ts";
import type { Resources } from "../documents/resource.ts";
import type { JsonObject } from "../documents/resource-shapes.ts";
import { toShown } from "../documents/resource-verbs.ts";
import type { Page, PageRequest } from "../page.ts";
import { toE164 } from "../phone-numbers/parse-phone-number.ts";
import type { campaignKind } from "./campaign.ts";
import type { Lead, leadKind } from "./lead.ts";

export type LeadDeps = {
  readonly campaigns: Resources<typeof campaignKind.shape>;
  readonly leads: Resources<typeof leadKind.shape>;
};

/** @throws AppError `not_found` for the campaign; `invalid_request` */
export async function createLead(
  { campaigns, leads }: LeadDeps,
  workspaceId: string,
  { campaignId, input }: { readonly campaignId: string; readonly input: JsonObject },
): Promise<Lead> {
  await campaigns.read(workspaceId, campaignId);
  const settings = leads.parse(input);
  const normal = { ...settings, phoneNumber: toE164(settings.phoneNumber) };
  return leads.create(workspaceId, normal, { parentId: campaignId });
}

/** Newest first. @throws AppError `not_found` for the campaign */
export async function listLeads(
  { campaigns, leads }: LeadDeps,
  workspaceId: string,
  { campaignId, ...request }: PageRequest & { readonly campaignId: string },
): Promise<Page<Lead>> {
  await campaigns.read(workspaceId, campaignId);
  return leads.page(workspaceId, { ...request, parentId: campaignId });
}

type Named = { readonly campaignId: string; readonly leadId: string };

/** @throws AppError `not_found` */
export async function readLead({ leads }: LeadDeps, workspaceId: string, named: Named): Promise<Lead> {
  const lead = await leads.read(workspaceId, named.leadId);
  if (lead.parentId !== named.campaignId) throw new AppError("not_found", `there is no lead "${named.leadId}"`);
  return lead;
}

/** @throws AppError `not_found`, `invalid_request` */
export async function updateLead(
  deps: LeadDeps,
  workspaceId: string,
  { patch, ...named }: Named & { readonly patch: JsonObject },
): Promise<Lead> {
  await readLead(deps, workspaceId, named);
  const { phoneNumber } = patch;
  const normal = typeof phoneNumber === "string" ? { ...patch, phoneNumber: toE164(phoneNumber) } : patch;
  return deps.leads.patch(workspaceId, named.leadId, normal);
}

/** @throws AppError `not_found` */
export async function deleteLead(deps: LeadDeps, workspaceId: string, named: Named): Promise<void> {
  await readLead(deps, workspaceId, named);
  await deps.leads.delete(workspaceId, named.leadId);
}

export function toPublicLead({ parentId, ...shown }: Lead): JsonObject {
  return toShown({ ...shown, campaignId: parentId });
}
