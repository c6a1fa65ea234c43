/** Puts a call that was really held, by a scripted caller and a scripted model, into the database. */

import { type AskModel, type JournalEntry, runReplay, SystemClock } from "@earshot/engine";
import type { AgentStore } from "../../agents/store.ts";
import { toSettings } from "../../agents/update-agent.ts";
import { toCallPlan } from "../../call-thread/to-call-plan.ts";
import type { Call } from "../../calls/call.ts";
import type { CallStore } from "../../calls/store.ts";
import { entry, journal } from "../../calls/testing/journal.ts";
import { newId } from "../../new-id.ts";

export type CallScript = {
  readonly workspaceId: string;
  readonly agentId: string;
  /** What the caller says, turn by turn, before hanging up. */
  readonly texts: readonly string[];
  readonly ask: AskModel;
  readonly fromNumber?: string;
};

export async function recordCall(
  deps: { readonly agents: AgentStore; readonly calls: CallStore },
  script: CallScript,
): Promise<{ call: Call; entries: JournalEntry[] }> {
  const { workspaceId, agentId, texts, ask, fromNumber } = script;
  const stored = await deps.agents.find(workspaceId, agentId);
  if (stored === undefined) throw new Error(`no agent ${agentId}`);
  const settings = toSettings(stored.agent);
  const now = new Date().toISOString();
  const call: Call = {
    id: newId("call", Date.now()),
    workspaceId,
    agentId,
    agentRevision: stored.agent.revision,
    agentName: settings.name,
    direction: fromNumber === undefined ? "web" : "inbound",
    ...(fromNumber === undefined ? {} : { fromNumber }),
    pace: "real",
    status: "created",
    createdAt: now,
    updatedAt: now,
    variables: {},
    metadata: {},
    sent: {},
  };
  const { entries, endReason } = await runReplay({
    entries: callerSide(texts),
    plan: toCallPlan(settings, call, () => ""),
    ask,
    clock: new SystemClock(),
    signal: new AbortController().signal,
  });
  await deps.calls.insert(call, { tokenHash: "", nodeId: "node_test" });
  await deps.calls.append(call.id, entries);
  const durationMs = entries.at(-1)?.atMs ?? 0;
  await deps.calls.markEnded(call.id, { reason: endReason, endedAt: now, durationMs });
  return { call: { ...call, status: "ended", endReason }, entries: [...entries] };
}

/** Each text one second after the agent's last word. */
function callerSide(texts: readonly string[]): JournalEntry[] {
  const turns = texts.flatMap((text, index) => {
    const atMs = 10_000 * (index + 1);
    const utteranceId = index + 1;
    return [
      entry({ type: "reply-ended", replyId: `reply-${index}`, atMs: atMs - 1_000 }),
      entry({ type: "caller-speech-started", utteranceId, firstSampleAtMs: atMs, atMs: atMs + 64 }),
      entry({ type: "caller-speech-ended", utteranceId, lastSampleAtMs: atMs + 800, atMs: atMs + 1_024 }),
      entry({ type: "transcript-final", utteranceId, text, atMs: atMs + 1_100 }),
    ];
  });
  const atMs = 10_000 * (texts.length + 1);
  return journal([
    ...turns,
    entry({ type: "reply-ended", replyId: "last", atMs: atMs - 1_000 }),
    entry({ type: "leg-closed", reason: "caller-hung-up", atMs }),
  ]);
}
