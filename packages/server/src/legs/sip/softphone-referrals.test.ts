/** Phones without a trunk that transfer the agent's call: to agents and phones here, and outside as their workspace may. */

import { type Call, type OutgoingCall, Registration, SystemClock, textBody } from "@earshot/telephony";
import { afterAll, expect, it } from "vitest";
import { today } from "../../calls/dialling/day-caps.ts";
import { AGENT_SAYS_NOTHING, ANSWER, type OwnDesk, type Provider, startProvider } from "./testing/own-desk.ts";
import { shareOwnDesk } from "./testing/shared-desk.ts";

const DESK = "+12125550101";
const SALES = "+12125550102";
const BOB = "+12125550177";
const OUTSIDE = "+12125550155";
const PASSWORD = "a softphone's own";
const body = textBody("application/sdp", ANSWER);
let desk: OwnDesk;
let provider: Provider;

const startOne = shareOwnDesk(async ({ agentId, ...started }) => {
  desk = started.desk;
  provider = await startProvider();
  const { id: salesId } = await desk.make("/v1/agents", { ...AGENT_SAYS_NOTHING, name: "Sales" });
  const { id: sipTrunkId } = await desk.make("/v1/sip-trunks", { ...provider.trunk, pings: false, pricePerMinute: 2 });
  await desk.make("/v1/phone-numbers", { phoneNumber: DESK, agentId, sipTrunkId });
  await desk.make("/v1/phone-numbers", { phoneNumber: SALES, agentId: salesId, extension: "102" });
  await desk.make("/v1/phone-numbers", { phoneNumber: BOB, softphonePassword: PASSWORD, extension: "177" });
  await desk.make("/v1/phone-numbers", { areaCode: "415", extension: "178" });
});
afterAll(() => provider.agent.close());

const at = (user: string) => `sip:${user}@127.0.0.1:${desk.port}`;

async function startPhone(registeredAs?: string): Promise<Provider> {
  const phone = await startOne();
  if (registeredAs === undefined) return phone;
  const { promise, resolve } = Promise.withResolvers<string>();
  new Registration({
    ...{ agent: phone.agent, clock: new SystemClock(), aor: at(registeredAs), keepAliveMs: 0 },
    credentials: [{ username: registeredAs, password: PASSWORD }],
    onState: ({ kind }) => kind !== "registering" && resolve(kind),
  });
  expect(await promise).toBe("registered");
  return phone;
}

/** Talks to an agent. @returns the phone's call, and ours */
async function talk(phone: Provider, to = DESK): Promise<{ call: OutgoingCall; id: string }> {
  const before = new Set(desk.orders);
  const call = phone.agent.invite({ target: at(to), from: at("anybody"), body });
  call.watch({ onEvent: () => {} });
  const connected = () => desk.orders.flatMap((order) => (!before.has(order) && order.kind === "connect" ? order : []));
  await expect.poll(() => connected().length).toBe(1);
  const [order] = connected();
  return { call, id: order?.callId ?? "" };
}

const connections = (id: string) =>
  desk.orders.filter((order) => order.kind === "connect" && order.callId === id).length;
const newest = async () => (await desk.deps.calls.list("ws_default", { limit: 1 }))[0];
const refer = (call: Call, user: string) => call.refer({ target: at(user) });
const rule = (calling: object) => desk.send("PATCH", "/v1/workspaces/ws_default", { calling });

it.each([SALES, "102", "sales"])("has the agent talk to another one, dialled as %s", async (dialled) => {
  const { call, id } = await talk(await startPhone());
  expect(await refer(call, dialled)).toEqual({ kind: "succeeded", status: 200 });
  expect(connections(id)).toBe(2);
  expect(await newest()).toMatchObject({
    direction: "inbound",
    agentName: "Sales",
    fromNumber: DESK,
    status: "active",
  });
  expect((await desk.deps.calls.sumDialled("ws_default", today(desk.deps.clock))).calls).toBe(0);
});

it("connects the two agents whom a phone has talked to, one after the other", async () => {
  const phone = await startPhone();
  const [first, second] = [await talk(phone), await talk(phone, SALES)];
  const outcome = await first.call.refer({ target: at(SALES), replaces: second.call });
  expect(outcome).toEqual({ kind: "succeeded", status: 200 });
  expect([connections(first.id), connections(second.id)]).toEqual([2, 2]);
  await expect.poll(() => second.call.state).toBe("ended");
});

it("rings a phone that has registered", async () => {
  const bob = await startPhone(BOB);
  const { call, id } = await talk(await startPhone());
  expect(await refer(call, "177")).toEqual({ kind: "succeeded", status: 200 });
  expect([bob.calls.length, connections(id)]).toEqual([1, 2]);
});

it.each([
  ["a number outside, having not registered", OUTSIDE, {}, 403],
  ["an emergency number, whatever the rules are", "911", { allowsUnregisteredTransfers: true }, 404],
  ["a number abroad", "+442079460958", { allowsUnregisteredTransfers: true }, 403],
  ["a number outside when the day is used up", OUTSIDE, { allowsUnregisteredTransfers: true, maxCallsPerDay: 0 }, 403],
  ["nobody that is known here", "nobody", {}, 404],
  ["a phone that isn't there", "178", {}, 480],
])("is refused %s", async (_, dialled, calling, status) => {
  await rule(calling);
  const { call, id } = await talk(await startPhone());
  expect(await refer(call, dialled)).toMatchObject({ kind: "failed", stage: "refused", status });
  expect([provider.calls.length, connections(id), call.state]).toEqual([0, 1, "confirmed"]);
});

it("calls outside for a phone that has registered, or where the rules say so, and counts it", async () => {
  const registered = await talk(await startPhone(BOB));
  expect(await refer(registered.call, OUTSIDE)).toEqual({ kind: "succeeded", status: 200 });
  expect(provider.calls.at(-1)?.target).toContain(OUTSIDE);
  await rule({ allowsUnregisteredTransfers: true });
  const { call } = await talk(await startPhone());
  expect(await refer(call, OUTSIDE)).toEqual({ kind: "succeeded", status: 200 });
  expect(await desk.deps.calls.sumDialled("ws_default", today(desk.deps.clock))).toMatchObject({
    ...{ calls: 2, running: 2, spendPerMinute: 4 },
  });
});
