import { createRoute } from "@hono/zod-openapi";
import { z } from "zod";
import { readAgent } from "../agents/read-agent.ts";
import { campaignKind, campaignShapes } from "../campaigns/campaign.ts";
import { cancelCampaign, pauseCampaign, startCampaign } from "../campaigns/control-campaign.ts";
import { leadKind, leadShapes } from "../campaigns/lead.ts";
import { createLead, deleteLead, listLeads, readLead, toPublicLead, updateLead } from "../campaigns/leads.ts";
import { toPublicCampaigns } from "../campaigns/show-campaigns.ts";
import { Resources } from "../documents/resource.ts";
import type { JsonObject } from "../documents/resource-shapes.ts";
import { toVerbs } from "../documents/resource-verbs.ts";
import type { AppDeps } from "../http/app-deps.ts";
import { pageQueryShape, pageShape } from "../page.ts";
import { readPhoneNumber } from "../phone-numbers/read-phone-number.ts";
import { resourceRoutes } from "./resource-routes.ts";
import { idParams, jsonBody, jsonContent, newRouter, PROBLEMS } from "./router.ts";

const tags = ["campaigns"];
const exampleId = "cmp_01k9q0w3e4r5t6y7v8b9n0m1a2";
const params = idParams(exampleId);
const leadParams = params.extend({ leadId: z.string().max(64) });
const path = "/v1/campaigns/{id}/leads";
const aLead = { 200: jsonContent(leadShapes.shownShape, "The lead."), ...PROBLEMS };

const create = createRoute({
  method: "post",
  path,
  operationId: "createLead",
  tags,
  summary: "Add a lead to a campaign",
  request: { params, ...jsonBody(leadShapes.newShape) },
  responses: { 201: jsonContent(leadShapes.shownShape, "The lead."), ...PROBLEMS },
});

const list = createRoute({
  method: "get",
  path,
  operationId: "listLeads",
  tags,
  summary: "List a campaign's leads, newest first",
  request: { params, query: z.object(pageQueryShape) },
  responses: { 200: jsonContent(pageShape(leadShapes.shownShape, "LeadPage"), "A page of leads."), ...PROBLEMS },
});

const read = createRoute({
  method: "get",
  path: `${path}/{leadId}`,
  operationId: "readLead",
  tags,
  summary: "Read a lead",
  request: { params: leadParams },
  responses: aLead,
});

const update = createRoute({
  method: "patch",
  path: `${path}/{leadId}`,
  operationId: "updateLead",
  tags,
  summary: "Change a lead",
  request: { params: leadParams, ...jsonBody(leadShapes.patchShape) },
  responses: aLead,
});

const remove = createRoute({
  method: "delete",
  path: `${path}/{leadId}`,
  operationId: "deleteLead",
  tags,
  summary: "Delete a lead",
  request: { params: leadParams },
  responses: { 204: { description: "Deleted." }, ...PROBLEMS },
});

const CONTROLS = {
  start: "Start a campaign: not supported yet",
  pause: "Pause a campaign",
  cancel: "Cancel a campaign for good",
} as const;

const control = (verb: keyof typeof CONTROLS) =>
  createRoute({
    method: "post",
    path: `/v1/campaigns/{id}/${verb}`,
    operationId: `${verb}Campaign`,
    tags,
    summary: CONTROLS[verb],
    request: { params },
    responses: { 200: jsonContent(campaignShapes.shownShape, "The campaign."), ...PROBLEMS },
  });

type Deps = Pick<AppDeps, "documents" | "clock" | "agents" | "phoneNumbers">;

export function campaignRoutes(deps: Deps) {
  const campaigns = new Resources(deps, campaignKind);
  const show = async (workspaceId: string, campaign: Awaited<ReturnType<typeof campaigns.read>>) => {
    const [shown] = await toPublicCampaigns(deps.documents, workspaceId, [campaign]);
    return { ...shown };
  };
  const check = (workspaceId: string, input: JsonObject) => requireMembers(deps, workspaceId, input);
  const verbs = toVerbs(campaigns, {
    check,
    replace: {
      create: async (workspaceId, input) => {
        const settings = campaigns.parse(input);
        await check(workspaceId, input);
        return show(workspaceId, await campaigns.create(workspaceId, settings));
      },
      read: async (workspaceId, id) => show(workspaceId, await campaigns.read(workspaceId, id)),
      page: async (workspaceId, request) => {
        const { data, ...rest } = await campaigns.page(workspaceId, request);
        return { data: await toPublicCampaigns(deps.documents, workspaceId, data), ...rest };
      },
      update: async (workspaceId, id, patch) => {
        await check(workspaceId, patch);
        return show(workspaceId, await campaigns.patch(workspaceId, id, patch));
      },
    },
  });
  const routes = resourceRoutes({
    path: "/v1/campaigns",
    ...{ name: "Campaign", plural: "Campaigns", title: "a campaign", titles: "campaigns" },
    exampleId,
    shapes: campaignShapes,
    verbs,
  });
  return routes
    .openapi(control("start"), async (c) =>
      c.json(await startCampaign(campaigns, c.get("principal").workspaceId, c.req.valid("param").id), 200),
    )
    .openapi(control("pause"), async (c) => {
      const { workspaceId } = c.get("principal");
      return c.json(await show(workspaceId, await pauseCampaign(campaigns, workspaceId, c.req.valid("param").id)), 200);
    })
    .openapi(control("cancel"), async (c) => {
      const { workspaceId } = c.get("principal");
      return c.json(
        await show(workspaceId, await cancelCampaign(campaigns, workspaceId, c.req.valid("param").id)),
        200,
      );
    });
}

export function leadRoutes(deps: Deps) {
  const leadDeps = { campaigns: new Resources(deps, campaignKind), leads: new Resources(deps, leadKind) };
  return newRouter()
    .openapi(create, async (c) => {
      const request = { campaignId: c.req.valid("param").id, input: c.req.valid("json") };
      return c.json({ ...toPublicLead(await createLead(leadDeps, c.get("principal").workspaceId, request)) }, 201);
    })
    .openapi(list, async (c) => {
      const request = { campaignId: c.req.valid("param").id, ...c.req.valid("query") };
      const { data, ...rest } = await listLeads(leadDeps, c.get("principal").workspaceId, request);
      return c.json({ data: data.map((lead) => ({ ...toPublicLead(lead) })), ...rest }, 200);
    })
    .openapi(read, async (c) => {
      const { id: campaignId, leadId } = c.req.valid("param");
      const lead = await readLead(leadDeps, c.get("principal").workspaceId, { campaignId, leadId });
      return c.json({ ...toPublicLead(lead) }, 200);
    })
    .openapi(update, async (c) => {
      const { id: campaignId, leadId } = c.req.valid("param");
      const change = { campaignId, leadId, patch: c.req.valid("json") };
      return c.json({ ...toPublicLead(await updateLead(leadDeps, c.get("principal").workspaceId, change)) }, 200);
    })
    .openapi(remove, async (c) => {
      const { id: campaignId, leadId } = c.req.valid("param");
      await deleteLead(leadDeps, c.get("principal").workspaceId, { campaignId, leadId });
      return c.body(null, 204);
    });
}

/** @throws AppError `not_found` for an agent or a number of another workspace */
async function requireMembers(
  { agents, phoneNumbers }: Deps,
  workspaceId: string,
  { agentId, phoneNumberId }: JsonObject,
): Promise<void> {
  if (typeof agentId === "string") await readAgent(agents, workspaceId, agentId);
  if (typeof phoneNumberId === "string") await readPhoneNumber(phoneNumbers, workspaceId, phoneNumberId);
}
