import { createHmac } from "node:crypto";
import { expect, onTestFinished, test, vi } from "vitest";
import { createDispatchKit } from "../../deliveries/testing/dispatch-kit.ts";
import { describeOnEachDatabase } from "../../storage/testing/each-database.ts";
import { startReceiver } from "../../webhooks/testing/receiver.ts";
import { wordcabClient } from "./testing/wordcab-client.ts";
import { toOurEvents, wordcabWebhooks } from "./webhooks.ts";

const URL = "https://hooks.example.com/wordcab";

describeOnEachDatabase("Wordcab's webhooks", (database) => {
  const client = () => wordcabClient(database());

  test("show their secret when they are made and never again", async () => {
    const events = ["call.completed", "experiment.finished"];
    const made = await client().post("/v1/webhooks", { url: URL, events, description: "Mine" });
    expect(made).toMatchObject({
      status: 201,
      body: {
        id: expect.stringMatching(/^wh_[0-9a-z]{26}$/),
        url: URL,
        events,
        description: "Mine",
        secret: expect.stringMatching(/^whsec_/),
        created: expect.any(Number),
      },
    });
    const { secret, ...shown } = made.body;
    expect((await client().get("/api/v1/webhooks")).body).toMatchObject({ object: "list", data: [shown] });
    expect(JSON.stringify((await client().get("/v1/webhooks")).body)).not.toContain(String(secret));
    expect((await client().delete(`/v1/webhooks/${shown["id"]}`)).status).toBe(204);
    expect((await client().delete(`/v1/webhooks/${shown["id"]}`)).status).toBe(404);
    expect((await client().get("/v1/webhooks")).body["data"]).toEqual([]);
  });

  test.each([
    [{ events: ["call.started"] }, "url"],
    [{ url: "ftp://example.com", events: ["call.started"] }, "url"],
    [{ url: "http://169.254.169.254/", events: ["call.started"] }, "url"],
    [{ url: URL }, "events"],
    [{ url: URL, events: ["call.paused"] }, "events.0"],
  ])("%j is refused, naming %s", async (body, param) => {
    expect(await client().post("/v1/webhooks", body)).toMatchObject({ status: 400, body: { error: { param } } });
  });

  test("are signed by a bare HMAC over timestamp and body, in Wordcab's envelope", async () => {
    const kit = createDispatchKit(database(), { dialects: [wordcabWebhooks] });
    const hook = await startReceiver();
    onTestFinished(async () => {
      await kit.close();
      await hook.close();
    });
    const { secret = "" } = await kit.endpoint({ url: hook.url, dialect: "wordcab", events: toOurEvents(["*"]) });
    await kit.start();
    const occurredAt = kit.clock.now();
    const end = { endReason: "caller-hung-up", endedAt: occurredAt.toISOString(), durationMs: 61_400 };
    const data = { callId: "call_01", agentId: "agt_02", status: "ended", direction: "inbound", ...end };
    await kit.record({ type: "call.ended", workspaceId: kit.workspaceId, occurredAt, data });
    await vi.waitFor(() => expect(hook.received).toHaveLength(1), { timeout: 10_000, interval: 5 });
    const [request] = hook.received;
    const body = request?.body ?? "";
    const timestampS = Math.floor(occurredAt.getTime() / 1000);
    expect(JSON.parse(body)).toEqual({
      id: expect.stringMatching(/^evt_/),
      type: "call.completed",
      created: timestampS,
      data: {
        call_id: "call_01",
        agent_id: "agent_02",
        duration: 61,
        transcript_id: "tr_01",
        ended_reason: "caller_hangup",
      },
    });
    expect(request?.headers["wordcab-timestamp"]).toBe(String(timestampS));
    const expected = createHmac("sha256", secret).update(`${timestampS}.${body}`).digest("hex");
    expect(request?.headers["wordcab-signature"]).toBe(expected);
  });
});

test("an endpoint of all events hears what Wordcab tells", () => {
  expect(toOurEvents(["*"]).toSorted()).toEqual(["call.ended", "call.failed", "call.started", "transcript.completed"]);
  expect(toOurEvents(["testrun.completed"])).toEqual([]);
  expect(wordcabWebhooks.eventName("message.sent")).toBeUndefined();
});
