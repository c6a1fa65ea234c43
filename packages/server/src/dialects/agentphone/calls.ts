import type { Context } from "hono";
import { z } from "zod";
import { readAgent } from "../../agents/read-agent.ts";
import type { Call } from "../../calls/call.ts";
import { createCall } from "../../calls/create-call.ts";
import { endCall } from "../../calls/end-call.ts";
import { type ReadCall, readCall } from "../../calls/read-call.ts";
import type { CallFilter } from "../../calls/store.ts";
import type { AppEnv } from "../../http/app-env.ts";
import { audioUrlOf } from "../../http/origin.ts";
import { metadataShape, storableText } from "../../storable-text.ts";
import { type DialectApp, type DialectDeps, parseQuery } from "../kit/open-dialect.ts";
import { DIALECT } from "./agent-view.ts";
import { baseUrl, SHOWN_STATUSES, toCallDetail, toCallSummary, toTranscripts, whereStatus } from "./call-view.ts";
import { readNumber } from "./numbers.ts";
import { type OffsetRequest, pageQuery, toOffsetPage } from "./pages.ts";
import { pathPart, readBody, workspaceOf } from "./requests.ts";
import { checkVariables, toVariables, variablesShape } from "./variables.ts";
import { waitForEnd } from "./wait-for-end.ts";

const DEFAULT_WAIT_S = 60;
const MAX_WAIT_S = 600;

/** An empty value in a query stands for none. */
const optional = <Shape extends z.ZodType>(shape: Shape) =>
  z.preprocess((value) => (value === "" ? undefined : value), shape.optional());
const id = storableText({ max: 64 });

const listQuery = z.object({
  ...pageQuery(),
  status: optional(z.enum(SHOWN_STATUSES)),
  direction: optional(z.enum(["inbound", "outbound", "web"])),
  type: optional(z.enum(["pstn", "web"])),
  search: optional(storableText({ max: 100 })),
  agent_id: optional(id),
  number_id: optional(id),
});

const waitQuery = z.object({
  wait: optional(z.enum(["true", "false", "1", "0"])),
  timeout: optional(z.coerce.number().min(0)),
});

const webCallShape = z.looseObject({
  agentId: storableText({ min: 1, max: 64 }),
  metadata: z.record(z.string(), z.unknown()).nullish(),
  variables: variablesShape.nullish(),
});

export function addCallRoutes(app: DialectApp, deps: DialectDeps): void {
  const { calls, clock } = deps;

  const page = async (workspaceId: string, filter: CallFilter, request: OffsetRequest) => {
    const [found, total] = await Promise.all([
      calls.list(workspaceId, { ...filter, ...request }),
      calls.count(workspaceId, filter),
    ]);
    const words = await calls.findLastWords(found.map((call) => call.id));
    return toOffsetPage(
      found.map((call) => toCallSummary(call, words.get(call.id))),
      total,
      request,
    );
  };
  const detail = async (c: Context<AppEnv>, call: ReadCall) =>
    toCallDetail(call, { recordingUrl: await findRecordingUrl(c, deps, call), clock });

  app.get("/v1/calls", async (c) => {
    const { limit, offset, ...query } = parseQuery(c, listQuery);
    return c.json(await page(workspaceOf(c), toFilter(query), { limit, offset }));
  });

  app.get("/v1/agents/:agentId/calls", async (c) => {
    const { id: agentId } = (await readAgent(deps.agents, workspaceOf(c), pathPart(c, "agentId"))).agent;
    return c.json(await page(workspaceOf(c), { agentId }, parseQuery(c, z.object(pageQuery()))));
  });

  app.get("/v1/numbers/:numberId/calls", async (c) => {
    const { id: phoneNumberId } = await readNumber(deps, workspaceOf(c), pathPart(c, "numberId"));
    return c.json(await page(workspaceOf(c), { phoneNumberId }, parseQuery(c, z.object(pageQuery()))));
  });

  app.post("/v1/calls/web", async (c) => {
    const { given, sent } = await readBody(c, webCallShape);
    const workspaceId = workspaceOf(c);
    const { agentId } = given;
    const variables = toVariables(given.variables);
    const { agent } = await readAgent(deps.agents, workspaceId, agentId);
    checkVariables(variables, agent.mode !== "webhook");
    const labels = metadataShape.safeParse(given.metadata ?? {});
    const { call, token } = await createCall(deps, {
      workspaceId,
      agentId,
      pace: "real",
      variables,
      metadata: labels.success ? labels.data : {},
      sent: { [DIALECT]: sent },
    });
    return c.json({ accessToken: token, callId: call.id, audioUrl: audioUrlOf(c, call.id, token) });
  });

  app.get("/v1/calls/:callId", async (c) => {
    const { wait, timeout = DEFAULT_WAIT_S } = parseQuery(c, waitQuery);
    const named = { workspaceId: workspaceOf(c), id: pathPart(c, "callId") };
    if (wait === "true" || wait === "1")
      await waitForEnd(deps, named, { timeoutMs: Math.min(timeout, MAX_WAIT_S) * 1000, signal: c.req.raw.signal });
    return c.json(await detail(c, await readCall(calls, named.workspaceId, named.id)));
  });

  app.post("/v1/calls/:callId/end", async (c) =>
    c.json(await detail(c, await endCall(deps, { workspaceId: workspaceOf(c), id: pathPart(c, "callId") }))),
  );

  app.get("/v1/calls/:callId/transcript", async (c) =>
    c.json({ data: toTranscripts(await readCall(calls, workspaceOf(c), pathPart(c, "callId")), clock) }),
  );
}

function toFilter(query: Omit<z.output<typeof listQuery>, keyof OffsetRequest>): CallFilter {
  const { status, direction, type, search, agent_id, number_id } = query;
  const directions = (["inbound", "outbound", "web"] as const).filter(
    (each) =>
      (direction === undefined || each === direction) && (type === undefined || (each === "web") === (type === "web")),
  );
  return {
    ...(status === undefined ? {} : whereStatus(status)),
    directions,
    number: search,
    agentId: agent_id,
    phoneNumberId: number_id,
  };
}

async function findRecordingUrl(
  c: Context<AppEnv>,
  { recordings }: Pick<DialectDeps, "recordings">,
  call: Call,
): Promise<string | undefined> {
  if (!(await recordings.has(call))) return undefined;
  return `${baseUrl(c)}/v1/calls/${call.id}/recording`;
}
