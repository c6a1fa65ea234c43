import { beforeEach, expect, test, vi } from "vitest";
import type { Database } from "../../storage/database.ts";
import { describeOnEachDatabase } from "../../storage/testing/each-database.ts";
import { FakeWallClock } from "../../testing/fake-wall-clock.ts";
import { callingRulesShape } from "../../workspaces/calling-rules.ts";
import type { Call } from "../call.ts";
import { createIdleCallControl } from "../call-control.ts";
import { newRingingCall } from "../new-ringing-call.ts";
import { type CallStore, createCallStore } from "../store.ts";
import { today } from "./day-caps.ts";
import { DayWatch } from "./day-watch.ts";
import { type ReserveDeps, reserveDial, reserveLeg, transferCounted } from "./reserve.ts";

const MINUTE_MS = 60_000;
const HERE = "node_here";
const TRUNK = { trunkId: "trunk_1", pricePerMinute: 2 };

describeOnEachDatabase("the caps of a day", (database) => {
  let calls: CallStore;
  let clock: FakeWallClock;
  let workspaceId: string;
  let rules = callingRulesShape.parse({});
  let workspaces: ReserveDeps["workspaces"];
  let deps: ReserveDeps & { readonly calls: CallStore };
  let counter = 0;

  beforeEach(() => {
    calls = createCallStore(database() as Database);
    clock = new FakeWallClock();
    workspaceId = `ws_${++counter}`;
    rules = callingRulesShape.parse({});
    workspaces = { find: async (id) => ({ id, name: "", calling: rules }) as never };
    deps = { calls, workspaces, clock };
  });

  const cap = (calling: object) => {
    rules = callingRulesShape.parse(calling);
  };
  const used = () => calls.sumDialled(workspaceId, today(clock));
  async function ring(nodeId = HERE, direction: Call["direction"] = "outbound"): Promise<Call> {
    const call = newRingingCall(clock, { workspaceId, agentName: "", direction, pace: "real" });
    await calls.insert(call, { tokenHash: "", nodeId });
    return call;
  }
  async function talk(nodeId = HERE): Promise<Call> {
    const call = await ring(nodeId);
    expect(await reserveDial(deps, call, TRUNK)).toBeUndefined();
    await calls.markActive(call.id, clock.now().toISOString());
    return { ...call, dial: TRUNK };
  }
  const end = (call: Call, durationMs: number) =>
    calls.markEnded(call.id, { reason: "caller-hung-up", endedAt: clock.now().toISOString(), durationMs });

  test.each([
    [{ maxCallsPerDay: 3 }, "daily_calls_used_up"],
    [{ maxMinutesPerDay: 3 }, "daily_minutes_used_up"],
    [{ maxSpendPerDay: 6 }, "daily_spend_used_up"],
  ])("let three of ten calls out that are placed at the same moment with %j", async (calling, code) => {
    cap(calling);
    const placed = await Promise.all(Array.from({ length: 10 }, () => ring()));
    const refusals = (await Promise.all(placed.map((call) => reserveDial(deps, call, TRUNK)))).filter(Boolean);
    expect(refusals).toHaveLength(7);
    expect(refusals[0]).toMatchObject({ reason: "rejected", dial: { code } });
    expect((await used()).calls).toBe(3);
  });

  test("count a call once that a second trunk is tried for", async () => {
    cap({ maxCallsPerDay: 1 });
    const call = await ring();
    await reserveDial(deps, call, TRUNK);
    expect(await reserveDial(deps, call, { trunkId: "trunk_2" })).toBeUndefined();
    expect((await used()).calls).toBe(1);
  });

  test("count what falls into the day, of calls that began the day before as well", async () => {
    clock = new FakeWallClock("2026-03-04T23:50:00.000Z");
    deps = { ...deps, clock };
    const [ended, running] = [await talk(), await talk()];
    clock.advance(25 * MINUTE_MS);
    await end(ended, 25 * MINUTE_MS);
    expect(await used()).toMatchObject({ calls: 0, minutes: 30, spend: 60, running: 1, spendPerMinute: 2 });
    await end(running, 25 * MINUTE_MS);
    expect(await used()).toMatchObject({ minutes: 30, running: 0 });
  });

  test("count whom a carrier has connected until it tells that they have hung up", async () => {
    const call = await ring(HERE, "inbound");
    const at = { accountId: "car_1", carrierCallId: "CA1" };
    const leg = { call, pricePerMinute: 3, kind: "apart", at, atMostMs: 60 * MINUTE_MS } as const;
    expect(await transferCounted(deps, leg, async () => ({ outcome: "failed" }))).toEqual({ outcome: "failed" });
    expect(await used()).toMatchObject({ calls: 0, minutes: 0 });
    await transferCounted(deps, leg, async () => ({ outcome: "answered" }));
    await end(call, 0);
    clock.advance(10 * MINUTE_MS);
    expect(await used()).toMatchObject({ calls: 1, minutes: 10, spend: 30, running: 1 });
    await calls.endLegsAt(at, clock.now());
    clock.advance(10 * MINUTE_MS);
    await calls.endLegsAt(at, clock.now());
    expect(await used()).toMatchObject({ minutes: 10, running: 0 });
    cap({ maxMinutesPerDay: 10 });
    const refused = await transferCounted(deps, leg, () => Promise.reject(new Error("never ordered")));
    expect(refused).toMatchObject({ outcome: "rejected", message: expect.stringContaining("10 minutes of today") });
  });

  test("stop counting where nobody tells, and count a placed call's own line besides", async () => {
    const call = await talk();
    await reserveLeg(deps, { call, pricePerMinute: 1, kind: "apart", atMostMs: 5 * MINUTE_MS });
    await end(call, 0);
    clock.advance(30 * MINUTE_MS);
    expect(await used()).toMatchObject({ calls: 2, minutes: 10, spend: 10, running: 0 });
  });

  test("count whoever takes the far end's place until the call is over, and no minute twice", async () => {
    const [inbound, outbound] = [await ring(HERE, "inbound"), await talk()];
    await calls.markActive(inbound.id, clock.now().toISOString());
    await reserveLeg(deps, { call: inbound, pricePerMinute: 1, kind: "replacing" });
    await reserveLeg(deps, { call: outbound, pricePerMinute: 1, kind: "replacing" });
    clock.advance(2 * MINUTE_MS);
    expect(await used()).toMatchObject({ calls: 3, minutes: 4, running: 2 });
    await end(inbound, 2 * MINUTE_MS);
    clock.advance(MINUTE_MS);
    expect(await used()).toMatchObject({ minutes: 5, running: 1 });
  });

  test("end what goes on at the moment that they are reached, on each node its own, and no call that costs nothing", async () => {
    cap({ maxMinutesPerDay: 10 });
    const [first, elsewhere, ringing] = [await talk(), await talk("node_there"), await ring()];
    await reserveDial(deps, ringing, TRUNK);
    const inbound = await ring(HERE, "inbound");
    const at = { accountId: "car_1", carrierCallId: "CA2" };
    await reserveLeg(deps, { call: inbound, pricePerMinute: 1, kind: "apart", at });
    const [ended, hungUp]: [string[], object[]] = [[], []];
    const control = {
      ...createIdleCallControl(),
      end: async (id: string, reason: string) => ended.push(`${id} ${reason}`) > 0,
    };
    const watch = new DayWatch({
      ...{ ...deps, control, nodeId: HERE },
      hangUp: async (leg) => void hungUp.push(leg),
      onUsedUp: () => {},
      onError: (error) => expect.unreachable(String(error)),
    });
    expect(await watch.look()).toBe(5_000);
    clock.advance(3 * MINUTE_MS + 19_000);
    expect(await watch.look()).toBeCloseTo(1_000, -1);
    expect(ended).toEqual([]);
    watch.start();
    clock.advance(5_000);
    await vi.waitFor(() => expect(ended).toHaveLength(2));
    await watch.close();
    expect(ended.toSorted()).toEqual([`${first.id} daily-limit`, `${ringing.id} api-request`].toSorted());
    expect(await calls.findAnywhere(ringing.id)).toMatchObject({ dial: { code: "daily_minutes_used_up" } });
    expect(ended.join()).not.toContain(elsewhere.id);
    expect(hungUp).toEqual([at]);
    expect(await used()).toMatchObject({ running: 2 });
  });
});
