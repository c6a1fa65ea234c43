import { z } from "zod";
import { createAgent } from "../../agents/create-agent.ts";
import { deleteAgent } from "../../agents/delete-agent.ts";
import { deployAgent } from "../../agents/deploy-agent.ts";
import { readAgent } from "../../agents/read-agent.ts";
import { replaceAgent } from "../../agents/update-agent.ts";
import type { ListedVoice } from "../../voices/voice.ts";
import { type DialectApp, type DialectDeps, parseQuery } from "../kit/open-dialect.ts";
import { agentPatchShape, newAgentShape } from "./agent-shape.ts";
import type { AgentCodec } from "./agent-view.ts";
import { pageQuery } from "./pages.ts";
import { pathPart, readBody, workspaceOf } from "./requests.ts";

const listQuery = z.object(pageQuery());

export function addAgentRoutes(app: DialectApp, deps: DialectDeps, codec: AgentCodec): void {
  const { agents } = deps;

  app.get("/v1/agents/voices", (c) => c.json({ data: deps.listVoices().map(toVoice) }));

  app.get("/v1/agents", async (c) => {
    const workspaceId = workspaceOf(c);
    const [found, total] = await Promise.all([
      agents.list(workspaceId, parseQuery(c, listQuery)),
      agents.count(workspaceId),
    ]);
    return c.json({ data: found.map((agent) => codec.toView(agent)), total });
  });

  app.post("/v1/agents", async (c) => {
    const { given, sent } = await readBody(c, newAgentShape);
    const created = await createAgent(deps, { workspaceId: workspaceOf(c), ...codec.toNew(given, sent) });
    return c.json(codec.toView(created));
  });

  app.get("/v1/agents/:agentId", async (c) =>
    c.json(codec.toView(await readAgent(agents, workspaceOf(c), pathPart(c, "agentId")))),
  );

  app.patch("/v1/agents/:agentId", async (c) => {
    const named = { workspaceId: workspaceOf(c), id: pathPart(c, "agentId") };
    const { given } = await readBody(c, agentPatchShape);
    const updated = await replaceAgent(deps, { ...named, change: (agent) => codec.toChanged(agent, given) });
    return c.json(codec.toView(updated.agent.version > 0 ? await deployAgent(deps, named) : updated));
  });

  app.delete("/v1/agents/:agentId", async (c) => {
    const named = { workspaceId: workspaceOf(c), id: pathPart(c, "agentId") };
    const { agent } = await readAgent(agents, named.workspaceId, named.id);
    await deleteAgent(deps, named);
    return c.json({ success: true, id: agent.id, name: agent.name });
  });
}

function toVoice({ id, name, language, gender }: ListedVoice) {
  return {
    voice_id: id,
    voice_name: name,
    provider: id.split(":", 1)[0],
    gender: gender ?? null,
    accent: language,
    preview_audio_url: null,
  };
}
