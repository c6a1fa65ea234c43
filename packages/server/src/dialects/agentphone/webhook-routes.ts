import { z } from "zod";
import { deployAgent } from "../../agents/deploy-agent.ts";
import { readAgent } from "../../agents/read-agent.ts";
import { replaceAgent, toSettings } from "../../agents/update-agent.ts";
import { AppError } from "../../app-error.ts";
import { sendTest } from "../../deliveries/send-test.ts";
import type { DeliveryFilter } from "../../deliveries/store.ts";
import { storableText } from "../../storable-text.ts";
import { checkUrl, createEndpoint } from "../../webhooks/create-endpoint.ts";
import { deleteEndpoint } from "../../webhooks/delete-endpoint.ts";
import { readEndpoint } from "../../webhooks/read-endpoint.ts";
import { newSecret, sealSecrets } from "../../webhooks/signing-secrets.ts";
import { agentEndpointId } from "../../webhooks/store.ts";
import type { WebhookEndpoint } from "../../webhooks/webhook-endpoint.ts";
import { type DialectApp, type DialectDeps, parseQuery } from "../kit/open-dialect.ts";
import { DIALECT } from "./agent-view.ts";
import { pageQuery } from "./pages.ts";
import { pathPart, readBody, workspaceOf } from "./requests.ts";
import { fromWebhook, toDelivery, toPercent, toStats, toWebhook, webhookShape } from "./webhook-view.ts";

const HOUR_MS = 3_600_000;
/** More than one workspace may have. */
const ALL = 1000;

const hours = z.coerce
  .number()
  .int()
  .min(1)
  .max(24 * 365);
const deliveriesQuery = z.object({
  ...pageQuery({ limit: 50, max: 200 }),
  hours: z.union([z.literal("").transform(() => undefined), hours]).optional(),
});
const statsQuery = z.object({ hours: hours.default(24) });
const testQuery = z.object({ agentId: storableText({ max: 64 }).optional() });
const agentDeliveriesQuery = z.object({ limit: pageQuery({ limit: 50, max: 200 }).limit });

