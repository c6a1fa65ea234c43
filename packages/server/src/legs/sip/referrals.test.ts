import { type IncomingCall, textBody } from "@earshot/telephony";
import { expect, it } from "vitest";
import { ANSWER, type OwnDesk, type Provider } from "./testing/own-desk.ts";
import { shareOwnDesk } from "./testing/shared-desk.ts";

const TO = "+12125550155";
const COLLEAGUE = "+12125550188";
let desk: OwnDesk;
let agentId: string;
const startOne = shareOwnDesk((started) => {
  ({ desk, agentId } = started);
});

const body = textBody("application/sdp", ANSWER);

/** Somebody at the provider talks to the agent; `onColleague`: whom else it can reach. */
async function talk(onColleague: (call: IncomingCall) => void, trunk: object = {}) {
  const provider: Provider = await startOne((call) => {
    if (provider.calls.length > 1) return onColleague(call);
    call.watch({ onEvent: () => {} });
    call.answer({ body });
  });
  const settings = { ...provider.trunk, pings: false, acceptsRefer: true, pricePerMinute: 1, ...trunk };
  const { id: sipTrunkId } = await desk.make("/v1/sip-trunks", settings);
  const { id: fromNumberId } = await desk.make("/v1/phone-numbers", { areaCode: "415", sipTrunkId, agentId });
  const { id } = await desk.make("/v1/calls", { type: "phone", agentId, to: TO, fromNumberId });
  await expect.poll(() => connections(id)).toBe(1);
  const [person] = provider.calls;
  if (!person) throw new Error("nobody was called");
  const at = (user: string) => `sip:${user}@127.0.0.1:${provider.port}`;
  return { provider, id, person, at };
}

const connections = (id: string) =>
  desk.orders.filter((order) => order.kind === "connect" && order.callId === id).length;

it("calls whom the far end wants in its place, and tells it how that goes", async () => {
  const { provider, id, person, at } = await talk((call) => {
    call.progress();
    call.answer({ body });
  });
  const progress: number[] = [];
  const referred = person.refer({
    target: `${at(COLLEAGUE)}?X-Own=1`,
    onProgress: ({ status }) => progress.push(status),
  });
  expect(await referred).toEqual({ kind: "succeeded", status: 200 });
  expect(progress).toEqual([202, 100, 180, 200]);
  expect(connections(id)).toBe(2);
  const [, colleague] = provider.calls;
  expect(colleague?.target).toBe(at(COLLEAGUE));
  expect(colleague?.headers.get("referred-by")).toContain("sip:");
  expect(colleague?.headers.has("x-own")).toBe(false);
});

it("puts the agent in the place of a consultation, and calls extensions of the trunk's own", async () => {
  const { provider, person, at } = await talk((call) => call.answer({ body }));
  const caller = provider.agent.invite({ target: at("1002"), from: at("1001"), body });
  await expect.poll(() => caller.state).toBe("confirmed");
  const outcome = person.refer({ target: at("1002"), replaces: caller });
  expect(await outcome).toEqual({ kind: "succeeded", status: 200 });
  expect(provider.calls.at(-1)?.replaces).toBe(provider.calls[1]);
});

it("keeps the call when the far end hangs up while the other one rings, and ends it when nobody answers", async () => {
  const ringing = Promise.withResolvers<IncomingCall>();
  const { id, person, at } = await talk((call) => {
    call.progress();
    ringing.resolve(call);
  });
  void person.refer({ target: at(COLLEAGUE) });
  const colleague = await ringing.promise;
  person.hangUp();
  await expect.poll(() => desk.orders.at(-1)).toMatchObject({ kind: "update", agreement: { isHeldByPeer: true } });
  colleague.answer({ body });
  await expect.poll(() => connections(id)).toBe(2);

  const { provider, person: other, at: there } = await talk((call) => call.progress());
  void other.refer({ target: there(COLLEAGUE) });
  await expect.poll(() => provider.calls.length).toBe(2);
  other.hangUp();
  await expect.poll(() => desk.orders.at(-1)).toMatchObject({ kind: "update" });
  provider.calls[1]?.reject({ status: 486 });
  await expect.poll(() => desk.orders.at(-1)).toEqual({ kind: "end", reason: "caller-hung-up" });
});

it.each<[string, object, (at: (user: string) => string) => string, number]>([
  ["where the trunk doesn't say so", { acceptsRefer: false }, (at) => at(COLLEAGUE), 603],
  ["abroad", {}, (at) => at("+442079460958"), 403],
  ["to a premium number as others write it", {}, (at) => at("19002345678"), 403],
  ["to an emergency number", {}, (at) => at("911"), 403],
  ["to somebody else's server", {}, () => `sip:${COLLEAGUE}@192.0.2.7`, 403],
])("refuses it %s", async (_, trunk, target, status) => {
  const { provider, id, person, at } = await talk((call) => call.answer({ body }), trunk);
  expect(await person.refer({ target: target(at) })).toMatchObject({ kind: "failed", stage: "refused", status });
  expect([provider.calls.length, connections(id), person.state]).toEqual([1, 1, "confirmed"]);
});

it("counts it against the day's caps, and is back with the agent when the other one is busy", async () => {
  const { person, at } = await talk((call) => call.reject({ status: 486 }));
  expect(await person.refer({ target: at(COLLEAGUE) })).toMatchObject({ kind: "failed", stage: "tried", status: 486 });
  expect(person.state).toBe("confirmed");
  await desk.send("PATCH", "/v1/workspaces/ws_default", { calling: { maxMinutesPerDay: 0 } });
  expect(await person.refer({ target: at(COLLEAGUE) })).toMatchObject({
    kind: "failed",
    stage: "refused",
    status: 403,
  });
});
