/** /agents and /assistants: the same thing under its older and its newer name. */
import type { Context } from "hono";
import { createAgent } from "../../agents/create-agent.ts";
import { deleteAgent } from "../../agents/delete-agent.ts";
import { deployAgent } from "../../agents/deploy-agent.ts";
import { readAgent } from "../../agents/read-agent.ts";
import type { StoredAgent } from "../../agents/stored-agent.ts";
import { replaceAgent } from "../../agents/update-agent.ts";
import type { AppEnv } from "../../http/app-env.ts";
import type { DialectApp, DialectDeps } from "../kit/open-dialect.ts";
import { DIALECT, patchAgent, showAgent, toNewAgent } from "./agent-codec.ts";
import { fromVendorId, PREFIXES } from "./ids.ts";
import { readObject } from "./parse.ts";

/** Lists of agents have no pages there. */
const MAX_LISTED = 1000;

const NAMES = [
  { path: "/api/v1/agents", one: "agent", many: "agents" },
  { path: "/api/v1/assistants", one: "assistant", many: "assistants" },
] as const;

export function addAgents(app: DialectApp, deps: DialectDeps): void {
  for (const { path, one, many } of NAMES) {
    app.get(path, async (c) => {
      const stored = await deps.agents.list(c.get("principal").workspaceId, { limit: MAX_LISTED });
      return c.json({ [many]: stored.map(showAgent) });
    });

    app.post(path, async (c) => {
      const { settings, sent } = toNewAgent(await readObject(c));
      const { workspaceId } = c.get("principal");
      const stored = await createAgent(deps, { workspaceId, settings, sent: { [DIALECT]: sent } });
      return c.json({ [one]: showAgent(stored) }, 201);
    });

    app.get(`${path}/:id`, async (c) => {
      const stored = await readAgent(deps.agents, c.get("principal").workspaceId, agentId(c));
      return c.json({ [one]: showAgent(stored) });
    });

    app.patch(`${path}/:id`, async (c) => c.json({ [one]: showAgent(await patch(c, deps)) }));

    app.delete(`${path}/:id`, async (c) => {
      await deleteAgent(deps, { workspaceId: c.get("principal").workspaceId, id: agentId(c) });
      return c.json({ success: true });
    });
  }
}

async function patch(c: Context<AppEnv>, deps: DialectDeps): Promise<StoredAgent> {
  const body = await readObject(c);
  const { workspaceId } = c.get("principal");
  const id = agentId(c);
  const stored = await replaceAgent(deps, {
    workspaceId,
    id,
    change: (current) => {
      const { settings, sent } = patchAgent(current, body);
      return { settings, sent: { ...current.sent, [DIALECT]: sent } };
    },
  });
  return stored.agent.version === 0 ? stored : deployAgent(deps, { workspaceId, id });
}

function agentId(c: Context<AppEnv>): string {
  return fromVendorId(PREFIXES.agent, c.req.param("id") ?? "");
}
