import {
  type Clock,
  Registration,
  type RegistrationState,
  SocketNetwork,
  SystemClock,
  textBody,
  UserAgent,
} from "@earshot/telephony";
import { afterEach, expect, it } from "vitest";
import type { StoredDocument } from "../../documents/store.ts";
import type { PhoneNumber } from "../../phone-numbers/phone-number.ts";
import { sealSoftphonePassword } from "../../phone-numbers/softphone-password.ts";
import { createVault } from "../../secrets/vault.ts";
import { systemWallClock } from "../../wall-clock.ts";
import { Softphones } from "./softphones.ts";

const NUMBER = "+12125550177";
const PASSWORD = "a softphone's own";
const clock: Clock = new SystemClock();
const vault = createVault(new Uint8Array(32));
const stored = {
  id: "num_1",
  workspaceId: "ws_a",
  phoneNumber: NUMBER,
  ...sealSoftphonePassword(vault, PASSWORD),
} as PhoneNumber;
const agents: UserAgent[] = [];

afterEach(async () => {
  for (const agent of agents.splice(0)) await agent.close();
});

async function startAgent(options: Partial<ConstructorParameters<typeof UserAgent>[0]> = {}): Promise<UserAgent> {
  const network = new SocketNetwork({ clock, host: "127.0.0.1", udpPort: 0 });
  const agent = new UserAgent({ clock, network, ...options });
  await agent.start();
  agents.push(agent);
  return agent;
}

/** Documents that outlive the desk. */
function createDocumentStoreOf(all: Map<string, StoredDocument & { readonly workspaceId: string }>) {
  return {
    listEverywhere: async () => [...all.values()],
    insert: async ({ workspaceId }: { readonly workspaceId: string }, document: StoredDocument) =>
      void all.set(document.id, { ...document, workspaceId }),
    update: async (_: object, id: string, change: (document: StoredDocument) => StoredDocument["document"]) => {
      const held = all.get(id);
      if (held) all.set(id, { ...held, document: change(held) });
      return held;
    },
    remove: async (_: object, id: string) => all.delete(id),
  };
}

async function startDesk(kept = new Map<string, StoredDocument & { readonly workspaceId: string }>()) {
  const phoneNumbers = { findActive: async (wanted: string) => (wanted === NUMBER ? stored : undefined) };
  const documents = createDocumentStoreOf(kept);
  const softphones = new Softphones({
    ...{ clock, wallClock: systemWallClock, phoneNumbers, vault, documents },
    onError: (error) => {
      throw error;
    },
  });
  const proofs: boolean[] = [];
  const desk = await startAgent({
    onRegister: softphones.handle,
    onIncomingCall: async (call) => {
      proofs.push(await softphones.prove(call, NUMBER));
      call.reject({ status: 486 });
    },
  });
  return { softphones, proofs, at: `127.0.0.1:${desk.localAddress("udp")?.port}` };
}

/** Resolves to how the first attempt came out. */
function register(agent: UserAgent, address: string, password: string): Promise<RegistrationState> {
  const { promise, resolve } = Promise.withResolvers<RegistrationState>();
  new Registration({
    ...{ agent, clock, aor: address, keepAliveMs: 0 },
    credentials: [{ username: address.slice(4).split("@")[0] ?? "", password }],
    onState: (state) => state.kind !== "registering" && resolve(state),
  });
  return promise;
}

it("knows a phone that has registered, by its number and by where it is", async () => {
  const { softphones, at } = await startDesk();
  const phone = await startAgent();
  expect(await register(phone, `sip:${NUMBER}@${at}`, PASSWORD)).toMatchObject({ kind: "registered" });
  const [found] = await softphones.find(NUMBER);
  const port = phone.localAddress("udp")?.port ?? 0;
  expect(found?.via).toMatchObject({ protocol: "udp", address: "127.0.0.1", port });
  expect(await softphones.findCaller({ protocol: "udp", address: "127.0.0.1", port })).toBe(stored);
  expect(await softphones.findCaller({ protocol: "udp", address: "127.0.0.1", port: 9 })).toBeUndefined();
});

it("knows the phone after a restart, until its registration runs out", async () => {
  const kept = new Map<string, StoredDocument & { readonly workspaceId: string }>();
  const { at } = await startDesk(kept);
  const phone = await startAgent();
  await register(phone, `sip:${NUMBER}@${at}`, PASSWORD);
  await expect.poll(() => kept.size).toBe(1);
  const { softphones: again } = await startDesk(kept);
  expect(await again.find(NUMBER)).toEqual([]);
  await again.recall();
  expect(await again.find(NUMBER)).toHaveLength(1);
  const [[id, document]] = [...kept] as [[string, StoredDocument & { workspaceId: string }]];
  const { bindings } = document.document as { bindings: { expiresAtEpochMs: number }[] };
  const old = bindings.map((binding) => ({ ...binding, expiresAtEpochMs: binding.expiresAtEpochMs - 3_700_000 }));
  kept.set(id, { ...document, document: { ...document.document, bindings: old } });
  const { softphones: late } = await startDesk(kept);
  await late.recall();
  expect(await late.find(NUMBER)).toEqual([]);
});

it.each([
  ["a wrong password", NUMBER, "another one"],
  ["a number that has no password", "+12125550178", PASSWORD],
])("registers no phone with %s", async (_, number, password) => {
  const { softphones, at } = await startDesk();
  const phone = await startAgent();
  expect(await register(phone, `sip:${number}@${at}`, password)).toMatchObject({ kind: "failed", status: 401 });
  expect(await softphones.find(number)).toEqual([]);
});

it("has a caller prove whose phone it is", async () => {
  const { proofs, at } = await startDesk();
  const phone = await startAgent();
  const { promise: failed, resolve } = Promise.withResolvers<number>();
  phone.invite({
    ...{ target: `sip:agt_1@${at}`, from: `sip:${NUMBER}@${at}` },
    body: textBody("application/sdp", "v=0\r\n"),
    credentials: [{ username: NUMBER, password: PASSWORD }],
    watcher: { onEvent: (event) => event.kind === "failed" && resolve(event.status) },
  });
  expect(await failed).toBe(486);
  expect(proofs).toEqual([false, true]);
});
