import { createHmac } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import type { Agent } from "../../agents/agent.ts";
import { newAgentShape } from "../../agents/agent.ts";
import type { ReadCall } from "../../calls/read-call.ts";
import { createDispatchKit } from "../../deliveries/testing/dispatch-kit.ts";
import { newId } from "../../new-id.ts";
import { recordingPath } from "../../recordings/recording-paths.ts";
import { recordingsOnDisk } from "../../recordings/testing/recordings-on-disk.ts";
import { describeOnEachDatabase } from "../../storage/testing/each-database.ts";
import type { NewDomainEvent } from "../../webhooks/domain-event.ts";
import { startReceiver } from "../../webhooks/testing/receiver.ts";
import type { WebhookLoad } from "../../webhooks/webhook-dialect.ts";
import type { Json } from "./testing/hms-client.ts";
import { createHmsWebhooks } from "./webhooks.ts";

const hmsWebhooks = createHmsWebhooks({ publicUrl: undefined, recordings: recordingsOnDisk("/nowhere") });

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

const AT = "2026-03-04T05:06:07.000Z";
const agent = {
  ...newAgentShape.parse({ name: "Ada", prompt: "Be kind.", maxDurationMs: 300_000 }),
  id: newId("agt", 1),
  revision: 1,
  version: 1,
  isDeployed: true,
  createdAt: AT,
  updatedAt: AT,
} satisfies Agent;

const call: ReadCall = {
  id: newId("call", 1),
  workspaceId: "ws_default",
  agentId: agent.id,
  agentName: "Ada",
  direction: "inbound",
  fromNumber: "+31612345678",
  toNumber: "+31850835037",
  pace: "real",
  status: "ended",
  endReason: "caller-hung-up",
  createdAt: AT,
  updatedAt: AT,
  startedAt: AT,
  endedAt: "2026-03-04T05:07:31.400Z",
  durationMs: 84_400,
  variables: {},
  metadata: {},
  sent: { hms: { assistant: { first_message: "Hi Jan" }, metadata: { crm_id: "12345" } } },
  transcript: [
    { role: "agent", text: "Hi Jan", atMs: 0 },
    { role: "tool", text: "lookup: {}", atMs: 10 },
    { role: "caller", text: "Hello?", atMs: 20 },
  ],
  values: {},
  turns: [],
};

const loadOf = (found: ReadCall): WebhookLoad => ({
  call: async () => found,
  agent: async () => agent,
  conversation: async () => undefined,
  contact: async () => undefined,
  history: async () => [],
});

const about = {
  callId: call.id,
  agentId: agent.id,
  direction: "inbound",
  fromNumber: "+31612345678",
  toNumber: "+31850835037",
};
const started: NewDomainEvent = {
  type: "call.started",
  workspaceId: "ws_default",
  occurredAt: new Date(AT),
  data: { ...about, startedAt: AT },
};
const over = { ...about, status: "ended", endReason: "caller-hung-up", endedAt: AT, durationMs: 84_400 };
const report: NewDomainEvent = { ...started, type: "transcript.completed", data: over };

describeOnEachDatabase("HMS webhooks", (database) => {
  test("arrive with the headers that its own verifier checks, in order", async () => {
    const receiver = await startReceiver();
    closers.push(() => receiver.close());
    const kit = createDispatchKit(database(), { dialects: [hmsWebhooks] });
    const secret = "a-secret-of-the-customer";
    await kit.endpoint({ url: receiver.url, dialect: "hms", secret });
    await kit.start({ load: () => loadOf(call) });
    await kit.record({ ...started, workspaceId: kit.workspaceId }, { ...report, workspaceId: kit.workspaceId });
    await expect.poll(() => receiver.received.length, { timeout: 10_000 }).toBe(2);
    expect(receiver.received.map(({ headers }) => headers["x-webhook-event"])).toEqual([
      "status-update",
      "end-of-call-report",
    ]);
    for (const { headers, body } of receiver.received) {
      expect(headers).toMatchObject({ "content-type": "application/json", "user-agent": "HMS-Sovereign/1.0" });
      const timestamp = String(headers["x-webhook-timestamp"]);
      expect(timestamp).toMatch(/^\d{10}$/);
      const expected = createHmac("sha256", secret).update(`${timestamp}.${body}`).digest("hex");
      expect(headers["x-webhook-signature"]).toBe(`sha256=${expected}`);
    }
  });
});

describe("an HMS webhook", () => {
  const encode = async (event: NewDomainEvent, changed: Partial<ReadCall> = {}, dialect = hmsWebhooks) => {
    const encoded = (await dialect.encode({
      deliveryId: "d",
      eventName: hmsWebhooks.eventName(event.type) ?? "",
      endpoint: { id: "e", workspaceId: "ws_default", url: "https://x.example.com/", settings: {} },
      event: { ...event, id: "evt", subjectId: call.id, createdAt: AT },
      load: loadOf({ ...call, ...changed }),
    })) as { message: Json };
    return encoded.message;
  };
  let base: Json;
  beforeAll(async () => {
    base = await encode(started);
  });

  test("says who talks to whom, and with which assistant", () => {
    expect(base).toMatchObject({
      type: "status-update",
      timestamp: AT,
      call: { id: `call-_+31612345678_${call.id.slice(5)}`, type: "inbound_phone_call", status: "in-progress" },
      phone_number: { number: "+31850835037" },
      customer: { number: "+31612345678" },
      assistant: {
        name: "Ada",
        first_message: "Hi Jan",
        max_duration_seconds: 300,
        llm_config: { messages: [{ role: "system", content: "Be kind." }] },
        metadata: { crm_id: "12345" },
      },
    });
  });

  test("tells of an end, well or ill", async () => {
    const ended = { ...report, type: "call.ended" } as NewDomainEvent;
    expect(await encode(ended)).toMatchObject({ call: { status: "ended" }, end_reason: "user_hangup" });
    const failed = { ...report, type: "call.failed" } as NewDomainEvent;
    expect(await encode(failed, { endReason: "no-carrier", error: "no carrier" })).toMatchObject({
      call: { status: "ended-with-error" },
      end_reason: "no_carrier",
      error: "no carrier",
    });
  });

  test("reports the whole call after its end", async () => {
    expect(await encode(report)).toMatchObject({
      type: "end-of-call-report",
      duration_seconds: 84,
      end_reason: "user_hangup",
      started_at: AT,
      ended_at: "2026-03-04T05:07:31.400Z",
      messages: [
        { role: "assistant", content: "Hi Jan" },
        { role: "user", content: "Hello?" },
      ],
      analysis: {},
      recording_url: null,
    });
  });

  test("leads to the recording where it is known how others reach this server", async () => {
    const dataDirectory = await mkdtemp(join(tmpdir(), "earshot-hms-"));
    closers.push(() => rm(dataDirectory, { recursive: true }));
    const reachable = createHmsWebhooks({
      publicUrl: "https://voice.example.com",
      recordings: recordingsOnDisk(dataDirectory),
    });
    expect(await encode(report, {}, reachable)).toMatchObject({ recording_url: null });
    const recording = recordingPath(dataDirectory, call.id);
    await mkdir(dirname(recording));
    await writeFile(recording, "RIFF");
    expect(await encode(report, {}, reachable)).toMatchObject({
      recording_url: `https://voice.example.com/v1/calls/${call.id}/recording`,
    });
  });

  test("isn't sent of what HMS doesn't tell", () => {
    expect([hmsWebhooks.eventName("message.received"), hmsWebhooks.eventName("agent.deployed")]).toEqual([
      undefined,
      undefined,
    ]);
  });
});
