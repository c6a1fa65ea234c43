import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type OutgoingCall, Registration, type RegistrationState, type UserAgent } from "@earshot/telephony";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { answering, place, startAgent } from "./real-agent.ts";
import { realClock } from "./real-clock.ts";
import { freePort, type RunningPeer, runPeer, untilBound, whyMissing } from "./real-peer.ts";

const missing = whyMissing("kamailio", "kamailio");
const folder = mkdtempSync(join(tmpdir(), "earshot-kamailio-"));
const desk = answering();
let kamailio: RunningPeer | undefined;
let port = 0;
const agents: UserAgent[] = [];

/** A registrar and record-routing proxy that knows alice and bob, both with the password "secret". */
const configuration = (listenPort: number) => `
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

beforeAll(async () => {
  if (missing !== undefined) return;
  port = await freePort();
  const file = join(folder, "kamailio.cfg");
  writeFileSync(file, configuration(port));
  kamailio = runPeer("kamailio", ["-f", file, "-DD", "-E", "-m", "32", "-M", "4", "-Y", folder], folder);
  await untilBound(port);
}, 30_000);

afterAll(async () => {
  for (const agent of agents) await agent.close();
  await kamailio?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** An agent registered as a user; with the state of its registration. */
async function registered(user: string, transport: "udp" | "tcp", password = "secret") {
  const agent = await startAgent({}, user === "bob" ? desk : {});
  agents.push(agent);
  const suffix = transport === "tcp" ? ";transport=tcp" : "";
  const state = new Promise<{ registration: Registration; state: RegistrationState }>((resolve) => {
    const registration: Registration = new Registration({
      agent,
      clock: realClock,
      aor: `sip:${user}@127.0.0.1:${port}`,
      registrar: `sip:127.0.0.1:${port}${suffix}`,
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

  it("refuses a wrong password", async () => {
    const { state } = await registered("alice", "udp", "wrong");
    expect(state).toMatchObject({ kind: "failed", reason: "unauthorized" });
  }, 30_000);
});
