import { parseNameAddr, SipHeaders } from "@earshot/telephony";
import { expect, it } from "vitest";
import type { PhoneNumber } from "../../phone-numbers/phone-number.ts";
import { type RouteDeps, routeCall } from "./route-call.ts";

const HERE = "127.0.0.1";
const TRUNK = "192.0.2.7";
const BACKUP = "192.0.2.8";
const STRANGER = "203.0.113.9";

const number = (phoneNumber: string, more: Partial<PhoneNumber> = {}) =>
  ({ id: "num_1", workspaceId: "ws_a", phoneNumber, ...more }) as PhoneNumber;

const trunk = (id: string, address: string) => ({
  address,
  settings: { id, workspaceId: "ws_a", username: "4711", backupTrunkIds: id === "trk_1" ? ["trk_2"] : [] } as never,
});

const deps: RouteDeps = {
  phoneNumbers: {
    findActive: async (wanted) =>
      [number("+12125550123", { sipTrunkId: "trk_1" }), number("+12125550124")].find(
        (one) => one.phoneNumber === wanted,
      ),
    findExtension: async (workspaceId, extension) =>
      workspaceId === "ws_a" && extension === "101" ? number("+12125550124") : undefined,
    list: async () => [number("+12125550123", { sipTrunkId: "trk_1" })],
  },
  agents: {
    find: async (_, id) => (id === "agt_1" ? ({ agent: { id } } as never) : undefined),
    list: async () => [{ agent: { id: "agt_2", name: "Bloom Dental, receptionist" } }] as never,
  },
  isTrusted: (address) => address === HERE,
  trunks: {
    at: (address) => [trunk("trk_1", TRUNK), trunk("trk_2", BACKUP)].filter((one) => one.address === address),
    find: (id) => (id === "trk_1" ? trunk("trk_1", TRUNK) : undefined),
  },
  findCaller: async ({ port }) => (port === 7777 ? number("+12125550177") : undefined),
};

const route = (
  target: string,
  address = HERE,
  { port = 5060, headers = {} }: { port?: number; headers?: Record<string, string> } = {},
) =>
  routeCall(deps, {
    headers: SipHeaders.from(headers),
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

it("takes no calls of a trunk for a number of another workspace", async () => {
  const foreign = number("+12125550125", { workspaceId: "ws_b", sipTrunkId: "trk_1" });
  const phoneNumbers = { ...deps.phoneNumbers, findActive: async () => foreign };
  const call = {
    headers: SipHeaders.from({}),
    target: "sip:+12125550125@earshot.example",
    from: parseNameAddr("<sip:a@b.example>", "From"),
    source: { protocol: "udp", address: TRUNK, port: 5060 } as const,
  };
  expect(await routeCall({ ...deps, phoneNumbers }, call)).toMatchObject({ status: 403 });
});

it("knows a registered softphone by where it is, and shows its number", async () => {
  expect(await route("agt_1", STRANGER, { port: 7777 })).toMatchObject({
    taker: { workspaceId: "ws_a", agentId: "agt_1" },
    fromNumber: "+12125550177",
    mustProve: "+12125550177",
  });
  expect(await route("agt_1", HERE, { port: 7777 })).not.toHaveProperty("mustProve");
});

it("takes calls of a trunk that stands in for the number's own", async () => {
  expect(await route("+12125550123", BACKUP)).toMatchObject({ toNumber: "+12125550123", trunkId: "trk_2" });
});

it("finds the number of a call that comes to the account of a registration", async () => {
  expect(await route("4711", TRUNK)).toMatchObject({ toNumber: "+12125550123", trunkId: "trk_1" });
  expect(await route("4711", TRUNK, { headers: { To: "<sip:+12125550123@sip.example>" } })).toMatchObject({
    toNumber: "+12125550123",
  });
});

it("shows whom the trunk vouches for", async () => {
  const headers = { "P-Asserted-Identity": "<sip:+12125550188@sip.example>" };
  expect(await route("+12125550123", TRUNK, { headers })).toMatchObject({ fromNumber: "+12125550188" });
  expect(await route("agt_1", HERE, { headers })).toMatchObject({ fromNumber: "+12125550100" });
});

it("knows short numbers of the caller's own workspace", async () => {
  expect(await route("101", STRANGER, { port: 7777 })).toMatchObject({ toNumber: "+12125550124" });
  expect(await route("101")).toMatchObject({ status: 404 });
});

it("looks nothing up for strangers", async () => {
  const untouched = new Proxy({}, { get: () => () => expect.unreachable() }) as never;
  const source = { protocol: "udp", address: STRANGER, port: 5060 } as const;
  const from = parseNameAddr("<sip:a@b.example>", "From");
  const call = { target: "sip:agt_1@x.example", headers: SipHeaders.from({}), from, source };
  const isStranger = await routeCall({ ...deps, phoneNumbers: untouched, agents: untouched }, call);
  expect(isStranger).toMatchObject({ status: 403, isStranger: true });
});
