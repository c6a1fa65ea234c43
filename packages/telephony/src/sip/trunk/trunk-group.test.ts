import { describe, expect, it } from "vitest";
import { ManualClock } from "../../testing/manual-clock.ts";
import { CallCaps } from "./call-caps.ts";
import { TrunkGroup, type TrunkHealth } from "./trunk-group.ts";

function group(options: Partial<ConstructorParameters<typeof TrunkGroup>[0]> = {}) {
  const clock = new ManualClock(0);
  const down = new Set<string>();
  const changes: TrunkHealth[] = [];
  const made = new TrunkGroup({
    clock,
    trunks: [{ id: "a" }, { id: "b" }, { id: "spare", priority: 1 }],
    ping: (id) => Promise.resolve(!down.has(id)),
    onChange: (health) => changes.push(health),
    ...options,
  });
  const choose = (tried?: readonly string[]) => {
    const choice = made.choose(tried);
    return choice.kind === "chosen" ? choice.trunkId : choice.reason;
  };
  return { clock, down, changes, group: made, choose };
}

describe("CallCaps", () => {
  it("caps calls at once and calls a second", async () => {
    const clock = new ManualClock(0);
    const caps = new CallCaps({ clock, maxCalls: 3, maxPerSecond: 2 });
    const [first] = [caps.take(), caps.take()];
    expect(caps.take()).toEqual({ kind: "refused", reason: "too_many_a_second", retryInMs: 1_000 });
    await clock.pass(1_000);
    expect(caps.take().kind).toBe("taken");
    expect(caps.take()).toEqual({ kind: "refused", reason: "too_many_calls" });
    if (first.kind === "taken") {
      first.release();
      first.release();
    }
    expect(caps.calls).toBe(2);
    expect(caps.take().kind).toBe("taken");
  });
});

describe("TrunkGroup", () => {
  it("takes turns among the best, and the spare when they are down", async () => {
    const { clock, down, choose, changes, group: made } = group();
    expect([choose(), choose(), choose()]).toEqual(["a", "b", "a"]);
    down.add("a").add("b");
    await clock.pass(60_000);
    expect(changes.map(({ id, isUp }) => `${id} ${isUp}`)).toEqual(["a false", "b false"]);
    expect(choose()).toBe("spare");
    down.delete("b");
    await clock.pass(30_000);
    expect(choose()).toBe("b");
    made.close();
    expect(clock.pending).toBe(0);
  });

  it("goes on to the next for a call that failed, and says when there is none", async () => {
    const { clock, down, choose } = group();
    expect(choose(["a"])).toBe("b");
    expect(choose(["a", "b", "spare"])).toBe("no_trunk");
    for (const id of ["a", "b", "spare"]) down.add(id);
    await clock.pass(60_000);
    expect(choose()).toBe("down");
  });

  it("tells full from down", () => {
    const { choose } = group({ trunks: [{ id: "a", maxCalls: 1 }] });
    expect([choose(), choose()]).toEqual(["a", "too_many_calls"]);
  });

  it("counts what calls find out", () => {
    const { choose, group: made } = group({ trunks: [{ id: "a" }] });
    made.report("a", false);
    expect(choose()).toBe("a");
    made.report("a", false);
    expect(choose()).toBe("down");
    made.report("a", true);
    expect(choose()).toBe("a");
  });

  it("takes a ping that throws for no answer", async () => {
    const { clock, choose } = group({ trunks: [{ id: "a" }], ping: () => Promise.reject(new Error("no name")) });
    await clock.pass(31_000);
    expect(choose()).toBe("down");
  });
});
