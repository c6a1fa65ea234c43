/** /calls: the history, and calls to place. */
import type { Context } from "hono";
import { z } from "zod";
import { CALL_END_REASONS, type Call } from "../../calls/call.ts";
import { readCall } from "../../calls/read-call.ts";
import { readEntries } from "../../calls/read-entries.ts";
import type { CallFilter } from "../../calls/store.ts";
import { toTranscript } from "../../calls/to-transcript.ts";
import type { AppEnv } from "../../http/app-env.ts";
import { originOf } from "../../http/origin.ts";
import { findRecordingUrl } from "../../http/recording-url.ts";
import { toEpochMs } from "../../wall-clock.ts";
import type { DialectApp, DialectDeps } from "../kit/open-dialect.ts";
import { fromCallId } from "./call-id.ts";
import { CALL_STATUSES, sentWithCall, showCall, toFilter } from "./call-view.ts";
import { invalid, pagingShape, parseQuery } from "./parse.ts";

const day = /^\d{4}-\d{2}-\d{2}$/;
const moment = z
  .string()
  .regex(/^\d{4}-/, "must be an ISO 8601 date")
  .max(40)
  .refine((text) => !Number.isNaN(toEpochMs(text)), "must be an ISO 8601 date");

export const periodShape = pagingShape.extend({ start_date: moment.optional(), end_date: moment.optional() });
const listShape = periodShape.extend({ status: z.enum(CALL_STATUSES).optional() });

export function addCalls(app: DialectApp, deps: DialectDeps): void {
  app.get("/api/v1/calls", async (c) => {
    const { limit, offset, status, ...period } = parseQuery(c, listShape);
    const { workspaceId } = c.get("principal");
    const filter: CallFilter = {
      ...(status === undefined ? {} : toFilter(status, CALL_END_REASONS)),
      ...toPeriod(deps, period),
    };
    const [calls, total] = await Promise.all([
      deps.calls.list(workspaceId, { ...filter, limit, offset }),
      deps.calls.count(workspaceId, filter),
    ]);
    const businessNames = await businessNamesOf(deps, workspaceId, calls);
    const shown = await Promise.all(
      calls.map(async (call) => {
        const transcript = toTranscript(await readEntries(deps.calls, call.id));
        return show(c, deps, { ...call, transcript }, businessNames);
      }),
    );
    return c.json({ calls: shown, pagination: { total, limit, offset } });
  });

  app.get("/api/v1/calls/:id", async (c) => {
    const { workspaceId } = c.get("principal");
    const call = await readCall(deps.calls, workspaceId, fromCallId(c.req.param("id")));
    return c.json(await show(c, deps, call, await businessNamesOf(deps, workspaceId, [call])));
  });
}

/** Days are whole: the last one is part of the period. @throws AppError `invalid_request` */
export function toPeriod(
  { clock }: Pick<DialectDeps, "clock">,
  {
    start_date: start,
    end_date: end,
  }: { readonly start_date?: string | undefined; readonly end_date?: string | undefined },
): Pick<CallFilter, "createdFrom" | "createdBefore"> {
  const createdFrom = start === undefined ? undefined : clock.at(toEpochMs(start));
  const lastMs = end === undefined ? undefined : toEpochMs(end) + (day.test(end) ? 86_400_000 : 1);
  const createdBefore = lastMs === undefined ? undefined : clock.at(lastMs);
  if (createdFrom !== undefined && createdBefore !== undefined && createdFrom >= createdBefore)
    throw invalid("end_date", "must not be before start_date");
  return { createdFrom, createdBefore };
}

async function show(
  c: Context<AppEnv>,
  { recordings }: DialectDeps,
  call: Call & { readonly transcript: Parameters<typeof showCall>[1]["transcript"] },
  businessNames: ReadonlyMap<string, string>,
): Promise<object> {
  const own: unknown = sentWithCall(call).assistant?.["business_name"];
  return showCall(call, {
    transcript: call.transcript,
    businessName: typeof own === "string" ? own : businessNames.get(call.agentId ?? ""),
    recordingUrl: await findRecordingUrl(originOf(c), recordings, call),
  });
}

async function businessNamesOf(
  { agents }: DialectDeps,
  workspaceId: string,
  calls: readonly Call[],
): Promise<ReadonlyMap<string, string>> {
  const ids = new Set(calls.flatMap(({ agentId }) => (agentId === undefined ? [] : [agentId])));
  const found = await Promise.all([...ids].map((id) => agents.find(workspaceId, id)));
  return new Map(
    found.flatMap((stored) => {
      const name = stored?.agent.businessName ?? "";
      return stored === undefined || name === "" ? [] : [[stored.agent.id, name] as const];
    }),
  );
}
