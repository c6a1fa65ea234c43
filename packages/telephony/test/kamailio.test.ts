import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type IncomingCall,
  type OutgoingCall,
  Registration,
  type RegistrationState,
  type UserAgent,
  type UserAgentOptions,
} from "@earshot/telephony";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { answering, place, realSdp, startAgent } from "./real-agent.ts";
import { realClock } from "./real-clock.ts";
import { freePort, type RunningPeer, runPeer, untilBound, whyMissing } from "./real-peer.ts";

const missing = whyMissing("kamailio", "kamailio");
const folder = mkdtempSync(join(tmpdir(), "earshot-kamailio-"));
const desk = answering();
let kamailio: RunningPeer | undefined;
let port = 0;
const agents: UserAgent[] = [];

/** A registrar and record-routing proxy that knows alice and bob, both with the password "secret". */
const configuration = (listenPort: number, algorithm: "MD5" | "SHA-256") => `
debug=1
log_stderror=yes
fork=no
children=2
listen=udp:127.0.0.1:${listenPort}
listen=tcp:127.0.0.1:${listenPort}
mpath="/usr/lib/x86_64-linux-gnu/kamailio/modules/:/usr/lib/aarch64-linux-gnu/kamailio/modules/"
loadmodule "sl.so"
loadmodule "tm.so"
loadmodule "rr.so"
loadmodule "pv.so"
loadmodule "maxfwd.so"
loadmodule "usrloc.so"
loadmodule "registrar.so"
loadmodule "textops.so"
loadmodule "siputils.so"
loadmodule "auth.so"
modparam("auth", "algorithm", "${algorithm}")
modparam("registrar", "method_filtering", 0)
modparam("rr", "enable_full_lr", 1)
request_route {
  if (!mf_process_maxfwd_header("10")) { sl_send_reply("483", "Too Many Hops"); exit; }
  if (is_method("OPTIONS") && uri==myself) { sl_send_reply("200", "OK"); exit; }
  if (is_method("CANCEL")) { if (t_check_trans()) t_relay(); exit; }
  if (has_totag()) {
    if (loose_route()) { t_relay(); exit; }
    if (is_method("ACK")) { if (t_check_trans()) t_relay(); exit; }
    sl_send_reply("404", "Not Here"); exit;
  }
  if (is_method("REGISTER|INVITE")) {
    if (!pv_auth_check("127.0.0.1", "secret", "0", "0")) { auth_challenge("127.0.0.1", "1"); exit; }
    consume_credentials();
  }
  if (is_method("REGISTER")) { save("location"); exit; }
  record_route();
  if (!lookup("location")) { sl_send_reply("404", "Not Found"); exit; }
  t_relay();
}
`;

async function startKamailio(algorithm: "MD5" | "SHA-256" = "MD5") {
  const listenPort = await freePort();
  const run = mkdtempSync(join(folder, "run-"));
  const file = join(run, "kamailio.cfg");
  writeFileSync(file, configuration(listenPort, algorithm));
  const peer = runPeer("kamailio", ["-f", file, "-DD", "-E", "-m", "32", "-M", "4", "-Y", run], run);
  await untilBound(listenPort);
  return { port: listenPort, peer };
}

beforeAll(async () => {
  if (missing !== undefined) return;
  ({ port, peer: kamailio } = await startKamailio());
}, 30_000);

