import { createAgent } from "../../../agents/create-agent.ts";
import { deleteAgent } from "../../../agents/delete-agent.ts";
import { deployAgent } from "../../../agents/deploy-agent.ts";
import { listAgents } from "../../../agents/list-agents.ts";
import { readAgent } from "../../../agents/read-agent.ts";
import type { StoredAgent } from "../../../agents/stored-agent.ts";
import { replaceAgent } from "../../../agents/update-agent.ts";
import { type DialectApp, type DialectDeps, parseBody, parseQuery } from "../../kit/open-dialect.ts";
import { listQuery, toList } from "../list-envelope.ts";
import { fromVendorId } from "../vendor-ids.ts";
import { agentFields } from "./agent-fields.ts";
import { newWordcabAgentShape, wordcabAgentPatchShape } from "./agent-shape.ts";
import { routeNumbers } from "./route-numbers.ts";
import { fromNewAgent, patchAgent, showAgent } from "./wordcab-agent.ts";

export function addAgentRoutes(app: DialectApp, prefix: string, deps: DialectDeps): void {
  const { agents } = deps;
  const fields = agentFields(deps.listVoices().find(({ isDefault }) => isDefault)?.id ?? "default");
  const show = (stored: StoredAgent) => showAgent(fields, stored);

  app.post(`${prefix}/agents`, async (c) => {
    const { workspaceId } = c.get("principal");
    const body = await parseBody(c, newWordcabAgentShape);
    const written = fromNewAgent(fields, body);
    const attach = await routeNumbers(deps, workspaceId, body.phone_numbers ?? []);
    const stored = await createAgent(deps, { workspaceId, ...written });
    const numbers = await attach(stored);
    return c.json(show({ ...stored, numbers }), 201);
  });

  app.get(`${prefix}/agents`, async (c) => {
    const page = await listAgents(agents, c.get("principal").workspaceId, parseQuery(c, listQuery));
    return c.json(toList(page, show));
  });

  app.get(`${prefix}/agents/:id`, async (c) => {
    const id = fromVendorId("agent", c.req.param("id"));
    return c.json(show(await readAgent(agents, c.get("principal").workspaceId, id)));
  });

  app.patch(`${prefix}/agents/:id`, async (c) => {
    const { workspaceId } = c.get("principal");
    const id = fromVendorId("agent", c.req.param("id"));
    const patch = await parseBody(c, wordcabAgentPatchShape);
    const attach =
      patch.phone_numbers === undefined ? undefined : await routeNumbers(deps, workspaceId, patch.phone_numbers ?? []);
    let stored = await replaceAgent(deps, { workspaceId, id, change: (now) => patchAgent(fields, now, patch) });
    // Wordcab knows no deployment: what is written takes effect.
    if (stored.agent.version > 0) stored = await deployAgent(deps, { workspaceId, id });
    const numbers = (await attach?.(stored)) ?? stored.numbers;
    return c.json(show({ ...stored, numbers }));
  });

  app.delete(`${prefix}/agents/:id`, async (c) => {
    const { workspaceId } = c.get("principal");
    await deleteAgent(deps, { workspaceId, id: fromVendorId("agent", c.req.param("id")) });
    return c.body(null, 204);
  });
}
