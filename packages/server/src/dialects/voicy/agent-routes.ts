import type { Context } from "hono";
import { createAgent } from "../../agents/create-agent.ts";
import { deployAgent } from "../../agents/deploy-agent.ts";
import { readAgent } from "../../agents/read-agent.ts";
import type { StoredAgent } from "../../agents/stored-agent.ts";
import { replaceAgent } from "../../agents/update-agent.ts";
import type { AppEnv } from "../../http/app-env.ts";
import { type DialectApp, type DialectDeps, parseBody } from "../kit/open-dialect.ts";
import type { FindAccount } from "./accounts.ts";
import {
  patchAgent,
  patchBriefAgent,
  showAgent,
  showBriefAgent,
  showLightAgent,
  showLightBriefAgent,
  toNewAgent,
} from "./agent-codec.ts";
import { agentPatchShape } from "./agent-fields.ts";
import { briefAgentPatchShape, newBriefAgentShape } from "./brief-agent-fields.ts";
import { voicyError } from "./errors.ts";
import { fromVoicyId } from "./voicy-id.ts";

const BATCH = 200;

/** Where the current generation is: its own base, and the spelling of the changelog. */
export const CURRENT_BASES: readonly string[] = ["/functions/v1", "/v1"];

export function addAgentRoutes(app: DialectApp, deps: DialectDeps, findAccount: FindAccount): void {
  const wanted = (c: Context<AppEnv>) => ({
    workspaceId: c.get("principal").workspaceId,
    id: fromVoicyId("agt", c.req.param("id") ?? ""),
  });
  const read = (c: Context<AppEnv>) => {
    const { workspaceId, id } = wanted(c);
    return readAgent(deps.agents, workspaceId, id);
  };
  const context = async (c: Context<AppEnv>) => ({
    account: await findAccount(c.get("principal").workspaceId),
    voiceId: defaultVoice(deps),
  });
  const replace = (c: Context<AppEnv>, change: (stored: StoredAgent) => ReturnType<typeof patchAgent>) =>
    replaceAgent(deps, { ...wanted(c), change });

  app.get("/v1/list-agents", async (c) => {
    const shown = await context(c);
    return c.json(await listAll(deps, c.get("principal").workspaceId, (stored) => showLightAgent(stored, shown)));
  });
  app.get("/v1/get-agent/:id", async (c) => c.json(showAgent(await read(c), await context(c))));
  app.patch("/v1/update-agent/:id", async (c) => {
    const patch = await parseBody(c, agentPatchShape);
    const changed = await replace(c, (stored) => patchAgent(stored, patch));
    // There is no deploying here: what phone calls use already follows the change.
    const shown = changed.agent.version === 0 ? changed : await deployAgent(deps, wanted(c));
    return c.json(showAgent(shown, await context(c)));
  });

  for (const base of CURRENT_BASES) {
    app.get(`${base}/agent-list`, async (c) => {
      const shown = { voiceId: defaultVoice(deps) };
      const { workspaceId } = c.get("principal");
      return c.json(await listAll(deps, workspaceId, (stored) => showLightBriefAgent(stored, shown)));
    });
    app.get(`${base}/agent-get/:id`, async (c) =>
      c.json(showBriefAgent(await read(c), { voiceId: defaultVoice(deps) })),
    );
    app.post(`${base}/agent-create`, async (c) => {
      const { workspaceId } = c.get("principal");
      const sent = await parseBody(c, newBriefAgentShape);
      const created = await createAgent(deps, { workspaceId, ...toNewAgent(sent) });
      const deployed = await deployAgent(deps, { workspaceId, id: created.agent.id });
      return c.json(showBriefAgent(deployed, { voiceId: defaultVoice(deps) }), 201);
    });
    app.patch(`${base}/agent-modify/:id`, async (c) => {
      const patch = await parseBody(c, briefAgentPatchShape);
      await replace(c, (stored) => {
        if (stored.agent.flow !== undefined)
          throw voicyError("conflict", "Flow agents cannot be modified via the API. Edit them in the dashboard.");
        return patchBriefAgent(stored, patch);
      });
      const deployed = await deployAgent(deps, wanted(c));
      return c.json(showBriefAgent(deployed, { voiceId: defaultVoice(deps) }));
    });
  }
}

/** Agents without a voice of their own speak with the node's. */
function defaultVoice({ listVoices }: Pick<DialectDeps, "listVoices">): string {
  const voices = listVoices();
  return (voices.find(({ isDefault }) => isDefault) ?? voices[0])?.id ?? "";
}

/** Lists have no pages here: only what is shown of each agent is held, not the agents. */
async function listAll<Shown>(
  { agents }: Pick<DialectDeps, "agents">,
  workspaceId: string,
  show: (stored: StoredAgent) => Shown,
): Promise<Shown[]> {
  const shown: Shown[] = [];
  let beforeId: string | undefined;
  while (true) {
    const batch = await agents.list(workspaceId, { limit: BATCH, beforeId });
    shown.push(...batch.map(show));
    beforeId = batch.at(-1)?.agent.id;
    if (batch.length < BATCH) return shown;
  }
}
