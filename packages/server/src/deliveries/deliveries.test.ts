import { afterEach, expect, test, vi } from "vitest";
import { describeOnEachDatabase } from "../storage/testing/each-database.ts";
import { deleteEndpoint } from "../webhooks/delete-endpoint.ts";
import { startReceiver } from "../webhooks/testing/receiver.ts";
import { expireDeliveries } from "./expire-deliveries.ts";
import { listDeliveries } from "./list-deliveries.ts";
import { readDelivery } from "./read-delivery.ts";
import { redeliver } from "./redeliver.ts";
import { sendTest } from "./send-test.ts";
import { createDispatchKit } from "./testing/dispatch-kit.ts";

const until = (check: () => void | Promise<void>) => vi.waitFor(check, { timeout: 10_000, interval: 5 });

describeOnEachDatabase("webhook deliveries", (database) => {
  const undo: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const step of undo.splice(0).toReversed()) await step();
    await database().pool.query("truncate webhook_deliveries, domain_events, webhook_endpoints");
  });
  const setUp = async (answer?: Parameters<typeof startReceiver>[0]) => {
    const kit = createDispatchKit(database());
    const hook = await startReceiver(answer);
    undo.push(hook.close, () => kit.close());
    return { kit, hook };
  };

  test("can be listed by page, status, endpoint, type and time", async () => {
    const { kit, hook } = await setUp(({ body }, response) =>
      response.writeHead(body.includes("call_bad") ? 410 : 200).end(),
    );
    const { endpoint } = await kit.endpoint({ url: hook.url, events: ["call.started"] });
    const { endpoint: second } = await kit.endpoint({ url: `${hook.url}/2` });
    await kit.record(kit.started("call_1"), kit.deployed(1));
    kit.clock.advance(3_600_000);
    await kit.record(kit.started("call_2"), kit.started("call_bad"));
    await kit.start();
    await until(async () => expect(await kit.list({ limit: 9, status: "pending" })).toEqual([]));
    const page = await listDeliveries(kit.deliveries, kit.workspaceId, { limit: 5 });
    expect(page.data).toHaveLength(5);
    const rest = await listDeliveries(kit.deliveries, kit.workspaceId, { limit: 5, cursor: page.nextCursor });
    expect(rest.data).toHaveLength(2);
    const total = async (filter: object) => (await kit.list({ limit: 99, ...filter })).length;
    expect(await total({ status: "failed" })).toBe(2);
    expect(await total({ endpointId: endpoint.id })).toBe(3);
    expect(await total({ endpointId: second.id, eventType: "agent.deployed" })).toBe(1);
    expect(await total({ sinceMs: kit.clock.now().getTime() })).toBe(4);
    expect(await kit.deliveries.list("ws_other", { limit: 99 })).toEqual([]);

    const stats = await kit.deliveries.stats(kit.workspaceId, { sinceMs: 0 });
    expect(stats).toEqual({
      ...{ total: 7, success: 5, failed: 2, pending: 0, successRate: 5 / 7 },
      byEventType: { "call.started": { delivered: 4, failed: 2 }, "agent.deployed": { delivered: 1 } },
      byHour: [
        { hour: "2026-03-04T05:00:00.000Z", success: 3, failed: 0, pending: 0 },
        { hour: "2026-03-04T06:00:00.000Z", success: 2, failed: 2, pending: 0 },
      ],
    });
    const none = await kit.deliveries.stats("ws_other", { sinceMs: 0, endpointId: endpoint.id });
    expect(none).toEqual({ total: 0, success: 0, failed: 0, pending: 0, byEventType: {}, byHour: [] });
  });

  test("can be sent again after they failed: the same id and body, and another day of attempts", async () => {
    let status = 410;
    const { kit, hook } = await setUp((_request, response) => response.writeHead(status).end());
    const { endpoint } = await kit.endpoint({ url: hook.url });
    const dispatcher = await kit.start();
    await kit.record(kit.started("call_1"));
    await until(async () => expect((await kit.list())[0]?.status).toBe("failed"));
    const [{ id } = { id: "" }] = await kit.list();
    kit.clock.advance(48 * 3_600_000);
    await kit.endpoints.update(kit.workspaceId, endpoint.id, (before) => ({ ...before, isEnabled: true }));
    status = 500;
    const deps = { deliveries: kit.deliveries, clock: kit.clock, wake: () => dispatcher.wake() };
    expect(await redeliver(deps, kit.workspaceId, id)).toMatchObject({ status: "pending", attempts: 0 });
    await until(async () => expect((await kit.list())[0]).toMatchObject({ status: "pending", attempts: 1 }));
    status = 200;
    await redeliver(deps, kit.workspaceId, id);
    await until(async () => expect((await kit.list())[0]).toMatchObject({ status: "delivered", attempts: 2 }));
    expect(new Set(hook.received.map(({ body }) => body)).size).toBe(1);
    const { history } = await readDelivery(kit.deliveries, kit.workspaceId, id);
    expect(history.map((attempt) => attempt.status)).toEqual([410, 500]);

    await expect(redeliver(deps, "ws_other", id)).rejects.toMatchObject({ code: "not_found" });
    await deleteEndpoint({ endpoints: kit.endpoints, clock: kit.clock }, kit.workspaceId, endpoint.id);
    await expect(redeliver(deps, kit.workspaceId, id)).rejects.toMatchObject({ code: "conflict" });
  });

  test("can be tried out: one request at once, in the log, without a retry", async () => {
    let status = 200;
    const { kit, hook } = await setUp((_request, response) => response.writeHead(status).end("hi"));
    const { endpoint } = await kit.endpoint({ url: hook.url });
    const deps = { endpoints: kit.endpoints, queue: kit.queue, attempts: kit.attempts };
    const result = await sendTest(deps, kit.workspaceId, endpoint.id);
    expect(result).toMatchObject({ success: true, statusCode: 200, durationMs: 0 });
    expect(hook.bodies()[0]).toMatchObject({ type: "webhook.test", data: { endpointId: endpoint.id } });
    expect(await readDelivery(kit.deliveries, kit.workspaceId, result.deliveryId)).toMatchObject({
      ...{ status: "delivered", responseBody: "hi", attempts: 1 },
    });
    status = 500;
    expect(await sendTest(deps, kit.workspaceId, endpoint.id)).toMatchObject({ success: false, error: "answered 500" });
    await kit.start();
    kit.clock.advance(3_600_000);
    await kit.record(kit.deployed(1));
    await until(() => expect(hook.received).toHaveLength(3));
    expect((await kit.endpoints.find(kit.workspaceId, endpoint.id))?.isEnabled).toBe(true);
    await expect(sendTest(deps, "ws_other", endpoint.id)).rejects.toMatchObject({ code: "not_found" });
  });

  test("are forgotten after 30 days, with their events, but for those still pending", async () => {
    const { kit, hook } = await setUp();
    await kit.endpoint({ url: hook.url, events: ["call.started"] });
    await kit.start();
    await kit.record(kit.started("call_old"), kit.deployed(1));
    await until(async () => expect((await kit.list())[0]?.status).toBe("delivered"));
    kit.clock.advance(30 * 24 * 3_600_000);
    expect(await expireDeliveries(kit)).toBe(0);
    kit.clock.advance(1);
    await kit.record(kit.started("call_new"));
    expect(await expireDeliveries(kit)).toBe(1);
    const { rows } = await database().pool.query("select subject_id from domain_events");
    expect(rows).toEqual([{ subject_id: "call_new" }]);
  });
});
