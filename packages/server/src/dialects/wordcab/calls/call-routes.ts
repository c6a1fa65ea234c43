import type { Context } from "hono";
import { readAgent } from "../../../agents/read-agent.ts";
import type { Call } from "../../../calls/call.ts";
import { endCall } from "../../../calls/end-call.ts";
import { listCalls } from "../../../calls/list-calls.ts";
import { requireCall } from "../../../calls/read-call.ts";
import type { AppEnv } from "../../../http/app-env.ts";
import { originOf } from "../../../http/origin.ts";
import { findRecordingUrl } from "../../../http/recording-url.ts";
import { type DialectApp, type DialectDeps, parseBody, parseQuery } from "../../kit/open-dialect.ts";
import { toList } from "../list-envelope.ts";
import { fromVendorId } from "../vendor-ids.ts";
import { callListQuery, type NewWordcabCall, newAgentCallShape, newCallShape } from "./call-shape.ts";
import { fromWordcabStatus } from "./call-status.ts";
import { showCall } from "./show-call.ts";
import { startCall } from "./start-call.ts";

export function addCallRoutes(app: DialectApp, prefix: string, deps: DialectDeps): void {
  const { agents, calls, clock } = deps;
  const show = async (c: Context<AppEnv>, call: Call) =>
    showCall(call, await findRecordingUrl(originOf(c), deps.recordings, call));
  const start = async (c: Context<AppEnv>, agentId: string, body: NewWordcabCall) => {
    const id = fromVendorId("agent", agentId);
    const call = await startCall(deps, c.get("principal").workspaceId, { agentId: id, body });
    return c.json(await show(c, call), 201);
  };
  const list = async (c: Context<AppEnv>, agentId: string | undefined) => {
    const { workspaceId } = c.get("principal");
    const { status, created_after: after, created_before: before, limit, cursor } = parseQuery(c, callListQuery);
    const page = await listCalls(calls, workspaceId, {
      limit,
      cursor,
      agentId,
      ...(status === undefined ? {} : fromWordcabStatus(status)),
      createdFrom: after === undefined ? undefined : clock.at(after),
      createdBefore: before === undefined ? undefined : clock.at(before),
    });
    const shown = await Promise.all(page.data.map((call) => show(c, call)));
    return c.json(toList({ ...page, data: shown }, (call) => call));
  };

  app.post(`${prefix}/agents/:id/calls`, async (c) =>
    start(c, c.req.param("id"), await parseBody(c, newAgentCallShape)),
  );

  app.get(`${prefix}/agents/:id/calls`, async (c) => {
    const id = fromVendorId("agent", c.req.param("id"));
    const { agent } = await readAgent(agents, c.get("principal").workspaceId, id);
    return list(c, agent.id);
  });

  app.post(`${prefix}/calls`, async (c) => {
    const body = await parseBody(c, newCallShape);
    return start(c, body.agent_id, body);
  });

  app.get(`${prefix}/calls`, (c) => {
    const agentId = c.req.query("agent_id");
    return list(c, agentId === undefined ? undefined : fromVendorId("agent", agentId));
  });

  app.get(`${prefix}/calls/:id`, async (c) =>
    c.json(await show(c, await requireCall(calls, c.get("principal").workspaceId, c.req.param("id")))),
  );

  app.post(`${prefix}/calls/:id/end`, async (c) => {
    const { workspaceId } = c.get("principal");
    return c.json(await show(c, await endCall(deps, { workspaceId, id: c.req.param("id") })));
  });
}