afterAll(async () => {
  for (const agent of agents) await agent.close();
  await kamailio?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** An agent registered as a user; with the state of its registration. */
async function registered(
  user: string,
  transport: "udp" | "tcp",
  { password = "secret", at = port, ...options }: Partial<UserAgentOptions> & { password?: string; at?: number } = {},
) {
  const agent = await startAgent({}, { ...(user === "bob" && desk), ...options });
  agents.push(agent);
  const suffix = transport === "tcp" ? ";transport=tcp" : "";
  const state = new Promise<{ registration: Registration; state: RegistrationState }>((resolve) => {
    const registration: Registration = new Registration({
      agent,
      clock: realClock,
      aor: `sip:${user}@127.0.0.1:${at}`,
      registrar: `sip:127.0.0.1:${at}${suffix}`,
      credentials: [{ username: user, password }],
      onState: (now) => resolve({ registration, state: now }),
    });
  });
  return { agent, ...(await state) };
}

describe.skipIf(missing !== undefined)(`kamailio${missing === undefined ? "" : ` (skipped: ${missing})`}`, () => {
  it.each(["udp", "tcp"] as const)(
    "registers us and routes calls between us over %s",
    async (transport) => {
      const [alice, bob] = [await registered("alice", transport), await registered("bob", transport)];
      expect([alice.state.kind, bob.state.kind]).toEqual(["registered", "registered"]);
      const before = desk.calls.length;
      const suffix = transport === "tcp" ? ";transport=tcp" : "";
      const { call, seen }: { call: OutgoingCall; seen: ReturnType<typeof place>["seen"] } = place(alice.agent, {
        target: `sip:bob@127.0.0.1:${port}`,
        from: `sip:alice@127.0.0.1:${port}`,
        outboundProxies: [`sip:127.0.0.1:${port}${suffix};lr`],
        credentials: [{ username: "alice", password: "secret" }],
        headers: { "X-Order": "42" },
      });
      await seen.until("answered");
      const taken = desk.calls[before];
      await taken?.seen.until("confirmed");
      expect(taken?.call.headers.get("x-order")).toBe("42");
      expect(taken?.call.headers.has("record-route")).toBe(true);
      const { body } = (await taken?.seen.until("confirmed")) ?? {};
      expect(body).toBeUndefined();
      const offer = taken?.call.offer;
      if (!offer) throw new Error("no offer came through");
      expect(await call.reinvite({ body: offer })).toMatchObject({ kind: "agreed" });
      expect(await taken?.call.reinvite({ body: offer, method: "UPDATE" })).toMatchObject({ kind: "agreed" });
      expect(await call.sendDigit("7")).toMatchObject({ kind: "answered", status: 200 });
      taken?.call.hangUp();
      await seen.until("ended");
      await alice.registration.close();
      await bob.registration.close();
      const gone = place(alice.agent, {
        target: `sip:bob@127.0.0.1:${port}`,
        from: `sip:alice@127.0.0.1:${port}`,
        credentials: [{ username: "alice", password: "secret" }],
      });
      expect(await gone.seen.until("failed")).toMatchObject({ status: 404, outcome: "unknown_number" });
    },
    30_000,
  );

  it("rings all phones of an address: who doesn't pick up first is told that somebody else did", async () => {
    const rung: { name: string; call: IncomingCall; kinds: string[] }[] = [];
    const phone = (name: string) => ({
      onIncomingCall: (call: IncomingCall) => {
        const kinds: string[] = [];
        rung.push({ name, call, kinds });
        call.watch({ onEvent: (event) => kinds.push(event.kind === "ended" ? event.cause : event.kind) });
        call.progress();
      },
    });
    const phones = [await registered("bob", "udp", phone("desk")), await registered("bob", "tcp", phone("mobile"))];
    const alice = await startAgent();
    agents.push(alice);
    const call = () =>
      place(alice, {
        target: `sip:bob@127.0.0.1:${port}`,
        from: `sip:alice@127.0.0.1:${port}`,
        credentials: [{ username: "alice", password: "secret" }],
      });
    const first = call();
    await expect.poll(() => first.seen.kinds().filter((kind) => kind === "ringing").length).toBe(2);
    rung.find(({ name }) => name === "mobile")?.call.answer({ body: realSdp });
    await first.seen.until("answered");
    await expect.poll(() => rung.find(({ name }) => name === "desk")?.kinds).toEqual(["answered_elsewhere"]);
    first.call.hangUp();
    await expect.poll(() => rung.find(({ name }) => name === "mobile")?.kinds).toEqual(["confirmed", "remote_hang_up"]);
    rung.length = 0;
    const second = call();
    await expect.poll(() => rung.length).toBe(2);
    rung[0]?.call.reject({ status: 486 });
    rung[1]?.call.reject({ status: 603 });
    expect(await second.seen.until("failed")).toMatchObject({ outcome: "rejected", status: 603 });
    for (const { registration } of phones) await registration.close();
  }, 30_000);

  it("asks for SHA-256 alone, to register (401) and to call (407)", async () => {
    const strict = await startKamailio("SHA-256");
    try {
      const asked: string[] = [];
      const bob = await registered("bob", "udp", {
        at: strict.port,
        onTrace: (_, message) =>
          asked.push(...message.headers.all("www-authenticate"), ...message.headers.all("proxy-authenticate")),
      });
      expect(bob.state).toMatchObject({ kind: "registered" });
      const { call, seen } = place(bob.agent, {
        target: `sip:bob@127.0.0.1:${strict.port}`,
        from: `sip:alice@127.0.0.1:${strict.port}`,
        credentials: [{ username: "alice", password: "secret" }],
      });
      await seen.until("answered");
      call.hangUp();
      await bob.registration.close();
      expect(asked.length).toBeGreaterThanOrEqual(2);
      for (const challenge of asked) expect(challenge).toContain("algorithm=SHA-256");
    } finally {
      await strict.peer.stop();
    }
  }, 30_000);

  it("refuses a wrong password", async () => {
    const { state } = await registered("alice", "udp", { password: "wrong" });
    expect(state).toMatchObject({ kind: "failed", reason: "unauthorized" });
  }, 30_000);
});
