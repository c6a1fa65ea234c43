import { afterEach, expect, test, vi } from "vitest";
import { describeOnEachDatabase } from "../../storage/testing/each-database.ts";
import { verifyEarshot } from "../../webhooks/signature.ts";
import { type Receiver, startReceiver } from "../../webhooks/testing/receiver.ts";
import { createDispatchKit, type DispatchKit } from "../testing/dispatch-kit.ts";

const until = (check: () => void | Promise<void>) => vi.waitFor(check, { timeout: 10_000, interval: 5 });

describeOnEachDatabase("the dispatcher", (database) => {
  const undo: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const step of undo.splice(0).toReversed()) await step();
    await database().pool.query("truncate webhook_deliveries, domain_events, webhook_endpoints");
  });
  const setUp = (options?: Parameters<typeof createDispatchKit>[1]): DispatchKit => {
    const kit = createDispatchKit(database(), options);
    undo.push(() => kit.close());
    return kit;
  };
  const receiver = async (answer?: Parameters<typeof startReceiver>[0]): Promise<Receiver> => {
    const started = await startReceiver(answer);
    undo.push(() => started.close());
    return started;
  };

  test("delivers an event once, signed, and keeps what was sent and answered", async () => {
    const kit = setUp();
    const hook = await receiver();
    const { secret = "" } = await kit.endpoint({
      url: hook.url,
      settings: { headers: { "X-Mine": "1", Authorization: "Basic x" } },
    });
    await kit.start();
    expect(await kit.record(kit.started("call_1"))).toBe(1);
    await until(async () => expect((await kit.list())[0]).toMatchObject({ status: "delivered", attempts: 1 }));
    const [request] = hook.received;
    const nowS = kit.clock.now().getTime() / 1000;
    const signature = String(request?.headers["earshot-signature"]);
    expect(verifyEarshot(secret, { body: request?.body ?? "", signature }, { nowS })).toBe(true);
    const [listed] = await kit.list();
    expect(request?.headers).toMatchObject({
      "earshot-delivery": listed?.id,
      "earshot-event": "call.started",
      "content-type": "application/json",
      "x-mine": "1",
      authorization: "Basic x",
    });
    expect(hook.bodies()[0]).toEqual({
      id: listed?.eventId,
      type: "call.started",
      workspaceId: kit.workspaceId,
      createdAt: "2026-03-04T05:06:07.000Z",
      data: { callId: "call_1", direction: "inbound", startedAt: "2026-03-04T05:06:07.000Z" },
    });
    const found = await kit.deliveries.find(kit.workspaceId, listed?.id ?? "");
    expect(found).toMatchObject({ body: request?.body, responseBody: "ok", responseStatus: 200, history: [] });
    expect(found?.requestHeaders).toMatchObject({ "Earshot-Signature": signature, Authorization: "(hidden)" });
    expect(hook.received).toHaveLength(1);
    expect(kit.errors).toEqual([]);
  });

  test("tries again with the same id and body until it succeeds, and keeps each attempt", async () => {
    const kit = setUp();
    const hook = await receiver((_request, response) => {
      response.statusCode = hook.received.length < 3 ? 503 : 204;
      response.end("x".repeat(10_000));
    });
    await kit.endpoint({ url: hook.url });
    await kit.start();
    await kit.record(kit.started("call_1"));
    await until(async () => expect((await kit.list())[0]).toMatchObject({ attempts: 1, error: "answered 503" }));
    const [{ nextAttemptAt, id } = { id: "" }] = await kit.list();
    expect(nextAttemptAt).toBe("2026-03-04T05:06:12.000Z");
    expect((await kit.deliveries.find(kit.workspaceId, id))?.responseBody).toHaveLength(4096);
    kit.clock.advance(5_000);
    await until(async () => expect((await kit.list())[0]).toMatchObject({ attempts: 2, status: "pending" }));
    kit.clock.advance(10_000);
    await until(async () => expect((await kit.list())[0]?.status).toBe("delivered"));
    const found = await kit.deliveries.find(kit.workspaceId, id);
    expect(found?.history).toEqual([
      { at: "2026-03-04T05:06:07.000Z", durationMs: 0, status: 503, error: "answered 503" },
      { at: "2026-03-04T05:06:12.000Z", durationMs: 0, status: 503, error: "answered 503" },
    ]);
    expect(found).not.toHaveProperty("error");
    expect(new Set(hook.received.map(({ body }) => body)).size).toBe(1);
    expect(new Set(hook.received.map(({ headers }) => headers["earshot-delivery"])).size).toBe(1);
    expect(new Set(hook.received.map(({ headers }) => headers["earshot-signature"])).size).toBe(3);
  });

  test("gives up after a day, visibly", async () => {
    const kit = setUp();
    const hook = await receiver((_request, response) => response.writeHead(500).end());
    await kit.endpoint({ url: hook.url });
    await kit.start({ random: () => 1 });
    await kit.record(kit.started("call_1"));
    for (let hour = 0; hour < 30; hour++) {
      const [{ attempts = 0, status = "" } = {}] = await kit.list();
      if (status === "failed") break;
      await until(async () => expect((await kit.list())[0]?.attempts).toBeGreaterThanOrEqual(Math.max(1, attempts)));
      const count = hook.received.length;
      kit.clock.advance(4 * 3_600_000);
      await until(async () => {
        kit.clock.advance(1000);
        const [now] = await kit.list();
        expect(now?.status === "failed" || hook.received.length > count).toBe(true);
      });
    }
    const [given] = await kit.list();
    // The clock goes on while the last request is under way: its answer may come too late by it.
    expect(given).toMatchObject({
      status: "failed",
      error: expect.stringMatching(/^(?:answered 500|no answer within 10 s)$/),
    });
    expect(given).not.toHaveProperty("nextAttemptAt");
    expect(hook.received.length).toBeGreaterThan(4);
  });

  test("stops after as many attempts as the dialect allows", async () => {
    const kit = setUp({
      dialects: [
        {
          name: "agentphone",
          retries: { maxAttempts: 2, firstDelayMs: 1000, maxDelayMs: 1000 },
          keepsOrder: true,
          eventName: (type) => (type === "call.started" ? "agent.call" : undefined),
          timeoutMs: () => 1000,
          encode: async ({ eventName }) => ({ event: eventName }),
          headers: () => ({ "User-Agent": "Vendor/1" }),
        },
      ],
    });
    const hook = await receiver((_request, response) => response.writeHead(500).end());
    await kit.endpoint({ url: hook.url, dialect: "agentphone" });
    await kit.start();
    await kit.record(kit.started("call_1"), kit.deployed(1));
    await until(async () => expect(await kit.list()).toMatchObject([{ attempts: 1, eventType: "call.started" }]));
    kit.clock.advance(1000);
    await until(async () => expect(await kit.list()).toMatchObject([{ attempts: 2, status: "failed" }]));
    expect(hook.bodies()).toEqual([{ event: "agent.call" }, { event: "agent.call" }]);
    expect(hook.received[0]?.headers["user-agent"]).toBe("Vendor/1");
  });

  test("keeps the order of a call's events, and lets other calls pass", async () => {
    const kit = setUp();
    const hook = await receiver(({ body }, response) => {
      const isFirstTry = hook.received.filter((other) => other.body === body).length === 1;
      response.writeHead(body.includes("call_slow") && isFirstTry ? 500 : 200).end();
    });
    await kit.endpoint({ url: hook.url });
    await kit.start();
    const slow = kit.started("call_slow");
    const over = {
      ...slow,
      type: "call.ended" as const,
      data: { ...slow.data, status: "completed", endedAt: "2026-03-04T05:07:07.000Z", durationMs: 1 },
    };
    await kit.record(slow, over as Parameters<typeof kit.record>[0], kit.started("call_other"));
    const seen = () => hook.bodies().map(({ type, data }) => `${type} ${(data as { callId: string }).callId}`);
    await until(async () => expect(await kit.list({ limit: 9, status: "delivered" })).toHaveLength(1));
    expect(seen().toSorted()).toEqual(["call.started call_other", "call.started call_slow"]);
    kit.clock.advance(5000);
    await until(async () =>
      expect(await kit.list({ limit: 9, eventType: "call.ended" })).toMatchObject([{ attempts: 1 }]),
    );
    kit.clock.advance(10_000);
    await until(async () => expect(await kit.list({ limit: 9, status: "delivered" })).toHaveLength(3));
    expect(seen().filter((line) => line.endsWith("slow"))).toEqual([
      "call.started call_slow",
      "call.started call_slow",
      "call.ended call_slow",
      "call.ended call_slow",
    ]);
  });

  test("never has more than the limit in flight to one endpoint", async () => {
    const kit = setUp();
    const waiting: (() => void)[] = [];
    const slow = await receiver((_request, response) => {
      waiting.push(() => response.end());
    });
    await kit.endpoint({ url: slow.url });
    await kit.start({}, { maxInFlightEach: 4 });
    await kit.record(...Array.from({ length: 40 }, (_, n) => kit.started(`call_${n}`)));
    await until(() => {
      for (const answer of waiting.splice(0)) answer();
      expect(slow.received).toHaveLength(40);
    });
    expect(slow.state.mostInFlight).toBeGreaterThan(1);
    expect(slow.state.mostInFlight).toBeLessThanOrEqual(4);
  });

  test("lets an endpoint that is known to answer wait for no silent one, however many they are", async () => {
    const kit = setUp();
    const silent = await receiver(() => {});
    const known = await receiver();
    await kit.endpoint({ url: known.url, events: ["agent.deployed"] });
    await kit.start({}, { maxInFlight: 8, maxInFlightEach: 4 });
    await kit.record(kit.deployed(1));
    await until(async () => expect((await kit.list())[0]?.status).toBe("delivered"));
    for (let n = 0; n < 20; n++) await kit.endpoint({ url: silent.url, events: ["call.started"] });
    await kit.record(...Array.from({ length: 5 }, (_, n) => kit.started(`call_${n}`)));
    for (const inFlight of [2, 4, 6, 6]) {
      await until(() => expect(silent.state.inFlight).toBe(inFlight));
      kit.clock.advance(2000);
    }
    await kit.record(...Array.from({ length: 50 }, (_, n) => kit.deployed(n, `agt_${n}`)));
    await until(() => expect(known.received).toHaveLength(51));
    expect(silent.received).toHaveLength(6);
  });

  test("lets a new endpoint wait for silent ones no longer than it takes to find them out", async () => {
    const kit = setUp();
    const silent = await receiver(() => {});
    const later = await receiver();
    for (let n = 0; n < 4; n++) await kit.endpoint({ url: silent.url, events: ["call.started"] });
    await kit.record(...Array.from({ length: 20 }, (_, n) => kit.started(`call_${n}`)));
    await kit.start({}, { maxInFlight: 8, maxInFlightEach: 4 });
    for (const inFlight of [2, 4]) {
      await until(() => expect(silent.state.inFlight).toBe(inFlight));
      kit.clock.advance(2000);
    }
    await kit.endpoint({ url: later.url, events: ["agent.deployed"] });
    await kit.record(...Array.from({ length: 20 }, (_, n) => kit.deployed(n, `agt_${n}`)));
    await until(() => expect(later.received).toHaveLength(20));
    expect(silent.received).toHaveLength(4);
  });

  test("pauses an endpoint after ten failures in a row, probes it once, and goes on when it answers", async () => {
    const kit = setUp();
    let isUp = false;
    const hook = await receiver((_request, response) => response.writeHead(isUp ? 200 : 500).end());
    const { endpoint } = await kit.endpoint({ url: hook.url });
    await kit.start();
    await kit.record(...Array.from({ length: 30 }, (_, n) => kit.started(`call_${n}`)));
    const read = () => kit.endpoints.find(kit.workspaceId, endpoint.id);
    await until(async () => expect((await read())?.openUntil).toBeDefined());
    await until(() => expect(hook.state.inFlight).toBe(0));
    const tried = hook.received.length;
    expect(tried).toBeLessThan(20);
    expect(await read()).toMatchObject({ failures: 10, openUntil: "2026-03-04T05:06:37.000Z" });
    kit.clock.advance(29_000);
    await kit.record(kit.started("call_more"));
    expect((await kit.list()).filter(({ attempts }) => attempts > 0).length).toBeLessThan(20);
    kit.clock.advance(1_000);
    await until(async () => expect((await read())?.failures).toBe(11));
    expect(hook.received.length).toBe(tried + 1);
    expect((await read())?.openUntil).toBe("2026-03-04T05:07:37.000Z");
    isUp = true;
    kit.clock.advance(60_000);
    await until(async () => expect(await kit.list({ limit: 100, status: "delivered" })).toHaveLength(31));
    expect(await read()).toMatchObject({ failures: 0 });
    expect(await read()).not.toHaveProperty("openUntil");
  });

  test("switches an endpoint off that answers 410 Gone", async () => {
    const kit = setUp();
    const hook = await receiver((_request, response) => response.writeHead(410).end());
    const { endpoint } = await kit.endpoint({ url: hook.url });
    await kit.start();
    await kit.record(kit.started("call_1"));
    await until(async () => expect((await kit.list())[0]).toMatchObject({ status: "failed", responseStatus: 410 }));
    expect((await kit.endpoints.find(kit.workspaceId, endpoint.id))?.isEnabled).toBe(false);
    expect(await kit.record(kit.started("call_2"))).toBe(0);
  });

  test("waits as long as Retry-After says", async () => {
    const kit = setUp();
    const hook = await receiver((_request, response) => response.writeHead(429, { "Retry-After": "120" }).end());
    await kit.endpoint({ url: hook.url });
    await kit.start();
    await kit.record(kit.started("call_1"));
    await until(async () => expect((await kit.list())[0]?.nextAttemptAt).toBe("2026-03-04T05:08:07.000Z"));
  });

  test("follows no redirect and calls no private address", async () => {
    const kit = setUp();
    const hook = await receiver((_request, response) => response.writeHead(302, { Location: hook.url }).end());
    await kit.endpoint({ url: hook.url });
    await kit.endpoint({ url: "http://169.254.169.254/latest" });
    await kit.endpoint({ url: "http://[::1]:1/" });
    await kit.endpoint({ url: "http://127.0.0.1:1/" });
    await kit.start();
    await kit.record(kit.started("call_1"));
    await until(async () => expect((await kit.list()).every(({ attempts }) => attempts === 1)).toBe(true));
    expect((await kit.list()).map(({ error }) => error).toSorted()).toEqual(
      [
        "answered with a redirect (302), which is not followed",
        "the URL is not allowed: 169.254.169.254 is a private address; list it in EARSHOT_ALLOW_PRIVATE_URLS if webhooks may reach it",
        "the URL is not allowed: ::1 is a private address; list it in EARSHOT_ALLOW_PRIVATE_URLS if webhooks may reach it",
        "the connection was refused",
      ].toSorted(),
    );
    expect(hook.received).toHaveLength(1);
  });

  test("leaves what it can't finish to others when it is closed", async () => {
    const kit = setUp();
    let isSilent = true;
    const hook = await receiver((_request, response) => (isSilent ? undefined : response.end()));
    await kit.endpoint({ url: hook.url });
    const first = await kit.start();
    await kit.record(...Array.from({ length: 12 }, (_, n) => kit.started(`call_${n}`)));
    await until(() => expect(hook.received.length).toBe(1));
    const closing = first.close({ graceMs: 500 });
    await until(() => {
      kit.clock.advance(500);
      expect(hook.state.inFlight).toBe(0);
    });
    await closing;
    expect((await kit.list()).every(({ attempts, status }) => attempts === 0 && status === "pending")).toBe(true);
    isSilent = false;
    await kit.start();
    await until(async () => expect(await kit.list({ limit: 100, status: "delivered" })).toHaveLength(12));
  });

  test("takes up what another node left, once its lease has ended, and shares with it otherwise", async () => {
    const kit = setUp();
    const hook = await receiver();
    await kit.endpoint({ url: hook.url });
    await kit.record(kit.started("call_lost"));
    const now = kit.clock.now();
    const lost = await kit.queue.claim({
      ...{ now, limit: 10, afterEndpointId: "", rooms: new Map(), defaultRoom: 8, orderedDialects: [] },
      leaseUntil: new Date(now.getTime() + 30_000),
    });
    expect(lost).toHaveLength(1);
    await kit.start();
    await kit.start();
    await kit.record(...Array.from({ length: 200 }, (_, n) => kit.started(`call_${n}`)));
    await until(async () => expect(await kit.list({ limit: 999, status: "delivered" })).toHaveLength(200));
    expect(new Set(hook.received.map(({ headers }) => headers["earshot-delivery"])).size).toBe(200);
    expect(hook.received).toHaveLength(200);
    kit.clock.advance(30_000);
    await until(() => expect(hook.received).toHaveLength(201));
  });

  test("stores what came of attempts once the database is back", async () => {
    const kit = setUp();
    const hook = await receiver();
    await kit.endpoint({ url: hook.url });
    let isDown = true;
    const finish: typeof kit.queue.finish = (...given) =>
      isDown ? Promise.reject(new Error("down")) : kit.queue.finish(...given);
    await kit.start({ queue: { ...kit.queue, finish } });
    await kit.record(kit.started("call_1"));
    await until(() => expect(kit.errors.length).toBeGreaterThan(0));
    isDown = false;
    kit.clock.advance(1000);
    await until(async () => expect((await kit.list())[0]?.status).toBe("delivered"));
    expect(hook.received).toHaveLength(1);
  });

  test("gives up what a switched-off endpoint kept from being tried for a day", async () => {
    const kit = setUp();
    const { endpoint } = await kit.endpoint({ url: "http://127.0.0.1:1/" });
    await kit.record(kit.started("call_1"));
    await kit.endpoints.update(kit.workspaceId, endpoint.id, (before) => ({ ...before, isEnabled: false }));
    await kit.start();
    kit.clock.advance(24 * 3_600_000);
    await until(async () => expect((await kit.list())[0]).toMatchObject({ status: "failed", attempts: 0 }));
  });

  test("gives up what a deleted endpoint had pending", async () => {
    const kit = setUp();
    const { endpoint } = await kit.endpoint({ url: "http://127.0.0.1:1/" });
    await kit.record(kit.started("call_1"));
    await kit.endpoints.remove(kit.workspaceId, endpoint.id, kit.clock.now());
    await kit.start();
    kit.clock.advance(60_000);
    await until(async () =>
      expect((await kit.list())[0]).toMatchObject({ status: "failed", error: "the endpoint was deleted" }),
    );
  });

  test("holds what takes long, so that no other node takes it too", async () => {
    const kit = setUp();
    const hook = await receiver(() => {});
    await kit.endpoint({ url: hook.url, settings: { timeoutMs: 60_000 } });
    await kit.start();
    await kit.start();
    await kit.record(kit.started("call_1"));
    await until(() => expect(hook.received).toHaveLength(1));
    const heldUntil = async () =>
      (await database().pool.query("select claimed_until from webhook_deliveries")).rows[0].claimed_until as Date;
    for (let second = 10; second <= 50; second += 10) {
      kit.clock.advance(10_000);
      await until(async () => expect(await heldUntil()).toEqual(new Date(kit.clock.now().getTime() + 30_000)));
    }
    expect(hook.received).toHaveLength(1);
    kit.clock.advance(10_000);
    await until(async () => expect((await kit.list())[0]?.error).toBe("no answer within 60 s"));
    expect(kit.errors).toEqual([]);
  });
});
