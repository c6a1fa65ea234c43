// biome-ignore lint/style/noRestrictedImports: the API of OpenTelemetry, not ours
import { context, type Tracer, trace } from "@opentelemetry/api";
import { type Call, SEGMENTS, type Turn } from "../calls/call.ts";
import { toEpochMs } from "../wall-clock.ts";

/** Sends a call that has ended as a trace: a span for the call, one for each turn, one for each step of a turn. */
export function traceCall(tracer: Tracer, call: Call, turns: readonly Turn[]): void {
  if (call.startedAt === undefined) return;
  const beganAtMs = toEpochMs(call.startedAt);
  const attributes = { "earshot.call.id": call.id, "earshot.agent.id": call.agentId };
  const callSpan = tracer.startSpan("call", {
    startTime: beganAtMs,
    attributes: { ...attributes, "earshot.end_reason": call.endReason ?? "", "earshot.turns": turns.length },
  });
  const inCall = trace.setSpan(context.active(), callSpan);
  for (const turn of turns) {
    const turnSpan = tracer.startSpan("turn", { startTime: beganAtMs + turn.atMs, attributes }, inCall);
    const inTurn = trace.setSpan(inCall, turnSpan);
    let atMs = beganAtMs + turn.atMs;
    for (const segment of SEGMENTS) {
      const lengthMs = turn.segments[segment];
      if (lengthMs === undefined) continue;
      const step = tracer.startSpan(segment.replace(/Ms$/, ""), { startTime: atMs, attributes }, inTurn);
      atMs += lengthMs;
      step.end(atMs);
    }
    turnSpan.end(beganAtMs + turn.atMs + turn.responseMs);
  }
  callSpan.end(beganAtMs + (call.durationMs ?? 0));
}
