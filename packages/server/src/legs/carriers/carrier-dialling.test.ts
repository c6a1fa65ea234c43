/** Whom agents call through a carrier, how much of it, and whom they connect with it. */

import { tone } from "@earshot/engine/testing";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { today } from "../../calls/dialling/day-caps.ts";
import { DayWatch } from "../../calls/dialling/day-watch.ts";
import { readEntries } from "../../calls/read-entries.ts";
import { toCarrierUrls } from "../../carriers/carrier-urls.ts";
import { type EmbeddedTestDatabase, openEmbeddedForTest } from "../../storage/testing/each-database.ts";
import { DEFAULT_WORKSPACE_ID } from "../../workspaces/workspace.ts";
import { LocalTwilio } from "../twilio/testing/local-twilio.ts";
import { ABROAD, type CarrierServer, startCarrierServer } from "./testing/carrier-server.ts";

const OURS = "+12125550101";
const THEM = "+12125550102";
let opened: EmbeddedTestDatabase;
let server: CarrierServer;
let carrier: LocalTwilio;
let accountId: string;
let fromNumberId: string;

beforeAll(async () => {
  opened = await openEmbeddedForTest();
  server = await startCarrierServer(opened);
  carrier = await LocalTwilio.start();
  const account = { name: "Local", provider: carrier.provider, pricePerMinute: 600, ...carrier.account };
  accountId = (await server.send("POST", "/v1/carrier-accounts", account)).id;
  fromNumberId = await server.number(OURS, accountId);
}, 60_000);
beforeEach(() => rule({}));
afterAll(async () => {
  await server?.close();
  await carrier?.close();
  await opened?.dispose();
});

const rule = (calling: object) => server.send("PATCH", `/v1/workspaces/${DEFAULT_WORKSPACE_ID}`, { calling });
const place = (to = THEM) =>
  server.send("POST", "/v1/calls", { type: "phone", agentId: server.agentId, to, fromNumberId });
const used = () => server.deps.calls.sumDialled(DEFAULT_WORKSPACE_ID, today(server.deps.clock));
const ringUs = async (from: string) => {
  const caller = await carrier.ring({ from, to: OURS }, toCarrierUrls(server.origin, accountId));
  if (typeof caller === "string") throw new Error(`refused: ${caller}`);
  const { id } = await server.call({ fromNumber: from }, { status: "active" });
  await until(() => caller.heardMs > 200);
  return { caller, id };
};

/** How the transfers of a call came out, once so many have. */
async function finished(id: string, count: number) {
  for (;;) {
    const events = (await readEntries(server.deps.calls, id)).map(({ event }) => event);
    const all = events.filter(({ type }) => type === "transfer-finished");
    if (all.length >= count) return all;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 20));
}

it("counts its calls, whatever came of them, against the caps of a day", async () => {
  const colleagueNumber = "+12125550171";
  await rule({ maxCallsPerDay: (await used()).calls + 2, maxSpendPerDay: 1_000_000 });
  await place();
  const callee = await carrier.placed();
  await until(() => callee.heardMs > 200);
  carrier.fates.set(colleagueNumber, "busy");
  const busy = await place(colleagueNumber);
  await server.call({ id: busy.id });
  const orders = carrier.requests.length;
  const refusal = { status: "ended", outcome: "rejected", error: expect.any(String) };
  expect(await place()).toMatchObject({ ...refusal, dial: { code: "daily_calls_used_up" } });
  expect(carrier.requests).toHaveLength(orders);
  const { minutes, spend } = await used();
  expect(minutes).toBeGreaterThan(0);
  expect(spend / minutes).toBeCloseTo(600, 3);
  await rule({ maxMinutesPerDay: minutes });
  expect(await place()).toMatchObject({ ...refusal, dial: { code: "daily_minutes_used_up" } });
  await rule({ maxSpendPerDay: spend });
  expect(await place()).toMatchObject({ ...refusal, dial: { code: "daily_spend_used_up" } });
  callee.hangUp();
});

