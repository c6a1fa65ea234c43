import { expect, test } from "vitest";
import { apiClient } from "../api/testing/api-client.ts";
import { type CallReservation, createIdleCallControl } from "../calls/call-control.ts";
import { describeOnEachDatabase } from "../storage/testing/each-database.ts";
import { createFindVoiceTurns } from "./find-voice-turns.ts";

describeOnEachDatabase("an agent in webhook mode", (database) => {
  const setUp = async () => {
    const held: CallReservation[] = [];
    const control = {
      ...createIdleCallControl(),
      reserve: async (reservation: CallReservation) => void held.push(reservation),
    };
    const { deps } = apiClient(database());
    const { endpoints } = deps.webhooks;
    const findVoiceTurns = createFindVoiceTurns({ endpoints, vault: deps.vault, clock: deps.clock });
    const client = apiClient(database(), { control, findVoiceTurns });
    const inWorkspace = {
      "Earshot-Workspace": String((await client.send("POST", "/v1/workspaces", { name: "One" })).body["id"]),
    };
    const send = (method: string, path: string, body?: unknown) => client.send(method, path, body, inWorkspace);
    const make = async (path: string, body: object) => {
      const { status, body: made } = await send("POST", path, body);
      expect([status, made]).toEqual([201, expect.anything()]);
      return String(made["id"]);
    };
    const turnsOf = async (agentId: string) => {
      expect((await send("POST", "/v1/calls", { agentId })).status).toBe(201);
      return held.at(-1)?.voiceTurns;
    };
    return { send, make, turnsOf, held };
  };

  test("has its turns decided by its own webhook, signed, or else by the workspace's", async () => {
    const { make, turnsOf } = await setUp();
    const lonely = await make("/v1/agents", { name: "Lonely", mode: "webhook" });
    expect(await turnsOf(lonely)).toBeUndefined();
    const url = "https://example.com/workspace";
    await make("/v1/webhook-endpoints", { url, secret: "whsec_of_the_workspace_1234", timeoutMs: 7_000 });
    expect(await turnsOf(lonely)).toMatchObject({ url, secret: "whsec_of_the_workspace_1234", timeoutMs: 7_000 });
    const webhook = { url: "https://example.com/own", secret: "whsec_of_the_agent_12345678", dialect: "agentphone" };
    const own = await make("/v1/agents", { name: "Own", mode: "webhook", webhook });
    expect(await turnsOf(own)).toMatchObject({ ...webhook, timeoutMs: 30_000 });
    expect(await turnsOf(lonely)).toMatchObject({ url });
  });

  test("and in any other has tools that ask its webhook signed with the webhook's secret", async () => {
    const { make, turnsOf, held } = await setUp();
    const webhook = { url: "https://example.com/own", secret: "whsec_of_the_agent_12345678" };
    const tools = [{ kind: "webhook", name: "book", description: "Books." }];
    expect(await turnsOf(await make("/v1/agents", { name: "Ada", webhook, tools }))).toBeUndefined();
    expect(held.at(-1)?.agent.webhook).toMatchObject(webhook);
    const stored = await database().pool.query("select row_to_json(calls)::text as row from calls");
    expect(JSON.stringify(stored.rows)).not.toContain(webhook.secret);
    const signed = [{ ...tools[0], secret: "of the tool itself" }];
    await turnsOf(await make("/v1/agents", { name: "Bea", webhook, tools: signed }));
    expect(held.at(-1)?.agent.webhook).not.toHaveProperty("secret");
  });

  test("is answered for by our models when its endpoint is switched off, and when it is in another mode", async () => {
    const { send, make, turnsOf } = await setUp();
    const endpoint = await make("/v1/webhook-endpoints", { url: "https://example.com/" });
    const agent = await make("/v1/agents", { name: "Ada", mode: "webhook" });
    expect(await turnsOf(agent)).toBeDefined();
    await send("PATCH", `/v1/webhook-endpoints/${endpoint}`, { isEnabled: false });
    expect(await turnsOf(agent)).toBeUndefined();
    await send("PATCH", `/v1/webhook-endpoints/${endpoint}`, { isEnabled: true });
    await send("PATCH", `/v1/agents/${agent}`, { mode: "pipeline" });
    expect(await turnsOf(agent)).toBeUndefined();
  });
});
