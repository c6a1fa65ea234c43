/** A call as turns: what the caller said, and all that the agent did until the caller spoke again. */

import type { EndReason } from "../conversation/end-reason.ts";
import type { JournalEntry } from "../journal/journal.ts";

export type ReplayTool = {
  readonly name: string;
  readonly arguments: string;
  readonly outcome?: "succeeded" | "failed";
  readonly result?: string;
};

export type AgentTurn = {
  /** What was heard of it. */
  readonly agent: string;
  readonly tools: readonly ReplayTool[];
  /** From the caller's last sample to the agent's first; absent where the agent said nothing. */
  readonly responseMs?: number;
  /** How long the agent had been heard when it was stopped. */
  readonly interruptedAfterMs?: number;
};

export type CallTurn = AgentTurn & { readonly caller: string };

type Draft = {
  readonly caller: string[];
  readonly agent: string[];
  readonly tools: (ReplayTool & { readonly id: string })[];
  responseMs?: number;
  interruptedAfterMs?: number;
};

/** The first turn is the agent's opening: its `caller` is "". */
export function toCallTurns(entries: readonly JournalEntry[]): CallTurn[] {
  let draft: Draft = { caller: [], agent: [], tools: [] };
  const drafts = [draft];
  let lastSampleAtMs: number | undefined;
  let audibleSinceMs: number | undefined;
  const speak = (words: string) => {
    if (words.trim() === "") return;
    if (drafts.length === 1 || draft.agent.length > 0 || draft.tools.length > 0) {
      draft = { caller: [], agent: [], tools: [] };
      drafts.push(draft);
    }
    draft.caller.push(words.trim());
  };
  for (const { event, atMs } of entries) {
    switch (event.type) {
      case "caller-speech-ended":
        lastSampleAtMs = event.lastSampleAtMs;
        break;
      case "transcript-final":
        speak(event.text);
        break;
      case "digit-pressed":
        lastSampleAtMs = atMs;
        speak(`pressed ${event.digit}`);
        break;
      case "reply-audio-started":
        audibleSinceMs = atMs;
        if (lastSampleAtMs !== undefined && draft.caller.length > 0)
          draft.responseMs ??= Math.max(0, atMs - lastSampleAtMs);
        break;
      case "reply-heard":
        draft.agent.push(event.text);
        break;
      case "reply-cancelled":
        if (audibleSinceMs !== undefined) draft.interruptedAfterMs ??= atMs - audibleSinceMs;
        audibleSinceMs = undefined;
        break;
      case "reply-ended":
      case "reply-failed":
        audibleSinceMs = undefined;
        break;
      case "tool-requested":
        draft.tools.push({ id: event.toolCallId, name: event.name, arguments: event.arguments });
        break;
      case "tool-finished":
        finishTool(drafts, event);
        break;
    }
  }
  return drafts.map(toTurn);
}

export function toEnd(entries: readonly JournalEntry[]): { reason: EndReason | undefined; durationMs: number } {
  const last = entries.at(-1);
  return { reason: last?.event.type === "call-ended" ? last.event.reason : undefined, durationMs: last?.atMs ?? 0 };
}

function finishTool(drafts: readonly Draft[], event: JournalEntry["event"] & { type: "tool-finished" }): void {
  for (const { tools } of drafts) {
    const index = tools.findIndex(({ id, outcome }) => id === event.toolCallId && outcome === undefined);
    const tool = tools[index];
    if (tool) tools[index] = { ...tool, outcome: event.outcome, result: event.result };
  }
}

function toTurn({ caller, agent, tools, responseMs, interruptedAfterMs }: Draft): CallTurn {
  return {
    caller: caller.join(" "),
    agent: agent.join(" "),
    tools: tools.map(({ id: _, ...tool }) => tool),
    ...(responseMs === undefined ? {} : { responseMs }),
    ...(interruptedAfterMs === undefined ? {} : { interruptedAfterMs }),
  };
}
