/** Calls from a browser: a token, and where to bring it. */
import { createCall } from "../../calls/create-call.ts";
import { audioUrlOf } from "../../http/origin.ts";
import type { DialectApp, DialectDeps } from "../kit/open-dialect.ts";
import { DIALECT } from "./agent-codec.ts";
import { assistantChoiceShape, chooseAssistant } from "./call-assistant.ts";
import { toCallId } from "./call-id.ts";
import { parseBody } from "./parse.ts";

/** At HMS's other host's path, and beside the rest. */
const PATHS = ["/v1/web-calls", "/api/v1/web-calls"];

export function addWebCalls(app: DialectApp, deps: DialectDeps): void {
  for (const path of PATHS)
    app.post(path, async (c) => {
      const { workspaceId } = c.get("principal");
      const choice = await parseBody(c, assistantChoiceShape);
      const { sent, agentId, agent, overrides } = await chooseAssistant(deps.agents, workspaceId, choice, {
        use: "working",
      });
      const { call, token } = await createCall(deps, {
        workspaceId,
        agentId,
        agent,
        overrides,
        pace: "real",
        variables: {},
        metadata: {},
        sent: { [DIALECT]: sent },
      });
      return c.json({ token, server_url: audioUrlOf(c, call.id, token), call_id: toCallId(call) });
    });
}
