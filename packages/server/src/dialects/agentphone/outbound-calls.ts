import { z } from "zod";
import { readAgent } from "../../agents/read-agent.ts";
import { AppError } from "../../app-error.ts";
import type { NewCall } from "../../calls/call.ts";
import { placeCall } from "../../calls/place-call.ts";
import { readCall } from "../../calls/read-call.ts";
import { storableText } from "../../storable-text.ts";
import type { DialectApp, DialectDeps } from "../kit/open-dialect.ts";
import { DIALECT } from "./agent-view.ts";
import { toCallSummary, toTranscripts } from "./call-view.ts";
import { wrongField } from "./errors.ts";
import { readBody, workspaceOf } from "./requests.ts";
import { checkVariables, toVariables, variablesShape } from "./variables.ts";
import { waitForEnd } from "./wait-for-end.ts";

const DEFAULT_WAIT_S = 300;
const MAX_WAIT_S = 600;

const text = (max: number) => storableText({ max }).nullish();

const outboundShape = z.looseObject({
  agentId: storableText({ min: 1, max: 64 }),
  toNumber: storableText({ min: 1, max: 40 }),
  fromNumberId: text(64),
  initialGreeting: text(1000),
  voice: text(200),
  systemPrompt: text(100_000),
  modelTier: z.enum(["turbo", "balanced", "max"]).nullish(),
  variables: variablesShape.nullish(),
  callScreeningIdentity: text(500),
  callScreeningPurpose: text(500),
  waitForCompletion: z.boolean().nullish(),
  maxWaitSeconds: z.number().min(0).nullish(),
});

export function addOutboundCallRoutes(app: DialectApp, deps: DialectDeps): void {
  app.post("/v1/calls", async (c) => {
    const { given, sent } = await readBody(c, outboundShape);
    const workspaceId = workspaceOf(c);
    const { agent, numbers } = await readAgent(deps.agents, workspaceId, given.agentId);
    const variables = toVariables(given.variables);
    checkVariables(variables, agent.mode !== "webhook" || Boolean(given.systemPrompt));
    const fromNumberId = given.fromNumberId || numbers[0]?.id;
    if (fromNumberId === undefined) throw wrongField("agentId", "the agent has no phone number: attach one first");
    if (!numbers.some(({ id }) => id === fromNumberId))
      throw wrongField("fromNumberId", "must be a phone number of the agent");
    const placed = await inTheirWords(
      placeCall(deps, {
        ...{ workspaceId, agentId: agent.id, to: given.toNumber, fromNumberId, variables, metadata: {} },
        ...toOverrides(given),
        sent: { [DIALECT]: sent },
      }),
    );
    if (given.waitForCompletion === true)
      await waitForEnd(deps, placed, {
        timeoutMs: Math.min(given.maxWaitSeconds ?? DEFAULT_WAIT_S, MAX_WAIT_S) * 1000,
        signal: c.req.raw.signal,
      });
    const call = await readCall(deps.calls, workspaceId, placed.id);
    const { lastTranscriptSnippet: _, durationSeconds, ...summary } = toCallSummary(call, undefined);
    return c.json({
      ...summary,
      retellCallId: null,
      ...(call.status === "ended"
        ? { durationSeconds, errorMessage: call.error ?? null, transcripts: toTranscripts(call, deps.clock) }
        : {}),
    });
  });
}

/** What differs for this call alone; a prompt of its own takes the place of the webhook. */
function toOverrides(given: z.output<typeof outboundShape>): Pick<NewCall, "overrides"> {
  const { initialGreeting, voice, systemPrompt, modelTier, callScreeningIdentity, callScreeningPurpose } = given;
  const screening = {
    ...(callScreeningIdentity ? { identity: callScreeningIdentity } : {}),
    ...(callScreeningPurpose ? { purpose: callScreeningPurpose } : {}),
  };
  const overrides = {
    ...(initialGreeting ? { outboundGreeting: initialGreeting } : {}),
    ...(voice ? { voice: { id: voice } } : {}),
    ...(systemPrompt ? { mode: "pipeline" as const, prompt: systemPrompt, ...(modelTier ? { modelTier } : {}) } : {}),
    ...(Object.keys(screening).length === 0 ? {} : { callScreening: screening }),
  };
  return Object.keys(overrides).length === 0 ? {} : { overrides };
}

/** Failures name the fields as the client did. */
async function inTheirWords<Value>(placing: Promise<Value>): Promise<Value> {
  try {
    return await placing;
  } catch (error) {
    const [first] = error instanceof AppError ? ((error.details["errors"] ?? []) as readonly WrongField[]) : [];
    if (first?.path === "to") throw wrongField("toNumber", first.message);
    throw error;
  }
}

type WrongField = { readonly path: string; readonly message: string };
