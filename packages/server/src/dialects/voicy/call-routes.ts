import type { Context } from "hono";
import { z } from "zod";
import { allows } from "../../api-keys/scope.ts";
import { AppError } from "../../app-error.ts";
import type { Call } from "../../calls/call.ts";
import { deleteCall } from "../../calls/delete-call.ts";
import { requireCall } from "../../calls/read-call.ts";
import { readEntries } from "../../calls/read-entries.ts";
import { toTranscript } from "../../calls/to-transcript.ts";
import type { AppEnv } from "../../http/app-env.ts";
import { originOf } from "../../http/origin.ts";
import { type DialectApp, type DialectDeps, parseBody } from "../kit/open-dialect.ts";
import type { FindAccount } from "./accounts.ts";
import { CURRENT_BASES } from "./agent-routes.ts";
import { callListShape, toCallFilter, toCallPage } from "./call-list-request.ts";
import { callPatchShape, toMetadata } from "./call-metadata.ts";
import { dial, dialShape } from "./dial.ts";
import { voicyError } from "./errors.ts";
import { extractCall } from "./extract-call.ts";
import { linkToRecording } from "./recording-links.ts";
import { keptOf, showCall, showLightCall } from "./show-call.ts";
import { hasFunctions } from "./show-transcript.ts";
import { fromVoicyId } from "./voicy-id.ts";

const batchShape = z.looseObject({ call_ids: z.array(z.string().max(200)).min(1).max(100) });

export function addCallRoutes(app: DialectApp, deps: DialectDeps, findAccount: FindAccount): void {
  const { calls, clock } = deps;
  const wanted = (c: Context<AppEnv>) => ({
    workspaceId: c.get("principal").workspaceId,
    id: fromVoicyId("call", c.req.param("id") ?? ""),
  });
  const show = async (c: Context<AppEnv>, call: Call) => {
    const entries = await readEntries(calls, call.id);
    return showCall(call, {
      account: await findAccount(call.workspaceId),
      entries,
      tools: hasFunctions(entries) ? ((await agentOf(deps, call))?.tools ?? []) : [],
      recordingUrl: await linkToRecording(originOf(c), deps, call),
    });
  };
  const readAndShow = async (c: Context<AppEnv>) => {
    const { workspaceId, id } = wanted(c);
    return c.json(await show(c, await requireCall(calls, workspaceId, id)));
  };
  const list = async (c: Context<AppEnv>, options: { readonly hidesTests: boolean }) => {
    requireRead(c);
    const { workspaceId } = c.get("principal");
    const request = await parseBody(c, callListShape);
    const filter = toCallFilter(request, clock, options);
    const found = await calls.list(workspaceId, { ...filter, ...toCallPage(request) });
    const account = await findAccount(workspaceId);
    return { filter, workspaceId, shown: found.map((call) => showLightCall(call, account)) };
  };
  const removeAll = async (c: Context<AppEnv>) => {
    const { call_ids } = await parseBody(c, batchShape);
    const { workspaceId } = c.get("principal");
    let deleted = 0;
    for (const sent of new Set(call_ids))
      if (await tryDelete(deps, { workspaceId, id: fromVoicyId("call", sent) })) deleted++;
    return c.json({ deleted_count: deleted });
  };

  const place = async (c: Context<AppEnv>) =>
    c.json(await dial(deps, c.get("principal").workspaceId, await parseBody(c, dialShape)), 201);
  const extract = async (c: Context<AppEnv>) => {
    const { workspaceId, id } = wanted(c);
    const call = await requireCall(calls, workspaceId, id);
    const lines = toTranscript(await readEntries(calls, id));
    if (call.status !== "ended" || lines.length === 0)
      throw voicyError("conflict", "The call must be completed and have a transcript");
    const agent = await agentOf(deps, call);
    const wish = { lines, variables: agent?.variables ?? [], model: agent?.models.languageModel };
    const extraction = await extractCall(deps, wish, c.req.raw.signal);
    const keep = ({ sent }: Call) => ({ sent: { ...sent, voicy: { ...sent["voicy"], extraction } } });
    await calls.update(workspaceId, id, keep, clock.now());
    return c.json({ success: true, ...extraction });
  };

  app.post("/v1/create-phone-call", place);
  app.get("/v1/get-call/:id", readAndShow);
  app.post("/v1/list-calls", async (c) => c.json((await list(c, { hidesTests: false })).shown));
  app.patch("/v1/update-call/:id", async (c) => {
    const { workspaceId, id } = wanted(c);
    const { metadata, ...unknown } = await parseBody(c, callPatchShape);
    const updated = await calls.update(
      workspaceId,
      id,
      (call) => ({
        metadata: toMetadata(metadata),
        sent: { ...call.sent, voicy: { ...keptOf(call), metadata, unknown: { ...keptOf(call).unknown, ...unknown } } },
      }),
      clock.now(),
    );
    if (updated === undefined) throw new AppError("not_found", `there is no call "${id}"`);
    return c.json(await show(c, updated));
  });
  app.delete("/v1/delete-call/:id", async (c) => {
    await deleteCall(deps, wanted(c));
    return c.body(null, 204);
  });
  app.post("/v1/delete-calls", removeAll);

  for (const base of CURRENT_BASES) {
    app.post(`${base}/call-dial`, place);
    app.get(`${base}/call-get/:id`, readAndShow);
    app.post(`${base}/call-extract/:id`, extract);
    app.post(`${base}/call-list`, async (c) => {
      const { filter, workspaceId, shown } = await list(c, { hidesTests: true });
      return c.json({ calls: shown, total_count: await calls.count(workspaceId, filter) });
    });
    app.delete(`${base}/call-delete/:id`, async (c) => {
      await deleteCall(deps, wanted(c));
      return c.json({ deleted_count: 1 });
    });
    app.post(`${base}/call-delete`, removeAll);
  }
}

/** Lists are asked for by POST, which would need a key that may write. */
function requireRead(c: Context<AppEnv>): void {
  if (!allows(c.get("principal").scopes, "calls:read"))
    throw new AppError("insufficient_scope", 'this key lacks the scope "calls:read"');
}

/** What can't be deleted is passed over: the answer tells how many could. */
async function tryDelete(
  deps: Parameters<typeof deleteCall>[0],
  wanted: Parameters<typeof deleteCall>[1],
): Promise<boolean> {
  try {
    await deleteCall(deps, wanted);
    return true;
  } catch (error) {
    if (error instanceof AppError && ["not_found", "conflict"].includes(error.code)) return false;
    throw error;
  }
}

/** As it was during the call; undefined for one that the call brought along. */
async function agentOf({ agents }: Pick<DialectDeps, "agents">, { agentId, agentRevision }: Call) {
  if (agentId === undefined || agentRevision === undefined) return undefined;
  return agents.findRevision(agentId, agentRevision);
}
