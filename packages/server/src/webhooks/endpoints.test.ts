import { randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { newId } from "../new-id.ts";
import { createUrlGuard } from "../outbound-http/guard-url.ts";
import { createVault } from "../secrets/vault.ts";
import { describeOnEachDatabase } from "../storage/testing/each-database.ts";
import { FakeWallClock } from "../testing/fake-wall-clock.ts";
import { createEndpoint } from "./create-endpoint.ts";
import { deleteEndpoint } from "./delete-endpoint.ts";
import type { NewDomainEvent } from "./domain-event.ts";
import { listEndpoints } from "./list-endpoints.ts";
import { readEndpoint } from "./read-endpoint.ts";
import { rotateSecret } from "./rotate-secret.ts";
import { newSecret, secretsOf } from "./signing-secrets.ts";
import { agentEndpointId, createWebhookEndpointStore, recordEvents, syncAgentEndpoint } from "./store.ts";
import { updateEndpoint } from "./update-endpoint.ts";
import { newWebhookEndpointShape, toView } from "./webhook-endpoint.ts";

const DAY_MS = 24 * 3_600_000;

describeOnEachDatabase("webhook endpoints", (database) => {
  const clock = new FakeWallClock();
  const vault = createVault(randomBytes(32));
  const guard = createUrlGuard({ allow: [] });
  const setUp = () => {
    const endpoints = createWebhookEndpointStore(database());
    return { endpoints, vault, clock, guard, workspaceId: newId("ws", clock.now().getTime()) };
  };
  const started = (workspaceId: string, agentId?: string): NewDomainEvent => {
    const occurredAt = clock.now();
    const data = { callId: "call_1", direction: "web", startedAt: occurredAt.toISOString() };
    return { type: "call.started", workspaceId, occurredAt, data: agentId === undefined ? data : { ...data, agentId } };
  };
  const receivers = async (workspaceId: string): Promise<string[]> => {
    const { rows } = await database().pool.query(
      "select url from webhook_deliveries d join webhook_endpoints e on e.id = d.endpoint_id where d.workspace_id = $1",
      [workspaceId],
    );
    await database().pool.query("delete from webhook_deliveries where workspace_id = $1", [workspaceId]);
    return rows.map(({ url }: { url: string }) => new URL(url).pathname).toSorted();
  };

  test("are made with a secret that is shown once and kept sealed", async () => {
    const deps = setUp();
    const { endpoint, secret } = await createEndpoint(deps, deps.workspaceId, { url: "https://example.com/a" });
    expect(secret).toMatch(/^whsec_[\w-]{43}$/);
    expect(JSON.stringify(endpoint)).not.toContain(secret);
    expect(await readEndpoint(deps.endpoints, deps.workspaceId, endpoint.id)).toEqual(endpoint);
    expect(toView(endpoint)).toMatchObject({ isEnabled: true, isSigned: true, events: ["*"], dialect: "earshot" });
    expect(secretsOf(vault, endpoint, 0)).toEqual([secret]);
  });

  test("belong to their workspace alone", async () => {
    const deps = setUp();
    const { endpoint } = await createEndpoint(deps, deps.workspaceId, { url: "https://example.com/a" });
    const other = newId("ws", 1);
    for (const attempt of [
      () => readEndpoint(deps.endpoints, other, endpoint.id),
      () => updateEndpoint(deps, other, { id: endpoint.id, isEnabled: false }),
      () => rotateSecret(deps, other, { id: endpoint.id }),
      () => deleteEndpoint(deps, other, endpoint.id),
      () => createEndpoint(deps, other, { url: "https://example.com/", agentId: "agt_none" }),
    ])
      await expect(attempt()).rejects.toMatchObject({ code: "not_found" });
    expect((await listEndpoints(deps.endpoints, other, { limit: 10 })).data).toEqual([]);
    expect((await listEndpoints(deps.endpoints, deps.workspaceId, { limit: 10 })).data).toEqual([endpoint]);
  });

  test("refuse a private address with the name of the field", async () => {
    const deps = setUp();
    await expect(createEndpoint(deps, deps.workspaceId, { url: "http://10.0.0.1/" })).rejects.toMatchObject({
      code: "invalid_request",
      details: { errors: [{ path: "url", message: expect.stringContaining("EARSHOT_ALLOW_PRIVATE_URLS") }] },
    });
  });

  test("sign with the old and the new secret for a day after a rotation", async () => {
    const deps = setUp();
    const { endpoint, secret: old } = await createEndpoint(deps, deps.workspaceId, { url: "https://example.com/a" });
    const { endpoint: rotated, secret } = await rotateSecret(deps, deps.workspaceId, { id: endpoint.id });
    expect(secretsOf(vault, rotated, clock.now().getTime() + DAY_MS - 1)).toEqual([secret, old]);
    expect(secretsOf(vault, rotated, clock.now().getTime() + DAY_MS)).toEqual([secret]);
  });

  test("hear what they listen to, of their workspace or agent", async () => {
    const deps = setUp();
    const { workspaceId } = deps;
    const create = (path: string, more: object = {}) =>
      createEndpoint(deps, workspaceId, { url: `https://example.com/${path}`, ...more });
    await create("all");
    await create("deployments", { events: ["agent.deployed"] });
    await create("both", { events: ["call.started", "agent.deployed"] });
    const { endpoint: off } = await create("off");
    await updateEndpoint(deps, workspaceId, { id: off.id, isEnabled: false });
    const { endpoint: gone } = await create("gone");
    await deleteEndpoint(deps, workspaceId, gone.id);
    expect(await recordEvents(database().drizzle, [started(workspaceId)])).toBe(2);
    expect(await receivers(workspaceId)).toEqual(["/all", "/both"]);
    expect(await recordEvents(database().drizzle, [])).toBe(0);
  });

  test("let an agent's webhook take the account's place where that is the dialect's rule, and only there", async () => {
    const deps = setUp();
    const { workspaceId } = deps;
    const agentId = newId("agt", clock.now().getTime());
    for (const dialect of ["earshot", "agentphone", "wordcab", "hms", "voicy"] as const)
      await createEndpoint(deps, workspaceId, { url: `https://example.com/${dialect}`, dialect });
    const mirror = { workspaceId, agentId, events: ["*"], settings: {} };
    const sync = (more: { dialect: "hms" | "earshot"; url: string | undefined; secret?: string | null }) =>
      syncAgentEndpoint(database().drizzle, { vault, now: clock.now() }, { ...mirror, ...more });
    await sync({ dialect: "hms", url: "https://example.com/agent", secret: "hms secret" });
    await recordEvents(database().drizzle, [started(workspaceId, agentId)]);
    expect(await receivers(workspaceId)).toEqual(["/agent", "/agentphone", "/earshot", "/voicy", "/wordcab"]);
    await recordEvents(database().drizzle, [started(workspaceId, "agt_other"), started(workspaceId)]);
    expect(await receivers(workspaceId)).toHaveLength(10);

    const read = () => readEndpoint(deps.endpoints, workspaceId, agentEndpointId(agentId));
    await sync({ dialect: "hms", url: "https://example.com/agent" });
    expect(secretsOf(vault, await read(), 0)).toEqual(["hms secret"]);
    await updateEndpoint(deps, workspaceId, { id: agentEndpointId(agentId), isEnabled: false });
    await sync({ dialect: "earshot", url: "https://example.com/agent", secret: null });
    expect(await read()).toMatchObject({ dialect: "earshot", isEnabled: false });
    expect(secretsOf(vault, await read(), 0)).toEqual([]);
    await sync({ dialect: "earshot", url: "https://example.com/moved" });
    expect(await read()).toMatchObject({ isEnabled: true });
    await recordEvents(database().drizzle, [started(workspaceId, agentId)]);
    expect(await receivers(workspaceId)).toEqual(["/agentphone", "/earshot", "/hms", "/moved", "/voicy", "/wordcab"]);
    await sync({ dialect: "earshot", url: undefined });
    await expect(read()).rejects.toMatchObject({ code: "not_found" });
    await sync({ dialect: "earshot", url: "https://example.com/again" });
    expect((await read()).url).toBe("https://example.com/again");
  });

  test("are told nothing of a transaction that was rolled back, and take any text", async () => {
    const deps = setUp();
    const { workspaceId } = deps;
    await createEndpoint(deps, workspaceId, { url: "https://example.com/a" });
    const failing = database().drizzle.transaction(async (transaction) => {
      await recordEvents(transaction, [started(workspaceId)]);
      throw new Error("no");
    });
    await expect(failing).rejects.toThrow("no");
    expect(await receivers(workspaceId)).toEqual([]);
    const odd = started(workspaceId);
    await recordEvents(database().drizzle, [
      { ...odd, data: { ...odd.data, callId: "a\0b \ud800 \\u0000 🦻" } } as NewDomainEvent,
    ]);
    const { rows } = await database().pool.query("select subject_id, data from domain_events where workspace_id = $1", [
      workspaceId,
    ]);
    expect(rows[0].data.callId).toBe("ab \ufffd \\u0000 🦻");
  });
});

describe("the shape of a new webhook endpoint", () => {
  test("refuses headers that would break or forge a delivery", () => {
    const parse = (headers: object) =>
      newWebhookEndpointShape.safeParse({ url: "https://example.com", headers }).success;
    expect(parse({ Authorization: "Bearer x", "X-A": "" })).toBe(true);
    for (const name of ["Host", "content-length", "Earshot-Signature", "Transfer-Encoding", "a b", "x:y", ""])
      expect(parse({ [name]: "x" })).toBe(false);
    for (const value of ["a\r\nb: c", "é", "x".repeat(1001)]) expect(parse({ "X-A": value })).toBe(false);
    expect(parse(Object.fromEntries(Array.from({ length: 11 }, (_, n) => [`X-${n}`, "1"])))).toBe(false);
  });

  test("takes known events and a secret of the caller's own", () => {
    const parse = (more: object) => newWebhookEndpointShape.safeParse({ url: "https://example.com", ...more }).success;
    expect(parse({ events: ["call.ended", "message.received"], secret: newSecret() })).toBe(true);
    for (const wrong of [
      { events: ["call.exploded"] },
      { events: [] },
      { secret: "short" },
      { url: "ftp://a" },
      { x: 1 },
    ])
      expect(parse(wrong)).toBe(false);
  });
});
