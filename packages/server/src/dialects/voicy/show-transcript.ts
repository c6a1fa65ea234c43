import type { JournalEntry } from "@earshot/engine";
import type { AgentTool } from "../../agents/agent-tool.ts";
import type { TranscriptLine, Turn } from "../../calls/call.ts";
import { toTranscript } from "../../calls/to-transcript.ts";
import { toTurns } from "../../calls/to-turns.ts";
import { toFunctionTurns } from "./function-turns.ts";

type Latency = Readonly<Record<string, number>>;
export type TranscriptEntry = {
  readonly role: "agent" | "caller" | "system";
  readonly content: string;
  /** Since the call began. */
  readonly timestamp_ms: number;
  readonly latency?: Latency;
  /** The same under the name that an older page gives it. */
  readonly latency_breakdown?: Latency;
  readonly function_invocation?: object;
  readonly function_result?: object;
};

/** What was said, and the functions that were called, in order of time. */
export function showTranscript(entries: readonly JournalEntry[], tools: readonly AgentTool[]): TranscriptEntry[] {
  const lines = toTranscript(entries).filter(({ role }) => role !== "tool");
  const latencies = toLatencies(entries);
  const spoken = lines.map((line): TranscriptEntry => {
    const latency = line.role === "agent" ? latencies.get(line.atMs) : undefined;
    return {
      role: line.role === "agent" ? "agent" : "caller",
      content: line.text,
      timestamp_ms: toMs(line),
      ...(latency === undefined ? {} : { latency, latency_breakdown: latency }),
    };
  });
  return [...spoken, ...toFunctionTurns(entries, tools)].toSorted((a, b) => a.timestamp_ms - b.timestamp_ms);
}

/** Whether showing the transcript needs the agent's tools. */
export function hasFunctions(entries: readonly JournalEntry[]): boolean {
  return entries.some(({ event }) => event.type === "tool-requested");
}

/** By the moment at which the answer's sound began. */
function toLatencies(entries: readonly JournalEntry[]): Map<number, Latency> {
  const turns = new Map(toTurns(entries).map((turn) => [turn.replyId, turn]));
  const latencies = new Map<number, Latency>();
  for (const { event } of entries) {
    const turn = event.type === "reply-audio-started" ? turns.get(event.replyId) : undefined;
    if (turn !== undefined) latencies.set(event.atMs, showLatency(turn));
  }
  return latencies;
}

function showLatency({ responseMs, segments }: Turn): Latency {
  const { speechEndMs, transcriptMs, endOfTurnMs, toolsMs, firstTextMs, firstSentenceMs, firstAudioMs, playoutMs } =
    segments;
  return {
    vad_delay_ms: round(speechEndMs),
    stt_finalize_ms: round(transcriptMs),
    turn_detection_ms: round(endOfTurnMs),
    function_calls_ms: round(toolsMs),
    llm_startup_ms: round(firstTextMs),
    llm_first_sentence_ms: round(firstSentenceMs),
    tts_synthesis_ms: round(firstAudioMs),
    send_overhead_ms: round(playoutMs),
    total_perceived_ms: round(responseMs),
  };
}

function toMs({ atMs }: TranscriptLine): number {
  return Math.max(0, Math.round(atMs));
}

function round(durationMs: number | undefined): number {
  return Math.round(durationMs ?? 0);
}
