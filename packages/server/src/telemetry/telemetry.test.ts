import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import type { Call, Turn } from "../calls/call.ts";
import { createLog } from "./log.ts";
import { startTelemetry } from "./telemetry.ts";
import { traceCall } from "./trace-call.ts";

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

describe("the log", () => {
  test("drops what people said or are called, wherever it is given", () => {
    const lines: string[] = [];
    const log = createLog("info", { write: (line) => void lines.push(line) });
    log.info({ callId: "call_1", pii: { text: "my number is 555" } }, "words recognised");
    log.child({ pii: "555" }).info({ tool: { name: "book", pii: { arguments: "555" } } }, "tool requested");
    expect(lines.join("")).not.toContain("555");
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      { level: "info", time: expect.any(String), callId: "call_1", msg: "words recognised" },
      { level: "info", time: expect.any(String), tool: { name: "book" }, msg: "tool requested" },
    ]);
  });
});

const call = {
  id: "call_1",
  agentId: "agt_1",
  startedAt: "2026-01-01T00:00:00.000Z",
  durationMs: 5000,
  endReason: "caller-hung-up",
} as Call;
const turns: Turn[] = [{ replyId: "r1", atMs: 1000, responseMs: 600, segments: { speechEndMs: 250, playoutMs: 350 } }];

test("sends a call as a trace and its figures to the collector", async () => {
  const received = new Map<string, string>();
  const collector = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    received.set(request.url ?? "", body);
    response.end("{}");
  });
  await new Promise<void>((resolve) => collector.listen(0, "127.0.0.1", resolve));
  closers.push(() => collector.close());
  const endpoint = `http://127.0.0.1:${(collector.address() as AddressInfo).port}/`;
  const telemetry = await startTelemetry({ endpoint, nodeId: "node_1", countLiveCalls: () => 3 });
  traceCall(telemetry.tracer, call, turns);
  telemetry.metrics.callEnded("caller-hung-up");
  telemetry.metrics.turnAnswered(600);
  await telemetry.close();

  const { resourceSpans } = JSON.parse(received.get("/v1/traces") ?? "{}");
  const spans: { name: string; startTimeUnixNano: string; endTimeUnixNano: string }[] =
    resourceSpans[0].scopeSpans[0].spans;
  const lengthMs = ({ startTimeUnixNano: start, endTimeUnixNano: end }: (typeof spans)[0]) =>
    Number(BigInt(end) - BigInt(start)) / 1e6;
  expect(Object.fromEntries(spans.map((span) => [span.name, lengthMs(span)]))).toEqual({
    call: 5000,
    turn: 600,
    speechEnd: 250,
    playout: 350,
  });
  expect(received.get("/v1/metrics")).toContain("earshot_turn_response_ms");
});

test("counts calls and turns for Prometheus, and closes in good time without a collector", async () => {
  const telemetry = await startTelemetry({ endpoint: undefined, nodeId: "node_1", countLiveCalls: () => 2 });
  telemetry.metrics.callEnded("silence-timeout");
  telemetry.metrics.turnAnswered(640);
  traceCall(telemetry.tracer, call, turns);
  const text = await telemetry.metrics.toPrometheus();
  expect(text).toContain("earshot_active_calls 2");
  expect(text).toContain('earshot_calls_ended_total{reason="silence-timeout"} 1');
  expect(text).toContain('earshot_turn_response_ms_bucket{le="700"} 1');
  expect(text).toContain('earshot_turn_response_ms_bucket{le="600"} 0');
  await telemetry.close();
});
