/** /organizations and /account: the workspace of the key, and those that it made. */
import { z } from "zod";
import { createApiKey } from "../../api-keys/create-api-key.ts";
import { storableText } from "../../storable-text.ts";
import { createWorkspace } from "../../workspaces/create-workspace.ts";
import { readWorkspace } from "../../workspaces/read-workspace.ts";
import { updateWorkspace } from "../../workspaces/update-workspace.ts";
import { workspacePatchShape } from "../../workspaces/workspace.ts";
import type { DialectApp, DialectDeps } from "../kit/open-dialect.ts";
import { fromVendorId, PREFIXES, toVendorId, toVendorIdOrNull } from "./ids.ts";
import { parseBody, parseQuery } from "./parse.ts";
import { toMinutes } from "./usage.ts";

const name = storableText({ min: 1, max: 200 });
const days = workspacePatchShape.shape.retentionDays;

const newShape = z.looseObject({
  name,
  parent_org_id: storableText({ min: 1, max: 100 }).nullish(),
  email: z.email("must be an e-mail address").max(254).nullish(),
});
const patchShape = z.looseObject({
  name: name.optional(),
  retention_days: days,
  data_retention_days: days,
});
const queryShape = z.object({ include_children: z.stringbool().default(false) });

const MAX_CHILDREN = 1000;
const KEY_KIND = "fl_live";
const MONTH_MS = 30 * 86_400_000;

export function addOrganizations(app: DialectApp, deps: DialectDeps): void {
  app.get("/api/v1/organizations", async (c) => {
    const { workspaceId } = c.get("principal");
    const { include_children: withChildren } = parseQuery(c, queryShape);
    const children = withChildren ? await deps.workspaces.list(workspaceId, { limit: MAX_CHILDREN }) : [];
    return c.json({
      ...(await show(deps, workspaceId)),
      ...(withChildren
        ? {
            children: children.map((child) => ({
              id: toVendorId(child.id),
              name: child.name,
              created_at: child.createdAt,
            })),
          }
        : {}),
    });
  });

  app.post("/api/v1/organizations", async (c) => {
    const { workspaceId } = c.get("principal");
    const { name: title, parent_org_id: parent, email } = await parseBody(c, newShape);
    const parentId = parent === undefined || parent === null ? workspaceId : ownId(workspaceId, parent);
    await readWorkspace(deps.workspaces, workspaceId, parentId);
    const metadata: Record<string, string> = email === undefined || email === null ? {} : { email };
    const child = await createWorkspace(deps, parentId, { name: title, metadata });
    const { key } = await createApiKey(deps.apiKeys, deps.clock, {
      workspaceId: child.id,
      name: title.slice(0, 120),
      scopes: ["*"],
      kind: KEY_KIND,
    });
    return c.json(
      {
        id: toVendorId(child.id),
        name: child.name,
        parent_org_id: toVendorIdOrNull(child.parentId),
        api_key: key,
        created_at: child.createdAt,
      },
      201,
    );
  });

  app.patch("/api/v1/organizations", async (c) => {
    const { workspaceId } = c.get("principal");
    const { name: title, retention_days: given, data_retention_days: older } = await parseBody(c, patchShape);
    const retentionDays = given === undefined ? older : given;
    const patch = {
      ...(title === undefined ? {} : { name: title }),
      ...(retentionDays === undefined ? {} : { retentionDays }),
    };
    await updateWorkspace(deps, workspaceId, { id: workspaceId, patch });
    return c.json(await show(deps, workspaceId));
  });

  app.get("/api/v1/account", async (c) => {
    const organization = await show(deps, c.get("principal").workspaceId);
    return c.json({ ...organization, company_name: organization.name });
  });
}

async function show(deps: DialectDeps, workspaceId: string) {
  const since = deps.clock.at(deps.clock.now().getTime() - MONTH_MS);
  const [workspace, numbers, agents, calls, { callMs }] = await Promise.all([
    readWorkspace(deps.workspaces, workspaceId, workspaceId),
    deps.phoneNumbers.count(workspaceId, { status: "active" }),
    deps.agents.count(workspaceId),
    deps.calls.count(workspaceId, { status: "active" }),
    deps.usage.sumCalls(workspaceId, { from: since, hasEnded: true }),
  ]);
  return {
    id: toVendorId(workspace.id),
    name: workspace.name,
    email: workspace.metadata["email"] ?? null,
    minutes_balance: null,
    credits_balance: null,
    monthly_usage_minutes: toMinutes(callMs),
    active_numbers: numbers,
    active_agents: agents,
    active_assistants: agents,
    active_calls: calls,
    has_local_models_access: true,
    retention_days: workspace.retentionDays ?? null,
    parent_org_id: toVendorIdOrNull(workspace.parentId),
    created_at: workspace.createdAt,
  };
}

/** The default workspace's id is no TypeID. */
function ownId(workspaceId: string, given: string): string {
  return given === toVendorId(workspaceId) ? workspaceId : fromVendorId(PREFIXES.workspace, given);
}
