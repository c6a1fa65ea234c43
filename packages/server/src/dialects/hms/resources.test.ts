import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { createUrlGuard } from "../../outbound-http/guard-url.ts";
import { describeOnEachDatabase } from "../../storage/testing/each-database.ts";
import fixtures from "./fixtures/resources.json" with { type: "json" };
import { reachMcpServer } from "./reach-mcp-server.ts";
import type { Json } from "./testing/hms-client.ts";
import { setUp } from "./testing/set-up.ts";

type Case = { path: string; one: string; many: string; body: Json; patch: Json | null; shown: Json };

describeOnEachDatabase("HMS resources", (database) => {
  const start = () => setUp(database());

  test.each(Object.entries(fixtures as Record<string, Case>))(
    "%s are created, read, listed, changed and deleted",
    async (_name, each) => {
      const { hms, clientOf } = start();
      const { path, one, many, body, patch } = each;
      const agent = (await hms.post<{ agent: { id: string } }>("/agents", { name: "A" })).agent.id;
      const sent = "agent_id" in body ? { ...body, agent_id: agent } : body;
      const created = (await hms.post<Record<string, Json>>(path, sent))[one] ?? {};
      expect(created).toMatchObject(each.shown);
      expect(created["unknown_to_us"]).toEqual(body["unknown_to_us"]);
      expect(JSON.stringify(created)).not.toContain("sesame");
      const at = `${path}/${created["id"]}`;
      expect((await hms.get<Record<string, Json>>(at))[one]).toEqual(created);
      const listed = (await hms.get<Record<string, Json[]>>(path))[many] ?? [];
      expect(listed.map(({ id }) => id)).toContain(created["id"]);
      if (patch !== null) {
        const changed = (await hms.patch<Record<string, Json>>(at, patch))[one] ?? {};
        expect(changed).toMatchObject({ ...patch, id: created["id"] });
        const others = Object.keys(body).filter((field) => !(field in patch));
        expect(others.map((field) => changed[field])).toEqual(others.map((field) => created[field]));
        await expect(hms.patch(at, { name: "" })).rejects.toMatchObject({ status: 400, param: "name" });
        expect((await hms.get<Record<string, Json>>(at))[one]).toEqual(changed);
      }
      const { api_key: key } = await hms.post<{ api_key: string }>("/organizations", { name: "Stranger" });
      await expect(clientOf(key).get(at)).rejects.toMatchObject({ status: 404 });
      await expect(clientOf(key).delete(at)).rejects.toMatchObject({ status: 404 });
      await expect(hms.post(path, {})).rejects.toMatchObject({ status: 400, code: "missing_field" });
      expect(await hms.delete(at)).toEqual({ success: true });
      await expect(hms.get(at)).rejects.toMatchObject({ status: 404 });
    },
  );

  test("SIP trunks answer clients of every age", async () => {
    const { hms } = start();
    const old = await hms.post<{ trunk: Json; sip_trunk: Json }>("/sip-trunks", fixtures.sip_trunks.body);
    expect(old.trunk).toEqual(old.sip_trunk);
    const { trunk } = await hms.post<{ trunk: Json }>("/sip-trunks", {
      name: "New",
      address: "sip.example.com:5080",
      transport: "tls",
      auth_username: "u",
      auth_password: "sesame",
    });
    expect(trunk).toMatchObject({ host: "sip.example.com", port: 5080, transport: "tls", username: "u" });
    await expect(hms.post("/sip-trunks", { name: "No host" })).rejects.toMatchObject({ param: "host" });
  });

  test("numbers are attached, detached and released", async () => {
    const { hms } = start();
    const { agent } = await hms.post<{ agent: { id: string } }>("/agents", { name: "Desk", business_name: "Acme" });
    const body = { phone_number: "+31850835037", name: "Main", assistant_id: agent.id };
    const { number } = await hms.post<{ number: Json }>("/numbers", body);
    expect(number).toMatchObject({
      ...body,
      agent_id: agent.id,
      agent_name: "Desk",
      business_name: "Acme",
      is_active: true,
    });
    await expect(hms.post("/numbers", body)).rejects.toMatchObject({ status: 409, code: "conflict" });
    await expect(hms.post("/numbers", { phone_number: "12" })).rejects.toMatchObject({
      status: 400,
      param: "phone_number",
    });
    const at = `/numbers/${number["id"]}`;
    const { trunk } = await hms.post<{ trunk: Json }>("/sip-trunks", fixtures.sip_trunks.body);
    const patch = { agent_id: null, is_active: false, transfer_trunk_id: trunk["id"] };
    const changed = await hms.patch<{ number: Json }>(at, patch);
    expect(changed.number).toMatchObject({ ...patch, agent_name: null, transfer_trunk_name: trunk["name"] });
    await expect(hms.delete(`/sip-trunks/${trunk["id"]}`)).rejects.toMatchObject({ status: 409 });
    await expect(hms.patch(at, { agent_id: "nobody" })).rejects.toMatchObject({ status: 404 });
    expect(await hms.get("/numbers")).toMatchObject({ numbers: [{ id: number["id"] }] });
    expect(await hms.delete(at)).toEqual({ success: true });
    await expect(hms.get(at)).rejects.toMatchObject({ status: 404 });
    expect(await hms.get("/numbers")).toEqual({ numbers: [] });
  });

  test("campaigns have leads, and don't start", async () => {
    const { hms } = start();
    const { agent } = await hms.post<{ agent: { id: string } }>("/agents", { name: "Caller" });
    const leads = [{ phone_number: "+31612345678", name: "Jan", variables: { day: "Monday" } }];
    const { campaign } = await hms.post<{ campaign: Json }>("/campaigns", { name: "C", agent_id: agent.id, leads });
    expect(campaign).toMatchObject({ status: "draft", total_leads: 1, completed_leads: 0, failed_leads: 0 });
    const at = `/campaigns/${campaign["id"]}`;
    const { lead } = await hms.post<{ lead: Json }>(`${at}/leads`, { phone_number: "+31612345679" });
    expect(lead).toMatchObject({ campaign_id: campaign["id"], status: "pending", attempts: 0, call_id: null });
    expect(await hms.get(`${at}/leads`, { limit: 1, offset: 1 })).toMatchObject({
      leads: [{ name: "Jan", variables: { day: "Monday" } }],
      pagination: { total: 2, limit: 1, offset: 1 },
    });
    await expect(hms.post(`${at}/leads`, { phone_number: "no" })).rejects.toMatchObject({ param: "phone_number" });
    await expect(hms.patch(at, { status: "scheduled" })).rejects.toMatchObject({
      status: 501,
      code: "not_implemented",
    });
    await expect(hms.post(`${at}/start`)).rejects.toMatchObject({ status: 501 });
    expect(await hms.patch(at, { status: "paused" })).toMatchObject({ campaign: { status: "paused", total_leads: 2 } });
    expect(await hms.delete(`${at}/leads/${lead["id"]}`)).toEqual({ success: true });
    await expect(hms.post("/campaigns", { name: "C", agent_id: "nobody" })).rejects.toMatchObject({ status: 404 });
    await expect(hms.post("/campaigns", { name: "C" })).rejects.toMatchObject({ param: "agent_id" });
  });

  test("workflows that can't run are told all that is wrong", async () => {
    const { hms, app } = start();
    const definition = {
      version: 1,
      entry_node: "nowhere",
      nodes: [
        { id: "Start", type: "conversation" },
        { id: "end", type: "end" },
      ],
      edges: [{ from: "end", to: "end" }],
    };
    const response = await app.request("http://localhost/hms/api/v1/workflows", {
      method: "POST",
      headers: { Authorization: "Bearer a-key-for-tests-only", "Content-Type": "application/json" },
      body: JSON.stringify({ name: "W", definition }),
    });
    const { error, details } = (await response.json()) as { error: string; details: string[] };
    expect([response.status, error]).toEqual([400, `the workflow is not valid: ${details[0]}`]);
    expect(details).toEqual(expect.arrayContaining([expect.stringMatching(/^definition\.nodes\.0\.id: /)]));
    const { workflow } = await hms.post<{ workflow: Json }>("/workflows", fixtures.workflows.body);
    const { number } = await hms.post<{ number: Json }>("/numbers", {
      phone_number: "+31850835038",
      workflow_id: workflow["id"],
    });
    expect(number).toMatchObject({ workflow_id: workflow["id"], workflow_name: workflow["name"] });
    await expect(hms.delete(`/workflows/${workflow["id"]}`)).rejects.toMatchObject({ status: 409 });
    await hms.patch(`/numbers/${number["id"]}`, { workflow_id: null });
    expect(await hms.delete(`/workflows/${workflow["id"]}`)).toEqual({ success: true });
  });

  test("keys of vendors are sealed, shown by id, and deleted by name", async () => {
    const { hms } = start();
    expect(await hms.post("/byok", { provider: "openai", api_key: "sk-sesame" })).toMatchObject({
      success: true,
      byok_keys: { openai_secret_id: expect.any(String), deepgram_secret_id: null },
    });
    await hms.post("/byok", { provider: "openai", api_key: "sk-other-sesame" });
    const shown = await hms.get<{ byok_keys: Json }>("/byok");
    expect(JSON.stringify([shown, await hms.get("/byok/config")])).not.toContain("sesame");
    expect(await hms.post("/byok/config")).toMatchObject({ byok_keys: shown.byok_keys });
    await expect(hms.post("/byok", { provider: "acme", api_key: "x" })).rejects.toMatchObject({ param: "provider" });
    expect(await hms.delete("/byok", { provider: "openai" })).toMatchObject({ byok_keys: { openai_secret_id: null } });
    await expect(hms.delete("/byok", { provider: "openai" })).rejects.toMatchObject({ status: 404 });
  });

  test("domains are stored and never said to be verified", async () => {
    const { hms } = start();
    await expect(hms.get("/domains")).rejects.toMatchObject({ status: 404 });
    const created = await hms.post("/domains", { domain: "calls.invalid" });
    expect(created).toMatchObject({ domain: "calls.invalid", verified: false, status: "not_started" });
    await expect(hms.post("/domains", { domain: "other.invalid" })).rejects.toMatchObject({ status: 409 });
    expect(await hms.post("/domains/verify")).toMatchObject({ verified: false, status: "pending" });
    expect(await hms.post("/domains/refresh")).toMatchObject({ verified: false });
    expect(await hms.get("/domains/sync")).toEqual([]);
    await expect(hms.post("/domains/sync", { domain_id: "x" })).rejects.toMatchObject({ status: 501 });
    expect(await hms.delete("/domains")).toEqual({ success: true });
    await expect(hms.post("/domains", { domain: "no domain" })).rejects.toMatchObject({ param: "domain" });
  });

  test("child organisations have a key of their own, and see nothing of their parent", async () => {
    const { hms, clientOf } = start();
    const child = await hms.post<{ id: string; api_key: string }>("/organizations", { name: "Dentist Office" });
    expect(child.api_key).toMatch(/^fl_live_/);
    const { children } = await hms.get<{ children: Json[] }>("/organizations", { include_children: "true" });
    expect(children[0]).toMatchObject({ id: child.id, name: "Dentist Office" });
    const own = clientOf(child.api_key);
    await hms.post("/agents", { name: "Of the parent" });
    expect(await own.get("/agents")).toEqual({ agents: [] });
    expect(await own.get("/account")).toMatchObject({ id: child.id, company_name: "Dentist Office", active_agents: 0 });
    expect(await own.patch("/organizations", { retention_days: 30 })).toMatchObject({ retention_days: 30 });
    await expect(own.post("/organizations", { name: "X", parent_org_id: "other" })).rejects.toMatchObject({
      status: 404,
    });
  });

  test("chats are kept in order for the customer's own software", async () => {
    const { hms } = start();
    const say = (role: string, content: string, channel = "whatsapp") =>
      hms.post<Json>("/chats", { contact_id: "+31612345678", channel, role, content });
    await say("user", "When?");
    const answer = await say("assistant", "Tomorrow.", "web");
    expect(await hms.get("/chats", { contact_id: "+31612345678", channel: "web" })).toEqual({
      messages: [answer],
      pagination: { total: 1, limit: 100, offset: 0 },
    });
    expect(await hms.get("/chats/context", { contact_id: "+31612345678" })).toMatchObject({
      formatted: "USER: When?\nASSISTANT: Tomorrow.",
    });
    expect(await hms.delete(`/chats/${answer["id"]}`)).toEqual({ success: true });
    await expect(hms.get("/chats")).rejects.toMatchObject({ status: 400, param: "contact_id" });
  });

  test("health needs no key; voices are those of this node", async () => {
    const { app, hms } = start();
    const health = await app.request("http://localhost/hms/api/v1/health");
    expect([health.status, await health.json()]).toEqual([
      200,
      {
        status: "ok",
        timestamp: expect.any(String),
        version: "1.0.0",
        checks: { database: { status: "ok", latency_ms: expect.any(Number) } },
      },
    ]);
    expect(await hms.get("/voices")).toEqual({
      voices: [{ id: "flite:slt", name: "Slt", language: "en", description: { en: "Slt", nl: "Slt" } }],
    });
    expect((await app.request("http://localhost/hms/api/v1/voices")).status).toBe(401);
    await expect(hms.get("/nowhere")).rejects.toMatchObject({ status: 404 });
  });

  test("answers say how many requests are left", async () => {
    const { app } = setUp(database(), { rateLimit: 1 });
    const ask = () =>
      app.request("http://localhost/hms/api/v1/voices", { headers: { Authorization: "Bearer a-key-for-tests-only" } });
    expect((await ask()).headers.get("X-RateLimit-Remaining")).toBe("0");
    const refused = await ask();
    expect([refused.status, Number(refused.headers.get("Retry-After")) > 0]).toEqual([429, true]);
    expect(await refused.json()).toMatchObject({ code: "rate_limit_exceeded" });
  });
});

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function mcpServer(answer: { status?: number; type?: string; body?: string; isOpen?: boolean }) {
  const received: { method: string | undefined; token: string | undefined; body: string }[] = [];
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    received.push({ method: request.method, token: request.headers.authorization, body });
    response.writeHead(answer.status ?? 200, { "Content-Type": answer.type ?? "application/json" });
    response.write(answer.body ?? "");
    if (answer.isOpen !== true) response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const guard = createUrlGuard({ allow: ["127.0.0.1"] });
  closers.push(
    () => guard.close(),
    () => {
      server.closeAllConnections();
      server.close();
    },
  );
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`;
  const base = { url, transport: "streamable_http", timeoutMs: 2000, headers: { Authorization: "Bearer t" } } as const;
  return { guard, received, base };
}

test("an MCP server is said hello to as its transport wants it", async () => {
  const hello = JSON.stringify({ jsonrpc: "2.0", id: 1, result: { serverInfo: { name: "crm" } } });
  const plain = await mcpServer({ body: hello });
  expect(await reachMcpServer(plain.guard, plain.base)).toMatchObject({ success: true, server_info: { name: "crm" } });
  expect(plain.received).toMatchObject([{ method: "POST", token: "Bearer t" }]);
  expect(JSON.parse(plain.received[0]?.body ?? "")).toMatchObject({ method: "initialize" });
  const stream = await mcpServer({
    type: "text/event-stream",
    body: `event: message\ndata: ${hello}\n\n`,
    isOpen: true,
  });
  expect(await reachMcpServer(stream.guard, stream.base)).toMatchObject({
    success: true,
    server_info: { name: "crm" },
  });
  expect(await reachMcpServer(stream.guard, { ...stream.base, transport: "sse" })).toMatchObject({ success: true });
});

test("an MCP server that can't be used is not said to be reached", async () => {
  const closed = await mcpServer({ status: 401 });
  expect(await reachMcpServer(closed.guard, closed.base)).toMatchObject({ success: false, status_code: 401 });
  const other = await mcpServer({ body: "<html>" });
  expect(await reachMcpServer(other.guard, other.base)).toMatchObject({ success: false, status_code: 200 });
  const strict = createUrlGuard({ allow: [] });
  closers.push(() => strict.close());
  expect((await reachMcpServer(strict, other.base)).message).toContain("not allowed");
  expect(other.received).toHaveLength(1);
});
