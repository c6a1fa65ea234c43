import { parseNameAddr } from "@earshot/telephony";
import { expect, it } from "vitest";
import type { PhoneNumber } from "../../phone-numbers/phone-number.ts";
import { type RouteDeps, routeCall } from "./route-call.ts";

const HERE = "127.0.0.1";
const TRUNK = "192.0.2.7";
const STRANGER = "203.0.113.9";

const number = (phoneNumber: string, more: Partial<PhoneNumber> = {}) =>
  ({ id: "num_1", workspaceId: "ws_a", phoneNumber, ...more }) as PhoneNumber;

const deps: RouteDeps = {
  phoneNumbers: {
    findActive: async (wanted) =>
      [number("+12125550123", { sipTrunkId: "trk_1" }), number("+12125550124")].find(
        (one) => one.phoneNumber === wanted,
      ),
  },
  agents: {
    find: async (_, id) => (id === "agt_1" ? ({ agent: { id } } as never) : undefined),
    list: async () => [{ agent: { id: "agt_2", name: "Bloom Dental, receptionist" } }] as never,
  },
  isTrusted: (address) => address === HERE,
  findTrunk: async () => ({ host: TRUNK, port: 5060, transport: "udp" }),
  findCaller: async ({ port }) => (port === 7777 ? number("+12125550177") : undefined),
};

const route = (target: string, address = HERE, port = 5060) =>
  routeCall(deps, {
    target: `sip:${target}@earshot.example`,
    from: parseNameAddr('"Bo" <sip:+12125550100@phone.example>', "From"),
    source: { protocol: "udp", address, port },
  });

it.each([
  ["+12125550123", "+12125550123"],
  ["12125550123", "+12125550123"],
  ["%2B12125550123;user=phone", "+12125550123"],
])("leads sip:%s to the number", async (target, toNumber) => {
  expect(await route(target)).toMatchObject({
    taker: { number: { phoneNumber: toNumber } },
    toNumber,
    callerName: "Bo",
  });
});

it.each([
  ["agt_1", "agt_1"],
  ["bloom-dental-receptionist", "agt_2"],
])("leads sip:%s to an agent", async (target, agentId) => {
  expect(await route(target)).toMatchObject({ taker: { agentId }, fromNumber: "+12125550100" });
});

it("says that there is no such number, but to strangers only that they may not call", async () => {
  expect(await route("nobody")).toMatchObject({ status: 404 });
  for (const target of ["nobody", "+12125550123", "+12125550124", "agt_1"])
    expect(await route(target, STRANGER)).toMatchObject({ status: 403 });
});

it("takes calls of a trunk for its own numbers alone", async () => {
  expect(await route("+12125550123", TRUNK)).toMatchObject({ toNumber: "+12125550123" });
  for (const target of ["+12125550124", "agt_1"]) expect(await route(target, TRUNK)).toMatchObject({ status: 403 });
});

it("knows a registered softphone by where it is, and shows its number", async () => {
  expect(await route("agt_1", STRANGER, 7777)).toMatchObject({
    taker: { workspaceId: "ws_a", agentId: "agt_1" },
    fromNumber: "+12125550177",
    mustProve: "+12125550177",
  });
  expect(await route("agt_1", HERE, 7777)).not.toHaveProperty("mustProve");
});
