/** What the stores promise, on either database. */
import { expect, test } from "vitest";
import { newAgentShape } from "../agents/agent.ts";
import { createAgent } from "../agents/create-agent.ts";
import { listAgents } from "../agents/list-agents.ts";
import { seedAgents } from "../agents/seed-agents.ts";
import { createAgentStore } from "../agents/store.ts";
import { updateAgent } from "../agents/update-agent.ts";
import { createFirstApiKey } from "../api-keys/create-api-key.ts";
import { createApiKeyStore } from "../api-keys/store.ts";
import { createApiKeyVerifier } from "../api-keys/verify-api-key.ts";
import { TopicBus } from "../bus/topic-bus.ts";
import { appendEntries } from "../calls/append-entries.ts";
import { beginCall } from "../calls/begin-call.ts";
import { createIdleCallControl } from "../calls/call-control.ts";
import { admitCaller } from "../calls/call-token.ts";
import { closeCall } from "../calls/close-call.ts";
import { closeOrphans } from "../calls/close-orphans.ts";
import { createCall } from "../calls/create-call.ts";
import { finishCall } from "../calls/finish-call.ts";
import { readCall } from "../calls/read-call.ts";
import { readEntries } from "../calls/read-entries.ts";
import { createCallStore } from "../calls/store.ts";
import { entry, journal } from "../calls/testing/journal.ts";
import { createNodeStore } from "../nodes/store.ts";
import { DEAD_AFTER_MS, watchNodes } from "../nodes/watch-nodes.ts";
import { createVault, toVaultKey } from "../secrets/vault.ts";
import { systemWallClock as clock } from "../wall-clock.ts";
import { DEFAULT_WORKSPACE_ID } from "../workspaces/workspace.ts";
import { describeOnEachDatabase } from "./testing/each-database.ts";

const WS = DEFAULT_WORKSPACE_ID;

