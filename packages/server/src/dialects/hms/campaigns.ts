/** /campaigns and their leads: stored, and not run yet. */
import { z } from "zod";
import { readAgent } from "../../agents/read-agent.ts";
import { CAMPAIGN_STATUSES, type Campaign, campaignKind } from "../../campaigns/campaign.ts";
import { type Lead, leadKind } from "../../campaigns/lead.ts";
import { createLead, deleteLead } from "../../campaigns/leads.ts";
import { countLeads } from "../../campaigns/show-campaigns.ts";
import { Resources } from "../../documents/resource.ts";
import { storableText } from "../../storable-text.ts";
import type { DialectApp, DialectDeps } from "../kit/open-dialect.ts";
import { DIALECT } from "./agent-codec.ts";
import { fromVendorId, PREFIXES, toVendorId, toVendorIdOrNull } from "./ids.ts";
import { check, invalid, type JsonObject, pagingShape, parseBody, parseQuery } from "./parse.ts";
import { addSimpleResource, doesNotRun, keptBy } from "./simple-resource.ts";

const { name, systemMessageTemplate, scheduleStartTime, timeZone } = campaignKind.shape.shape;
const { phoneNumber, variables } = leadKind.shape.shape;
const time = scheduleStartTime.unwrap().nullish();
const agentId = storableText({ min: 1, max: 100 }).nullish();

const leadShape = z.looseObject({
  phone_number: phoneNumber,
  variables: variables.unwrap().nullish(),
});

const MAX_LEADS_AT_ONCE = 500;

const shape = z.looseObject({
  name,
  agent_id: agentId,
  assistant_id: agentId,
  status: z.enum(CAMPAIGN_STATUSES).nullish(),
  system_message_template: systemMessageTemplate.unwrap().nullish(),
  schedule_start_time: time,
  schedule_end_time: time,
  timezone: timeZone.unwrap().nullish(),
  leads: z.array(leadShape).max(MAX_LEADS_AT_ONCE).nullish(),
});
type Sent = z.output<typeof shape>;

export function addCampaigns(app: DialectApp, deps: DialectDeps): void {
  const campaigns = new Resources(deps, campaignKind);
  const leads = new Resources(deps, leadKind);
  const leadDeps = { campaigns, leads };
  const campaignId = (given: string) => fromVendorId(campaignKind.idPrefix, given);

  app.post("/api/v1/campaigns/:id/start", async (c) => {
    await campaigns.read(c.get("principal").workspaceId, campaignId(c.req.param("id")));
    return doesNotRun("campaigns");
  });

  app.get("/api/v1/campaigns/:id/leads", async (c) => {
    const { limit, offset } = parseQuery(c, pagingShape);
    const { workspaceId } = c.get("principal");
    const { id: parentId } = await campaigns.read(workspaceId, campaignId(c.req.param("id")));
    const [rows, total] = await Promise.all([
      leads.list(workspaceId, { limit, offset, parentId }),
      leads.count(workspaceId, parentId),
    ]);
    return c.json({ leads: rows.map(showLead), pagination: { total, limit, offset } });
  });

  app.post("/api/v1/campaigns/:id/leads", async (c) => {
    const { workspaceId } = c.get("principal");
    const input = toLead(await parseBody(c, leadShape));
    const lead = await createLead(leadDeps, workspaceId, { campaignId: campaignId(c.req.param("id")), input });
    return c.json({ lead: showLead(lead) }, 201);
  });

  app.delete("/api/v1/campaigns/:id/leads/:leadId", async (c) => {
    const { workspaceId } = c.get("principal");
    const leadId = fromVendorId(leadKind.idPrefix, c.req.param("leadId"));
    await deleteLead(leadDeps, workspaceId, { campaignId: campaignId(c.req.param("id")), leadId });
    return c.json({ success: true });
  });

  addSimpleResource(app, {
    path: "campaigns",
    one: ["campaign"],
    many: ["campaigns"],
    resources: campaigns,
    shape,
    known: [...Object.keys(shape.shape), "total_leads", "completed_leads", "failed_leads"],
    async check(workspaceId, sent) {
      const given = sent as Partial<Sent>;
      if (given.status === "scheduled") doesNotRun("campaigns");
      const id = given.assistant_id ?? given.agent_id ?? undefined;
      if (id !== undefined) await readAgent(deps.agents, workspaceId, fromVendorId(PREFIXES.agent, id));
    },
    decode(sent) {
      const given = sent as Sent;
      const id = given.assistant_id ?? given.agent_id ?? undefined;
      if (id === undefined) throw invalid("agent_id", "is required");
      return {
        name: given.name,
        agentId: fromVendorId(PREFIXES.agent, id),
        status: given.status ?? undefined,
        systemMessageTemplate: given.system_message_template ?? undefined,
        scheduleStartTime: given.schedule_start_time ?? undefined,
        scheduleEndTime: given.schedule_end_time ?? undefined,
        timeZone: given.timezone ?? undefined,
      };
    },
    encode: showCampaign,
    async enrich(workspaceId, shown) {
      const counts = await countLeads(deps.documents, workspaceId, shown);
      return counts.map(({ totalLeads, completedLeads, failedLeads }) => ({
        total_leads: totalLeads,
        completed_leads: completedLeads,
        failed_leads: failedLeads,
      }));
    },
    async onCreated(workspaceId, id, sent) {
      for (const lead of (sent as Sent).leads ?? [])
        await createLead(leadDeps, workspaceId, { campaignId: id, input: toLead(check(leadShape, lead)) });
    },
  });
}

function showCampaign(campaign: Campaign): JsonObject {
  const id = toVendorIdOrNull(campaign.agentId);
  return {
    name: campaign.name,
    agent_id: id,
    assistant_id: id,
    status: campaign.status,
    system_message_template: campaign.systemMessageTemplate,
    schedule_start_time: campaign.scheduleStartTime ?? null,
    schedule_end_time: campaign.scheduleEndTime ?? null,
    timezone: campaign.timeZone,
  };
}

function toLead({ phone_number: number, variables: values, ...rest }: z.output<typeof leadShape>): JsonObject {
  return { phoneNumber: number, variables: values ?? {}, sent: { [DIALECT]: rest } };
}

function showLead(lead: Lead): JsonObject {
  return {
    ...keptBy(lead),
    id: toVendorId(lead.id),
    campaign_id: toVendorIdOrNull(lead.parentId),
    phone_number: lead.phoneNumber,
    variables: lead.variables,
    status: lead.status,
    call_id: lead.callId ?? null,
    attempts: lead.attempts,
    last_attempt_at: lead.lastAttemptAt ?? null,
    created_at: lead.createdAt,
    updated_at: lead.updatedAt,
  };
}
