import { expect, test } from "vitest";
import { apiClient } from "../api/testing/api-client.ts";
import { testDeps } from "../api/testing/test-deps.ts";
import { createFindMcpServers } from "../mcp-servers/find-mcp-servers.ts";
import { sendFromCall } from "../messages/send-from-call.ts";
import { describeOnEachDatabase } from "../storage/testing/each-database.ts";
import { type CallReservation, createIdleCallControl } from "./call-control.ts";
import { placeTransfer } from "./place-transfer.ts";

describeOnEachDatabase("a call's tools on the main thread", (database) => {
  const setUp = async () => {
    const reserved: CallReservation[] = [];
    const control = {
      ...createIdleCallControl(),
      reserve: async (reservation: CallReservation) => void reserved.push(reservation),
      bridge: async () => true,
    };
    const deps = testDeps(database(), { control });
    const all = { ...deps, findMcpServers: createFindMcpServers(deps) };
    const client = apiClient(database(), all);
    const make = async (path: string, body: unknown) => {
      const { status, body: made } = await client.send("POST", path, body);
      expect([path, status]).toEqual([path, 201]);
      return made as Readonly<Record<string, string>> & { readonly id: string };
    };
    const billing = await make("/v1/agents", { name: "Billing" });
    const number = await make("/v1/phone-numbers", { areaCode: "415", agentId: billing.id });
    const web = async (agent: object = {}) => {
      const { id } = await make("/v1/agents", { name: "Reception", ...agent });
      return make("/v1/calls", { agentId: id, pace: "fast" });
    };
    return { ...{ deps: all, make, billing, number, web, reserved, client } };
  };

  test("rings the agent of a number, with the caller's line and the briefing", async () => {
    const { deps, number, web, billing, reserved } = await setUp();
    const call = await web();
    const order = { destination: number["phoneNumber"] ?? "", mode: "warm", briefing: "Asks for a bill." } as const;
    const placed = await placeTransfer(deps, call.id, order);
    expect(placed.outcome).toBe("answered");
    const [, answering] = reserved;
    expect(answering).toMatchObject({
      briefing: "Asks for a bill.",
      call: { direction: "inbound", peerCallId: call.id, pace: "fast", agentId: billing.id, status: "ringing" },
    });
  });

  test("says why a destination can't be had", async () => {
    const { deps, make, web } = await setUp();
    const { id } = await web();
    const nobody = await make("/v1/phone-numbers", { areaCode: "415" });
    const to = async (destination: string) => {
      const placed = await placeTransfer(deps, id, { destination, mode: "cold" });
      return [placed.outcome, "message" in placed ? placed.message : undefined];
    };
    expect(await to("+12125550123")).toEqual(["unreachable", expect.stringContaining("no carrier is connected")]);
    expect(await to("sip:a@b.example")).toEqual(["unreachable", "the caller is on no telephone"]);
    for (const uri of [
      "sip:+442079460958@b.example",
      "sip:+44%32079460958@b.example",
      "sip:+44-2079-460958;x=y@b.example",
    ])
      expect(await to(uri)).toEqual(["rejected", expect.stringContaining("is in GB")]);
    expect(await to("911")).toEqual(["rejected", expect.stringContaining("emergency")]);
    expect(await to(nobody["phoneNumber"] ?? "")).toEqual(["no-answer", expect.stringContaining("no agent answers")]);
    expect((await placeTransfer(deps, "call_0", { destination: "+12125550123", mode: "cold" })).outcome).toBe("failed");
  });

  test("knows every agent that a call may come to, once, and the MCP servers of all", async () => {
    const { make, web, reserved, client } = await setUp();
    const server = await make("/v1/mcp-servers", {
      ...{ name: "Kitchen", url: "https://kitchen.example/mcp", headers: { Authorization: "Bearer sesame" } },
    });
    const mcp = { kind: "mcp", name: "kitchen", mcpServerId: server.id };
    const second = await make("/v1/agents", { name: "Second", tools: [mcp] });
    const idle = await make("/v1/agents", { name: "Idle", isActive: false });
    const to = (agentId: string, name: string) => ({ kind: "handoff", name, description: "", agentId });
    await client.send("PATCH", `/v1/agents/${second.id}`, {
      tools: [mcp, to(second.id, "again"), to(idle.id, "idle")],
    });
    await web({ tools: [to(second.id, "second"), to("agt_0", "nobody")] });
    const [{ handoffs = {}, mcpServers = {} } = {}] = reserved;
    expect(Object.keys(handoffs)).toEqual([second.id]);
    expect(mcpServers).toMatchObject({
      [server.id]: { name: "Kitchen", transport: "streamable_http", headers: { Authorization: "Bearer sesame" } },
    });
  });

  test("sends texts from the agent's number, and says why not", async () => {
    const { deps, make, web, billing, number } = await setUp();
    const call = await web();
    const send = (callId: string, to?: string) =>
      sendFromCall(deps, callId, { body: "Hi", ...(to === undefined ? {} : { to }) });
    expect((await send(call.id)).result).toContain("the caller has no number");
    expect((await send(call.id, "+12125550123")).result).toContain("the agent has no phone number");
    const other = await make("/v1/phone-numbers", { areaCode: "415" });
    const phone = await make("/v1/calls", { type: "phone", agentId: billing.id, to: other["phoneNumber"] });
    expect(await send(phone.id)).toEqual({
      outcome: "succeeded",
      result: `The message was sent to ${other["phoneNumber"]}.`,
    });
    expect((await send(phone.id, "+12125550123")).result).toBe("The message was not sent: no carrier is connected.");
    expect(number["phoneNumber"]).toBeDefined();
  });
});
