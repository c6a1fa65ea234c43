import { expect, test } from "vitest";
import { apiClient } from "../api/testing/api-client.ts";
import { describeOnEachDatabase } from "../storage/testing/each-database.ts";
import { createIdleCallControl } from "./call-control.ts";

describeOnEachDatabase("a phone call", (database) => {
  const setUp = async () => {
    const bridged: string[][] = [];
    const control = {
      ...createIdleCallControl(),
      bridge: async (...ids: [string, string]) => {
        bridged.push(ids);
        return true;
      },
    };
    const client = apiClient(database(), { control });
    const make = async (path: string, body: unknown) => {
      const { status, body: made } = await client.send("POST", path, body);
      expect([path, status]).toEqual([path, 201]);
      return made as Readonly<Record<string, string>> & { readonly id: string };
    };
    const caller = await make("/v1/agents", { name: "Caller" });
    const callee = await make("/v1/agents", { name: "Callee" });
    const from = await make("/v1/phone-numbers", { areaCode: "415", agentId: caller.id });
    const to = await make("/v1/phone-numbers", { areaCode: "415", agentId: callee.id });
    const place = (body: object) => client.send("POST", "/v1/calls", { type: "phone", agentId: caller.id, ...body });
    return { ...client, make, caller, callee, from, to, place, bridged };
  };

  test("to a number of this server is answered by that number's agent", async () => {
    const { send, callee, from, to, place, bridged } = await setUp();
    const { status, body } = await place({ to: to["phoneNumber"] });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      direction: "outbound",
      type: "phone",
      fromNumber: from["phoneNumber"],
      toNumber: to["phoneNumber"],
    });
    const inbound = (await send("GET", `/v1/calls?agentId=${callee.id}`)).body["data"] as { id: string }[];
    expect(inbound).toMatchObject([{ direction: "inbound", fromNumber: from["phoneNumber"], agentName: "Callee" }]);
    expect(bridged).toEqual([[body["id"], inbound[0]?.id]]);
  });

  test("to a number elsewhere ends, and says why", async () => {
    const { place } = await setUp();
    expect((await place({ to: "+12125550123" })).body).toMatchObject({ status: "ended", endReason: "no-carrier" });
  });

  test("to a number that no active agent answers ends", async () => {
    const { send, make, callee, to, place } = await setUp();
    const nobody = await make("/v1/phone-numbers", { areaCode: "415" });
    expect((await place({ to: nobody["phoneNumber"] })).body).toMatchObject({ endReason: "no-answer" });
    await send("PATCH", `/v1/agents/${callee.id}`, { isActive: false });
    expect((await place({ to: to["phoneNumber"] })).body).toMatchObject({ status: "ended", endReason: "rejected" });
  });

  test.each([
    [{ to: "911" }, "to", "emergency"],
    [{ to: "+1911" }, "to", "emergency"],
    [{ to: "12" }, "to", "emergency"],
    [{ to: "hello" }, "to", "E.164"],
    [{ to: "+12125550123", fromNumberId: "num_0" }, "fromNumberId", "active"],
    [{ to: undefined }, "to", "given"],
  ])("is refused when it can't be placed: %j", async (body, path, message) => {
    const { place } = await setUp();
    const answer = await place(body);
    expect(answer.status).toBe(400);
    expect(answer.body["errors"]).toMatchObject([{ path, message: expect.stringContaining(message) }]);
  });
});
