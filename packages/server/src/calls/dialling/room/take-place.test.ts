import { beforeEach, expect, test } from "vitest";
import type { Database } from "../../../storage/database.ts";
import { describeOnEachDatabase } from "../../../storage/testing/each-database.ts";
import { FakeWallClock } from "../../../testing/fake-wall-clock.ts";
import type { Call } from "../../call.ts";
import { newRingingCall } from "../../new-ringing-call.ts";
import { type CallStore, createCallStore, type PlaceOptions } from "../../store.ts";
import { takePlace } from "./take-place.ts";

const HOLD = { tokenHash: "", nodeId: "node_here" };

describeOnEachDatabase("the room of a workspace", (database) => {
  let calls: CallStore;
  let clock: FakeWallClock;
  let workspaceId: string;
  let counter = 0;

  beforeEach(() => {
    calls = createCallStore(database() as Database);
    clock = new FakeWallClock();
    workspaceId = `ws_${++counter}`;
  });

  const newCall = (direction: Call["direction"] = "outbound", inWorkspace = workspaceId) =>
    newRingingCall(clock, { workspaceId: inWorkspace, agentName: "", direction, pace: "real" });
  const take = (options: PlaceOptions, call = newCall()) =>
    takePlace({ calls, clock }, call, HOLD, options).then(
      () => "placed",
      (error: { code: string; details?: { reason: string } }) => error.details?.reason ?? error.code,
    );
  const takeAll = (count: number, options: PlaceOptions) =>
    Promise.all(Array.from({ length: count }, () => take(options)));
  const sizes = (outcomes: readonly string[]) =>
    Object.fromEntries([...new Set(outcomes)].map((each) => [each, outcomes.filter((other) => other === each).length]));

  test("is never passed by calls that are placed at the same moment", async () => {
    expect(sizes(await takeAll(8, { room: { maxCalls: 3 } }))).toEqual({ placed: 3, workspace_full: 5 });
    expect(await take({ room: { maxCalls: 3 } })).toBe("workspace_full");
    const [running] = await calls.list(workspaceId, { limit: 1 });
    await calls.markEnded(running?.id ?? "", { reason: "busy", endedAt: clock.now().toISOString(), durationMs: 0 });
    expect(await take({ room: { maxCalls: 3 } })).toBe("placed");
  });

  test("is each workspace's own, and that of calls that go out", async () => {
    await takeAll(2, {});
    await take({}, newCall("inbound"));
    expect(await take({ room: { maxCalls: 1 } }, newCall("outbound", `${workspaceId}_other`))).toBe("placed");
    expect(await take({ room: { maxCalls: 3 } })).toBe("placed");
    expect(await take({ room: { maxCalls: 3 } }, newCall("inbound"))).toBe("placed");
  });

  test("is so many a second, too, however many ask at once", async () => {
    const room = { maxCallsPerSecond: 3 };
    const ask = () => calls.place(newCall(), { ...HOLD, placedAt: clock.now() }, { room });
    const askTen = () => Promise.all(Array.from({ length: 10 }, ask));
    expect(sizes(await askTen())).toEqual({ placed: 3, workspace_rate: 7 });
    clock.advance(999);
    expect(sizes(await askTen())).toEqual({ workspace_rate: 10 });
    clock.advance(1);
    expect(sizes(await askTen())).toEqual({ placed: 3, workspace_rate: 7 });
  });

  test("counts scheduled calls when they go out, and places each once", async () => {
    const room = { maxCallsPerSecond: 1 };
    const wait = async () => {
      const call: Call = { ...newCall(), status: "created", startAt: clock.now().toISOString() };
      await calls.insert(call, HOLD);
      return { ...call, status: "ringing" as const };
    };
    const [one, other] = [await wait(), await wait()];
    clock.advance(60_000);
    expect(await calls.place(one, { ...HOLD, placedAt: clock.now() }, { isScheduled: true, room })).toBe("placed");
    const late = { ...HOLD, placedAt: clock.now() };
    expect(await calls.place(other, late, { isScheduled: true, room })).toBe("workspace_rate");
    clock.advance(1_000);
    expect(await take({ isScheduled: true, room }, other)).toBe("placed");
    expect(await take({ isScheduled: true }, other)).toBe("conflict");
  });
});

test.each([
  [3, "placed", 600],
  [100, "workspace_rate", 2_000],
])("a call that comes too early, for %s looks, is %s after %s ms", async (looks, outcome, tookMs) => {
  const clock = new FakeWallClock();
  const startedMs = clock.now().getTime();
  let looked = 0;
  const place = async () => {
    // Once whoever asked waits.
    setImmediate(() => clock.advance(200));
    return looked++ < looks ? "workspace_rate" : "placed";
  };
  const call = newRingingCall(clock, { workspaceId: "ws", agentName: "", direction: "outbound", pace: "real" });
  const told = await takePlace({ calls: { place }, clock }, call, HOLD, { room: { maxCallsPerSecond: 1 } }).then(
    () => "placed",
    (error: { details: { reason: string } }) => error.details.reason,
  );
  expect([told, clock.now().getTime() - startedMs]).toEqual([outcome, tookMs]);
});
