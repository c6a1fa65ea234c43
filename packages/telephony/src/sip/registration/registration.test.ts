import { describe, expect, it } from "vitest";
import { ALICE, BOB, sdp, twoAgents } from "../testing/two-agents.ts";
import { MemoryLocationStore } from "./location-store.ts";
import { Registrar, type RegistrarOptions } from "./registrar.ts";
import { Registration, type RegistrationOptions, type RegistrationState } from "./registration.ts";

/** Alice registers with Bob. */
async function rig(options: Partial<RegistrarOptions> = {}) {
  let registrar: Registrar | undefined;
  const agents = await twoAgents({ bob: { onRegister: (transaction) => registrar?.handle(transaction) } });
  const { clock, alice } = agents;
  const secrets = (username: string) => (username === "alice" ? { password: "secret" } : undefined);
  registrar = new Registrar({
    clock,
    realm: "example",
    store: new MemoryLocationStore(),
    findSecret: secrets,
    ...options,
  });
  const states: RegistrationState[] = [];
  const register = (more: Partial<RegistrationOptions> = {}) =>
    new Registration({
      agent: alice,
      clock,
      aor: `sip:alice@${BOB}`,
      credentials: [{ username: "alice", password: "secret" }],
      keepAliveMs: 0,
      onState: (state) => {
        states.push(state);
      },
      ...more,
    });
  return { ...agents, registrar, states, register };
}

describe("registering", () => {
  it("answers the challenge, refreshes before the end and takes itself back", async () => {
    const { clock, wire, registrar, states, register } = await rig();
    const registration = register({ expiresMs: 600_000 });
    await clock.pass(100);
    expect(states).toEqual([{ kind: "registered", expiresInMs: 600_000 }]);
    expect(await registrar.find(`alice@${BOB}`)).toMatchObject([
      { uri: `sip:alice@${ALICE}:5060`, via: { address: ALICE } },
    ]);
    await clock.pass(1_200_000);
    expect(states.length).toBeGreaterThanOrEqual(3);
    expect(await registrar.find(`alice@${BOB}`)).toHaveLength(1);
    const refreshes = wire.summary(ALICE).length;
    const closing = registration.close();
    await clock.pass(100);
    await closing;
    expect(await registrar.find(`alice@${BOB}`)).toEqual([]);
    expect(registration.state).toEqual({ kind: "closed" });
    await clock.pass(2_000_000);
    expect(wire.summary(ALICE).length - refreshes).toBeLessThanOrEqual(2);
    expect(clock.pending).toBe(0);
  });

  it("lengthens its interval as a 423 asks", async () => {
    const { clock, states, register } = await rig({ minExpiresMs: 900_000 });
    register({ expiresMs: 60_000 });
    await clock.pass(100);
    expect(states).toEqual([{ kind: "registered", expiresInMs: 900_000 }]);
  });

  it("doesn't hammer with a wrong password", async () => {
    const { clock, wire, states, register } = await rig();
    register({ credentials: [{ username: "alice", password: "wrong" }] });
    await clock.pass(3_600_000);
    expect(states).toEqual([{ kind: "failed", reason: "unauthorized", status: 401, retryInMs: undefined }]);
    expect(wire.summary(ALICE)).toEqual(["REGISTER", "REGISTER"]);
  });

  it("comes back with growing pauses while nobody answers, and recovers", async () => {
    const { clock, wire, states, register } = await rig();
    wire.loses = () => clock.nowMs() < 200_000;
    register();
    await clock.pass(600_000);
    const pauses = states.flatMap((state) => (state.kind === "failed" ? [state.retryInMs ?? 0] : []));
    expect(states[0]).toMatchObject({ kind: "failed", reason: "timeout", status: 0 });
    expect(pauses.every((pause, at) => at === 0 || pause > (pauses[at - 1] ?? 0))).toBe(true);
    expect(states.at(-1)).toMatchObject({ kind: "registered" });
  });
});

describe("the registrar", () => {
  it("keeps several phones of one address, up to its limit", async () => {
    const { clock, registrar, register, states } = await rig({ maxContacts: 2 });
    for (const contactUser of ["one", "two", "three"]) register({ contactUser });
    await clock.pass(100);
    expect((await registrar.find(`alice@${BOB}`)).map(({ uri }) => uri.split("@")[0])).toEqual(["sip:one", "sip:two"]);
    expect(states.at(-1)).toMatchObject({ kind: "failed", status: 403 });
  });

  it("forgets a phone that doesn't come back", async () => {
    const { clock, wire, registrar, register } = await rig();
    register({ expiresMs: 120_000 });
    await clock.pass(100);
    wire.loses = () => true;
    await clock.pass(121_000);
    expect(await registrar.find(`alice@${BOB}`)).toEqual([]);
  });

  it("lets nobody register another's address", async () => {
    const { clock, states, register } = await rig();
    register({ aor: `sip:eve@${BOB}` });
    await clock.pass(100);
    expect(states).toMatchObject([{ kind: "failed", reason: "unauthorized", status: 403 }]);
  });

  it("gives the way to call a registered phone", async () => {
    const seen: string[] = [];
    const { clock, alice, bob, registrar, register } = await rig();
    register();
    await clock.pass(100);
    const [phone] = await registrar.find(`alice@${BOB}`);
    if (!phone) throw new Error("not registered");
    bob.invite({
      target: phone.uri,
      via: [phone.via],
      from: `sip:bob@${BOB}`,
      body: sdp("x"),
      watcher: { onEvent: ({ kind }) => seen.push(kind) },
    });
    await clock.pass(100);
    expect(seen).toEqual(["failed"]);
    expect(alice.callCount).toBe(0);
  });
});
