import type { components } from "./generated/openapi.ts";
import type { components as requests } from "./generated/openapi-requests.ts";
import { Resource } from "./resource.ts";
import type { Transport } from "./transport.ts";

/** Somebody whom a campaign calls. */
export type Lead = components["schemas"]["Lead"];
export type NewLead = requests["schemas"]["NewLead"];
export type LeadPatch = requests["schemas"]["LeadPatch"];

/** The leads of one campaign; `campaigns.leads(campaignId)` gives them. */
export class Leads extends Resource<{ item: Lead; create: NewLead; update: LeadPatch }> {
  constructor(transport: Transport, campaignId: string) {
    super(transport, `/v1/campaigns/${encodeURIComponent(campaignId)}/leads`);
  }
}
