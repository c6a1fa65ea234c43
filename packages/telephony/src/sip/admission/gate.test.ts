import { describe, expect, it } from "vitest";
import { ManualClock } from "../../testing/manual-clock.ts";
import { request } from "../testing/messages.ts";
import { BOB, twoAgents } from "../testing/two-agents.ts";
import { AllowList } from "./allow-list.ts";
import { Gate, type GateOptions } from "./gate.ts";
import { TokenBuckets } from "./token-buckets.ts";

function gate(options: Partial<GateOptions> = {}) {
  const clock = new ManualClock(0);
  const made = new Gate({ clock, ...options });
  const from = (address: string, method = "INVITE") =>
    made.admit(request(method), { protocol: "udp", address, port: 5060 });
  return { clock, gate: made, from };
}

describe("AllowList", () => {
  it("knows addresses and networks of both families", () => {
    const list = new AllowList(["192.0.2.1", "198.51.100.0/24", "2001:db8::/32"]);
    expect(["192.0.2.1", "198.51.100.77", "2001:db8::5"].every((address) => list.has(address))).toBe(true);
    expect(["192.0.2.2", "198.51.101.1", "2001:db9::1", "host", ""].some((address) => list.has(address))).toBe(false);
  });

  it.each(["", "host", "192.0.2.0/33", "192.0.2.0/x", "2001:db8::/129"])("refuses the entry %j", (entry) => {
    expect(() => new AllowList([entry])).toThrow(/not an address/);
  });
});

describe("TokenBuckets", () => {
  it("lets a burst through, then as many as the rate", async () => {
    const clock = new ManualClock(0);
    const buckets = new TokenBuckets({ clock, perSecond: 2, burst: 3 });
    const taken = () => Array.from({ length: 5 }, () => buckets.take("a")).filter(Boolean).length;
    expect(taken()).toBe(3);
    await clock.pass(1_000);
    expect(taken()).toBe(2);
    expect(buckets.take("b")).toBe(true);
  });

  it("remembers no more sources than it may", () => {
    const buckets = new TokenBuckets({ clock: new ManualClock(0), perSecond: 1, burst: 1, maxSources: 100 });
    for (let at = 0; at < 1_000; at += 1) buckets.take(`source ${at}`);
    expect(buckets.size).toBe(100);
  });
});

describe("the gate", () => {
  it("limits strangers one by one and all together, and trusts whom it is told to", () => {
    const { from } = gate({ burst: 2, totalBurst: 4, trusted: ["10.0.0.0/8"] });
    const kinds = ["1.1.1.1", "1.1.1.1", "1.1.1.1", "2.2.2.2", "3.3.3.3", "4.4.4.4"].map(
      (address) => from(address).kind,
    );
    expect(kinds).toEqual(["admitted", "admitted", "ignored", "admitted", "admitted", "ignored"]);
    for (let time = 0; time < 50; time += 1) expect(from("10.1.2.3").kind).toBe("admitted");
  });

  it.each([
    [{ strangers: "refused" }, { kind: "refused", status: 403, reason: "not_allowed" }],
    [{ strangers: "ignored" }, { kind: "ignored", reason: "not_allowed" }],
    [
      { blocked: ["9.9.9.9"], trusted: ["9.9.9.9"] },
      { kind: "ignored", reason: "blocked" },
    ],
  ] as const)("with %j answers a stranger %j", (options, verdict) => {
    expect(gate(options).from("9.9.9.9")).toEqual(verdict);
  });

  it("takes no new calls while it drains", () => {
    const { gate: made, from } = gate({ trusted: ["9.9.9.9"] });
    made.drain();
    expect(from("9.9.9.9")).toMatchObject({ status: 503 });
    expect(from("9.9.9.9", "OPTIONS").kind).toBe("admitted");
  });

  it("stands before the user agent: a flood makes no calls and leaves nothing behind", async () => {
    const clock = new ManualClock(0);
    const made = new Gate({ clock, burst: 3 });
    const { clock: time, incoming, invite, wire, faults } = await twoAgents({ bob: { admit: made.admit } });
    for (let at = 0; at < 20; at += 1) invite();
    await time.pass(100);
    expect(incoming).toHaveLength(3);
    expect(wire.summary(BOB)).toEqual(["100 INVITE", "100 INVITE", "100 INVITE"]);
    expect(faults).toHaveLength(17);
    expect(faults[0]).toMatchObject({ code: "refused", reason: "too_many_requests" });
  });
});
