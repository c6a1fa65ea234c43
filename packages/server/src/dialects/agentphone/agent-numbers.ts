import { z } from "zod";
import { readAgent } from "../../agents/read-agent.ts";
import { attachPhoneNumber, detachPhoneNumber } from "../../phone-numbers/attach-phone-number.ts";
import { storableText } from "../../storable-text.ts";
import type { DialectApp, DialectDeps } from "../kit/open-dialect.ts";
import { toAttachedNumber } from "./agent-view.ts";
import { readNumber } from "./numbers.ts";
import { pathPart, readBody, workspaceOf } from "./requests.ts";

const attachShape = z.looseObject({ numberId: storableText({ min: 1, max: 64 }) });

export function addAgentNumberRoutes(app: DialectApp, deps: DialectDeps): void {
  app.post("/v1/agents/:agentId/numbers", async (c) => {
    const agentId = pathPart(c, "agentId");
    const workspaceId = workspaceOf(c);
    const { numberId } = (await readBody(c, attachShape)).given;
    await readAgent(deps.agents, workspaceId, agentId);
    await readNumber(deps, workspaceId, numberId);
    const number = await attachPhoneNumber(deps, workspaceId, { id: numberId, agentId });
    return c.json({ agentId, number: toAttachedNumber(number) });
  });

  app.delete("/v1/agents/:agentId/numbers/:numberId", async (c) => {
    const attachment = { id: pathPart(c, "numberId"), agentId: pathPart(c, "agentId") };
    await readNumber(deps, workspaceOf(c), attachment.id);
    await detachPhoneNumber(deps, workspaceOf(c), attachment);
    return c.json({ success: true });
  });
}
