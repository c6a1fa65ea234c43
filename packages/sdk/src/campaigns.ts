import type { components } from "./generated/openapi.ts";
import type { components as requests } from "./generated/openapi-requests.ts";
import { Leads } from "./leads.ts";
import { Resource } from "./resource.ts";
import type { RequestOptions, Transport } from "./transport.ts";

/** With counts of its leads. */
export type Campaign = components["schemas"]["Campaign"];
export type NewCampaign = requests["schemas"]["NewCampaign"];
export type CampaignPatch = requests["schemas"]["CampaignPatch"];

/** Lists of people whom an agent calls. */
export class Campaigns extends Resource<{ item: Campaign; create: NewCampaign; update: CampaignPatch }> {
  constructor(transport: Transport) {
    super(transport, "/v1/campaigns");
  }

  /** Whom it calls: `campaigns.leads(id).list()`, `.create({ phoneNumber })` and so on. */
  leads(campaignId: string): Leads {
    return new Leads(this.transport, campaignId);
  }

  /** Begins to call its leads. Servers that can't yet throw ServerError `not_supported`. */
  start(campaignId: string, options: RequestOptions = {}): Promise<Campaign> {
    return this.post(this.pathOf(campaignId, "start"), undefined, options);
  }

  /** Calls nobody until it is started again. */
  pause(campaignId: string, options: RequestOptions = {}): Promise<Campaign> {
    return this.post(this.pathOf(campaignId, "pause"), undefined, options);
  }

  /** Calls nobody any more, for good. */
  cancel(campaignId: string, options: RequestOptions = {}): Promise<Campaign> {
    return this.post(this.pathOf(campaignId, "cancel"), undefined, options);
  }
}
