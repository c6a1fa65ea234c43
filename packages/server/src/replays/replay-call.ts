import { type AskModel, type Clock, compareCalls, runReplay } from "@earshot/engine";
import type { AgentSettings } from "../agents/agent.ts";
import { readVersion } from "../agents/agent-versions.ts";
import type { KnownNames } from "../agents/find-warnings.ts";
import { readAgent } from "../agents/read-agent.ts";
import type { AgentStore } from "../agents/store.ts";
import { toSettings } from "../agents/update-agent.ts";
import { AppError } from "../app-error.ts";
import { toCallPlan } from "../call-thread/to-call-plan.ts";
import type { Call } from "../calls/call.ts";
import { type CallRef, requireCall } from "../calls/read-call.ts";
import { readEntries } from "../calls/read-entries.ts";
import { readHeldAgent } from "../calls/read-held-agent.ts";
import type { CallStore } from "../calls/store.ts";
import type { CompletionRequest } from "../models/completion-request.ts";
import type { WallClock } from "../wall-clock.ts";
import type { NewReplay, Replay } from "./replay.ts";

/** An hour of lively talk has about 15,000. */
const MAX_ENTRIES = 50_000;
/** What the language models may take in all. */
const LIMIT_MS = 300_000;

export type ReplayCallDeps = {
  readonly calls: CallStore;
  readonly agents: AgentStore;
  readonly complete: (request: CompletionRequest, signal: AbortSignal) => ReturnType<AskModel>;
  readonly knows: KnownNames;
  readonly clock: WallClock;
  /** For what language models take. */
  readonly callClock: Clock;
};

/** Lengths are estimated: any voice will do. */
const noVoice = () => "";

type Chosen = { readonly settings: AgentSettings; readonly agentId: string | undefined; readonly version?: number };

/**
 * Holds a recorded call again with an agent as it is now: the caller's side is given, no tool is run, and the language
 * model is asked only for what it was not asked then. Nothing is stored.
 * @throws AppError `not_found`; `conflict` while the call isn't over; `not_supported` for agents that a model of ours
 *   doesn't answer for; `unknown_model`; `model_failed` when it takes too long
 */
export async function replayCall(
  deps: ReplayCallDeps,
  ref: CallRef,
  replay: NewReplay & { readonly signal: AbortSignal },
): Promise<Replay> {
  const call = await requireCall(deps.calls, ref.workspaceId, ref.id);
  if (call.status !== "ended") throw new AppError("conflict", "the call is not over yet: end it first");
  const entries = await readEntries(deps.calls, call.id);
  if (entries.length === 0) throw new AppError("conflict", "the call has no journal: it never began");
  if (entries.length > MAX_ENTRIES)
    throw new AppError("not_supported", `calls of more than ${MAX_ENTRIES} facts can't be replayed with an agent`);
  const held = await readHeldAgent(deps, call);
  const chosen = await choose(deps, call, replay);
  const { settings } = chosen;
  if (settings.mode !== "pipeline")
    throw new AppError("not_supported", `an agent of mode "${settings.mode}" can't answer a replay`);
  const model = settings.models.languageModel;
  if (model !== undefined && !deps.knows.model(model))
    throw new AppError("unknown_model", `there is no language model "${model}": see GET /v1/models`);
  const limit = withLimit(deps.clock, replay.signal);
  try {
    const replayed = await runReplay({
      entries,
      recordedPlan: held?.mode === "pipeline" ? toCallPlan(held, call, noVoice) : undefined,
      plan: toCallPlan(settings, call, noVoice),
      ask: (request, signal, name) =>
        deps.complete({ ...request, ...(name === undefined ? {} : { model: name }) }, signal),
      clock: deps.callClock,
      signal: limit.signal,
    });
    if (limit.isOver())
      throw new AppError("model_failed", `the language model took more than ${LIMIT_MS / 1000} s for the replay`);
    const { repliesReused, repliesAsked, toolsNotRun, unsaid } = replayed;
    const { outcome, differences, turns, end } = compareCalls(entries, replayed.entries);
    return {
      callId: call.id,
      ...{ outcome, differences },
      before: toReplayAgent(call.agentName, held, { agentId: call.agentId, version: call.agentVersion }),
      after: toReplayAgent(settings.name, settings, chosen),
      turns: turns as Replay["turns"],
      end,
      ...{ repliesReused, repliesAsked, toolsNotRun: [...toolsNotRun], unsaid: [...unsaid] },
    };
  } finally {
    limit.cancel();
  }
}

async function choose(deps: ReplayCallDeps, call: Call, { agentId, version }: NewReplay): Promise<Chosen> {
  const id = agentId ?? call.agentId;
  if (id === undefined)
    throw new AppError("conflict", "the call brought its own agent, or it was deleted: name one with agentId");
  const { workspaceId } = call;
  if (version !== undefined)
    return { settings: await readVersion(deps.agents, { workspaceId, id, version }), agentId: id, version };
  return { settings: toSettings((await readAgent(deps.agents, workspaceId, id)).agent), agentId: id };
}

function toReplayAgent(
  name: string,
  settings: AgentSettings | undefined,
  { agentId, version }: { readonly agentId?: string | undefined; readonly version?: number | undefined },
): Replay["before"] {
  const model = settings?.models.languageModel;
  return {
    name,
    ...(agentId === undefined ? {} : { id: agentId }),
    ...(version === undefined ? {} : { version }),
    ...(model === undefined ? {} : { languageModel: model }),
  };
}

/** Ends with the signal of whoever asks, or when it takes too long. */
function withLimit(clock: WallClock, asker: AbortSignal) {
  const late = new AbortController();
  const cancel = clock.after(LIMIT_MS, () => late.abort());
  return { signal: AbortSignal.any([late.signal, asker]), isOver: () => late.signal.aborted, cancel };
}