it("hangs up once the day's money is spent", async () => {
  await rule({ maxSpendPerDay: (await used()).spend + 3 });
  const { id } = await place();
  const callee = await carrier.placed();
  const { deps, thread, carrierDesk } = server;
  const watch = new DayWatch({
    ...{ ...deps, control: thread, hangUp: (leg) => carrierDesk.hangUp(leg), onUsedUp: () => {} },
    onError: (error) => expect.unreachable(String(error)),
  });
  while (!callee.isHungUp) {
    await watch.look();
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  expect(await server.call({ id })).toMatchObject({ endReason: "daily-limit", outcome: "answered" });
});

it("shows another number of the workspace where that is asked for", async () => {
  const callerId = "+12125550109";
  await server.number(callerId, accountId);
  const busyNumber = "+12125550175";
  carrier.fates.set(busyNumber, "busy");
  const ask = { type: "phone", agentId: server.agentId, to: busyNumber, fromNumberId, callerId };
  const { id } = await server.send("POST", "/v1/calls", ask);
  expect(await server.call({ id })).toMatchObject({ fromNumber: callerId, outcome: "busy" });
  expect(carrier.requests.at(-1)).toContain(`From=${callerId}`);
});

it("keeps to the destinations of the workspace", async () => {
  expect(await place(ABROAD)).toMatchObject({ outcome: "rejected", dial: { code: "destination_not_allowed" } });
  await rule({ allowsAnyCountry: true });
  expect(await place("+19002345678")).toMatchObject({ outcome: "rejected", dial: { code: "premium_rate" } });
});

it("calls a colleague for a caller, briefs them, and connects the two", async () => {
  const colleagueNumber = "+12125550172";
  carrier.fates.set(colleagueNumber, "answers");
  const { caller, id } = await ringUs("+12125550103");
  const order = { destination: colleagueNumber, mode: "warm", briefing: "Asks for a bill." };
  await server.send("POST", `/v1/calls/${id}/transfer`, order);
  const colleague = await carrier.placed();
  expect(await server.call({ toNumber: colleagueNumber }, { status: "active" })).toMatchObject({
    ...{ direction: "outbound", fromNumber: OURS, outcome: "answered" },
    dial: { code: "answered", carrierAccountId: accountId, pricePerMinute: 600 },
  });
  expect(await server.call({ id })).toMatchObject({ endReason: "transferred" });
  expect(colleague.heardMs).toBeGreaterThan(300);
  const [briefed, before] = [colleague.heardMs, caller.heardMs];
  caller.say(tone(400));
  colleague.say(tone(400));
  await until(() => colleague.heardMs >= briefed + 300 && caller.heardMs >= before + 300);
  colleague.hangUp();
  await caller.closed;
  await until(() => caller.isHungUp);
  expect(await server.call({ toNumber: colleagueNumber })).toMatchObject({ endReason: "caller-hung-up" });
});

it("gives the caller back to the agent when the colleague is busy, and lets the colleague be when the caller goes", async () => {
  const colleagueNumber = "+12125550173";
  carrier.fates.set(colleagueNumber, "busy");
  const { caller, id } = await ringUs("+12125550104");
  const transfer = () =>
    server.send("POST", `/v1/calls/${id}/transfer`, { destination: colleagueNumber, mode: "warm" });
  await transfer();
  const told = { endReason: "busy", dial: { code: "busy", carrierAccountId: accountId } };
  expect(await server.call({ toNumber: colleagueNumber })).toMatchObject(told);
  expect(await finished(id, 1)).toMatchObject([{ outcome: "busy" }]);
  carrier.fates.set(colleagueNumber, "rings");
  await transfer();
  await server.call({ toNumber: colleagueNumber }, { status: "ringing" });
  caller.hangUp();
  await until(() => carrier.calledOff.includes(colleagueNumber));
  await server.call({ toNumber: colleagueNumber }, { outcome: "canceled" });
});

it("gives the caller back to the agent when the colleague's call is ended while it rings", async () => {
  const colleagueNumber = "+12125550176";
  carrier.fates.set(colleagueNumber, "rings");
  const { caller, id } = await ringUs("+12125550107");
  await server.send("POST", `/v1/calls/${id}/transfer`, { destination: colleagueNumber, mode: "warm" });
  const second = await server.call({ toNumber: colleagueNumber }, { status: "ringing" });
  await server.send("POST", `/v1/calls/${second.id}/end`);
  expect(await finished(id, 1)).toMatchObject([{ outcome: "failed" }]);
  await until(() => carrier.calledOff.includes(colleagueNumber));
  caller.hangUp();
  await server.call({ id });
});

it("makes a cold transfer of its own where the account wants it so, which then counts", async () => {
  const colleagueNumber = "+12125550174";
  await server.send("PATCH", `/v1/carrier-accounts/${accountId}`, { transfers: "bridge" });
  carrier.fates.set(colleagueNumber, "answers");
  const { caller, id } = await ringUs("+12125550105");
  await server.send("POST", `/v1/calls/${id}/transfer`, { destination: colleagueNumber });
  const colleague = await carrier.placed();
  await server.call({ id }, { endReason: "transferred" });
  const heard = caller.heardMs;
  colleague.say(tone(400));
  await until(() => caller.heardMs >= heard + 300);
  caller.hangUp();
  await until(() => colleague.isHungUp);
  const { calls } = await used();
  await rule({ maxCallsPerDay: calls });
  const { caller: another, id: anothersId } = await ringUs("+12125550106");
  await server.send("POST", `/v1/calls/${anothersId}/transfer`, { destination: colleagueNumber });
  const told = { outcome: "rejected", message: expect.stringContaining("calls of today") };
  expect(await finished(anothersId, 1)).toMatchObject([told]);
  another.hangUp();
  await server.call({ id: anothersId });
  expect((await used()).calls).toBe(calls);
});