describeOnEachDatabase("stores", (database) => {
  const agents = () => createAgentStore(database(), createVault(toVaultKey("for tests only")));
  const calls = () => createCallStore(database());
  const newAgent = (name = "Ada") =>
    createAgent({ agents: agents(), clock }, { workspaceId: WS, settings: newAgentShape.parse({ name }) });
  const control = createIdleCallControl();

  async function newCall(nodeId = "node_1") {
    const { agent } = await newAgent();
    const deps = {
      agents: agents(),
      calls: calls(),
      control,
      clock,
      nodeId,
      findVoiceTurns: async () => undefined,
      findMcpServers: async () => ({}),
    };
    return createCall(deps, {
      workspaceId: WS,
      agentId: agent.id,
      pace: "real",
      variables: { name: "Bo" },
      metadata: {},
    });
  }
  const closing = (ended: string[] = []) => ({
    calls: calls(),
    clock,
    onEnded: async (callId: string, reason: string) => void ended.push(`${callId} ${reason}`),
  });

  test("give a fresh database the example agents and one key, once, even if several nodes start", async () => {
    const seeded = await Promise.all([1, 2, 3].map(() => seedAgents({ agents: agents(), clock })));
    expect(seeded.filter(Boolean)).toHaveLength(1);
    const { data } = await listAgents(agents(), WS, { limit: 10 });
    expect(data.map(({ agent }) => agent.metadata["example"])).toEqual(["dentist", "restaurant", "support"]);
    const keys = createApiKeyStore(database());
    const first = await Promise.all([1, 2, 3].map(() => createFirstApiKey(keys, clock)));
    const made = first.filter((key) => key !== undefined);
    expect(made).toHaveLength(1);
    const verify = createApiKeyVerifier({ store: keys, clock });
    expect(await verify(made[0]?.key ?? "")).toMatchObject({ kind: "key", workspaceId: WS, scopes: ["*"] });
    expect(await verify(`${made[0]?.key}x`)).toBeUndefined();
  });

  test("number the revisions of an agent that is changed at the same time", async () => {
    const { id } = (await newAgent()).agent;
    const patches = Array.from({ length: 5 }, (_, n) => ({ workspaceId: WS, id, patch: { prompt: `prompt ${n}` } }));
    await Promise.all(patches.map((change) => updateAgent({ agents: agents(), clock }, change)));
    expect((await agents().find(WS, id))?.agent.revision).toBe(6);
    const prompts = await Promise.all([2, 3, 4, 5, 6].map((revision) => agents().findRevision(id, revision)));
    expect(prompts.map((found) => found?.prompt).toSorted()).toEqual(patches.map(({ patch }) => patch.prompt));
  });

  test("list more than they remember", async () => {
    const prompt = "x".repeat(100_000);
    const notes = Array.from({ length: 60 }, () => "y".repeat(4000));
    const one = agents();
    const input = { workspaceId: "ws_long", settings: newAgentShape.parse({ name: "Long", prompt, notes }) };
    for (let n = 0; n < 30; n++) await createAgent({ agents: one, clock }, input);
    await one.list("ws_long", { limit: 10 });
    expect(await one.list("ws_long", { limit: 100 })).toHaveLength(30);
  });

  test("say of an agent that is changed while it is deployed what is true", async () => {
    const { id } = (await newAgent()).agent;
    const one = agents();
    let deploying: ReturnType<typeof one.deploy> | undefined;
    const changed = await one.update(
      WS,
      id,
      ({ agent: { prompt: _, ...agent }, sent }) => {
        deploying ??= one.deploy(WS, id, clock.now());
        return { settings: newAgentShape.strip().parse({ ...agent, prompt: "new" }), sent };
      },
      clock.now(),
    );
    const deployed = await deploying;
    const wasDeployedFirst = deployed?.agent.revision === 1;
    expect(changed?.agent.version).toBe(wasDeployedFirst ? 1 : 0);
    expect(await one.find(WS, id)).toMatchObject({ agent: { revision: 2, version: 1, isDeployed: !wasDeployedFirst } });
  });

  test("take a name for what it is, whatever is in it", async () => {
    await newAgent("100% Bob'); drop table agents;--");
    const { data } = await listAgents(agents(), WS, { limit: 10, name: "100% bob'); DROP table agents;--" });
    expect(data).toHaveLength(1);
  });

  test("keep a journal to the letter, in order, however often a batch is sent", async () => {
    const { call } = await newCall();
    const odd = "NUL \0, half \ud800, emoji 🦻, \\u0041";
    const entries = journal(
      Array.from({ length: 2500 }, (_, n) =>
        entry({ type: "transcript-partial", utteranceId: n, text: `${n} ${odd}`, atMs: n / 3 }),
      ),
    );
    const bus = new TopicBus<(typeof entries)[number]>();
    await appendEntries({ calls: calls(), bus }, call.id, entries.slice(0, 1500));
    await appendEntries({ calls: calls(), bus }, call.id, entries.slice(1000));
    expect(await readEntries(calls(), call.id)).toEqual(entries);
    expect(await readEntries(calls(), call.id, 2499)).toEqual(entries.slice(2499));
    expect(await calls().readLastEntry(call.id)).toEqual(entries.at(-1));
  });

  test("lead a call from its creation to its end, and keep the first reason", async () => {
    const { call, token } = await newCall();
    const admit = (id: string, brought: string) => admitCaller({ calls: calls(), clock }, id, brought);
    expect(await admit(call.id, `${token}x`)).toBeUndefined();
    expect(await admit("call_0", token)).toBeUndefined();
    const { resumeToken = "" } = (await admit(call.id, token)) ?? {};
    expect(await admit(call.id, token)).toBeUndefined();
    expect([await admit(call.id, resumeToken), await admit(call.id, resumeToken)]).toEqual([{}, {}]);
    expect(await beginCall({ calls: calls(), clock }, call.id)).toBe(true);
    expect(await beginCall({ calls: calls(), clock }, call.id)).toBe(false);
    const ended: string[] = [];
    await closeCall(closing(ended), call.id, { reason: "caller-hung-up", durationMs: 1234.5 });
    await closeCall(closing(ended), call.id, { reason: "internal", durationMs: 9 });
    expect(ended).toEqual([`${call.id} caller-hung-up`]);
    expect(await readCall(calls(), WS, call.id)).toMatchObject({
      status: "ended",
      endReason: "caller-hung-up",
      durationMs: 1235,
      variables: { name: "Bo" },
    });
    expect(await calls().listUnfinished(10)).toContain(call.id);
    expect(await finishCall(calls(), call.id)).toEqual([]);
    expect(await finishCall(calls(), call.id)).toBeUndefined();
    expect((await readCall(calls(), WS, call.id)).summary).toEqual({ turns: 0 });
  });

  test("close what a crash left open, after the last entry, once", async () => {
    await closeOrphans(closing());
    const { call: talking } = await newCall();
    await beginCall({ calls: calls(), clock }, talking.id);
    const bus = new TopicBus<never>();
    await appendEntries({ calls: calls(), bus }, talking.id, journal([entry({ type: "leg-lost", atMs: 700 })]));
    const { call: over } = await newCall();
    const end = journal([entry({ type: "call-ended", reason: "agent-hung-up", atMs: 50 })]);
    await appendEntries({ calls: calls(), bus }, over.id, end);
    const { call: waiting } = await newCall();

    const ended: string[] = [];
    await closeOrphans(closing(ended));
    expect(ended.toSorted()).toEqual(
      [`${talking.id} server-crash`, `${over.id} agent-hung-up`, `${waiting.id} server-crash`].toSorted(),
    );
    expect(await calls().readLastEntry(talking.id)).toMatchObject({
      seq: 2,
      atMs: 700,
      event: { type: "call-ended", reason: "server-crash" },
    });
    expect(await readEntries(calls(), over.id)).toHaveLength(1);
    expect((await readCall(calls(), WS, talking.id)).durationMs).toBe(700);
    expect(await closeOrphans(closing())).toBe(0);
  });

  test("notice a node that fell silent, and leave those that live alone", async () => {
    const nodes = createNodeStore(database());
    const { call: theirs } = await newCall("node_dead");
    const { call: ours } = await newCall("node_alive");
    await nodes.beat("node_dead", clock.at(clock.now().getTime() - DEAD_AFTER_MS - 1000).toISOString());
    const signOff = await watchNodes({
      nodes,
      clock,
      nodeId: "node_alive",
      onDead: async (ids) => void (await closeOrphans(closing(), ids)),
      onError: (error) => expect.unreachable(String(error)),
    });
    await signOff();
    expect((await readCall(calls(), WS, theirs.id)).endReason).toBe("server-crash");
    expect((await readCall(calls(), WS, ours.id)).status).toBe("created");
    expect(await nodes.listSilent(clock.at(clock.now().getTime() + 1000).toISOString())).toEqual([]);
  });
});