export function addWebhookRoutes(app: DialectApp, deps: DialectDeps): void {
  const { vault, clock, webhooks } = deps;
  const { endpoints, deliveries } = webhooks;
  const endpointDeps = { endpoints, vault, clock, guard: webhooks.guard };

  const ours = (workspaceId: string) => endpoints.list(workspaceId, { limit: ALL, dialect: DIALECT });
  const ofAccount = async (workspaceId: string) =>
    (await ours(workspaceId)).find(({ agentId }) => agentId === undefined);
  const ofAgent = async (workspaceId: string, agentId: string) => {
    const { id } = (await readAgent(deps.agents, workspaceId, agentId)).agent;
    const endpoint = await endpoints.find(workspaceId, agentEndpointId(id));
    return endpoint?.dialect === DIALECT ? endpoint : undefined;
  };
  const since = (past: number | undefined) => (past === undefined ? undefined : clock.now().getTime() - past * HOUR_MS);
  const idsOf = async (workspaceId: string) => (await ours(workspaceId)).map(({ id }) => id);

  app.get("/v1/webhooks", async (c) => {
    const endpoint = await ofAccount(workspaceOf(c));
    return c.json(endpoint === undefined ? null : toWebhook(vault, endpoint));
  });

  app.post("/v1/webhooks", async (c) => {
    const workspaceId = workspaceOf(c);
    const { url, ...settings } = fromWebhook((await readBody(c, webhookShape)).given);
    const before = await ofAccount(workspaceId);
    if (before === undefined) {
      const { endpoint } = await createEndpoint(endpointDeps, workspaceId, { url, settings, dialect: DIALECT });
      return c.json(toWebhook(vault, endpoint));
    }
    checkUrl(webhooks.guard, url);
    const sealedSecret = sealSecrets(vault, before.id, { current: newSecret() });
    const updatedAt = clock.now().toISOString();
    const updated = await endpoints.update(workspaceId, before.id, ({ openUntil: _, ...endpoint }) => ({
      ...endpoint,
      ...{ url, settings, sealedSecret, isEnabled: true, failures: 0, updatedAt },
    }));
    return c.json(toWebhook(vault, requireWebhook(updated)));
  });

  app.delete("/v1/webhooks", async (c) => {
    const { id } = requireWebhook(await ofAccount(workspaceOf(c)));
    await deleteEndpoint(endpointDeps, workspaceOf(c), id);
    return c.json({ success: true });
  });

  app.get("/v1/webhooks/deliveries", async (c) => {
    const { limit, offset, hours: past } = parseQuery(c, deliveriesQuery);
    const workspaceId = workspaceOf(c);
    const filter = { endpointIds: await idsOf(workspaceId), sinceMs: since(past) };
    const [items, total] = await Promise.all([
      deliveries.listAnswered(workspaceId, { ...filter, limit, offset }),
      deliveries.count(workspaceId, filter),
    ]);
    return c.json({ items: items.map(toDelivery), total, offset, limit });
  });

  app.get("/v1/webhooks/deliveries/stats", async (c) => {
    const { hours: past } = parseQuery(c, statsQuery);
    const filter = { endpointIds: await idsOf(workspaceOf(c)), sinceMs: since(past) ?? 0 };
    return c.json(toStats(await deliveries.stats(workspaceOf(c), filter)));
  });

  app.get("/v1/webhooks/deliveries/all-time", async (c) => {
    const filter = { endpointIds: await idsOf(workspaceOf(c)), sinceMs: 0 };
    const { total, success, failed, successRate } = await deliveries.stats(workspaceOf(c), filter);
    return c.json({ total, success, failed, successRate: toPercent(successRate) });
  });

  const test = async (workspaceId: string, endpoint: WebhookEndpoint | undefined) => {
    const { id } = requireWebhook(endpoint);
    const { success, statusCode = null, error = null, durationMs } = await sendTest(webhooks, workspaceId, id);
    return { success, httpStatus: statusCode, errorMessage: error, statusCode, responseMs: durationMs, error };
  };

  app.post("/v1/webhooks/test", async (c) => {
    const { agentId = "" } = parseQuery(c, testQuery);
    const workspaceId = workspaceOf(c);
    const endpoint = agentId === "" ? undefined : await ofAgent(workspaceId, agentId);
    return c.json(await test(workspaceId, endpoint ?? (await ofAccount(workspaceId))));
  });

  const PATH = "/v1/agents/:agentId/webhook";

  app.get(PATH, async (c) => {
    const endpoint = await ofAgent(workspaceOf(c), pathPart(c, "agentId"));
    return c.json(endpoint === undefined ? null : toWebhook(vault, endpoint));
  });

  app.post(PATH, async (c) => {
    const { given } = await readBody(c, webhookShape);
    const webhook = { ...fromWebhook(given), secret: newSecret(), events: ["*"], dialect: "agentphone" as const };
    checkUrl(webhooks.guard, webhook.url);
    const named = { workspaceId: workspaceOf(c), id: pathPart(c, "agentId") };
    await setWebhook(deps, named, webhook);
    return c.json(toWebhook(vault, await readEndpoint(endpoints, named.workspaceId, agentEndpointId(named.id))));
  });

  app.delete(PATH, async (c) => {
    const named = { workspaceId: workspaceOf(c), id: pathPart(c, "agentId") };
    requireWebhook(await ofAgent(named.workspaceId, named.id));
    await setWebhook(deps, named, undefined);
    return c.json({ success: true });
  });

  app.get(`${PATH}/deliveries`, async (c) => {
    const { limit } = parseQuery(c, agentDeliveriesQuery);
    const endpoint = await ofAgent(workspaceOf(c), pathPart(c, "agentId"));
    const filter: DeliveryFilter = { limit, endpointIds: endpoint === undefined ? [] : [endpoint.id] };
    return c.json((await deliveries.listAnswered(workspaceOf(c), filter)).map(toDelivery));
  });

  app.post(`${PATH}/test`, async (c) => {
    const endpoint = await ofAgent(workspaceOf(c), pathPart(c, "agentId"));
    return c.json(await test(workspaceOf(c), endpoint));
  });
}

/** The agent's own webhook is one of its settings; its endpoint follows. */
async function setWebhook(
  deps: DialectDeps,
  named: { readonly workspaceId: string; readonly id: string },
  webhook: ReturnType<typeof toSettings>["webhook"],
): Promise<void> {
  const { agent } = await replaceAgent(deps, {
    ...named,
    change: ({ agent: before, sent }) => {
      const { webhook: _, ...settings } = toSettings(before);
      return { settings: webhook === undefined ? settings : { ...settings, webhook }, sent };
    },
  });
  if (agent.version > 0) await deployAgent(deps, named);
}

function requireWebhook(endpoint: WebhookEndpoint | undefined): WebhookEndpoint {
  if (endpoint === undefined) throw new AppError("not_found", "there is no webhook: set one by POST");
  return endpoint;
}
