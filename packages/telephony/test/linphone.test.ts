import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DigestServer, type IncomingCall, MemoryLocationStore, Registrar, type UserAgent } from "@earshot/telephony";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { answering, place, startAgent } from "./real-agent.ts";
import { realClock } from "./real-clock.ts";
import { freePort, runPeer, untilBound, whyMissing } from "./real-peer.ts";

const missing = whyMissing("linphonec", "linphone-cli");
const folder = mkdtempSync(join(tmpdir(), "earshot-linphone-"));
const stops: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const stop of stops.splice(0).toReversed()) await stop();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A linphonec that answers by itself, and takes orders. */
async function startLinphone() {
  const sipPort = await freePort();
  const home = join(folder, `linphone-${sipPort}`);
  mkdirSync(join(home, ".local/share/linphone"), { recursive: true });
  const settings = [
    "[sip]",
    `sip_port=${sipPort}`,
    `sip_tcp_port=${sipPort}`,
    "sip_tls_port=0",
    "[rtp]",
    "audio_rtp_port=33000-33100",
  ];
  writeFileSync(join(home, "rc"), `${settings.join("\n")}\n`);
  const peer = runPeer("linphonec", ["-c", join(home, "rc"), "-a"], home);
  stops.push(() => peer.stop());
  await peer.until(/linphonec>/);
  const order = (...orders: readonly string[]) => {
    for (const each of orders) peer.process.stdin?.write(`${each}\n`);
  };
  order("ipv6 disable", "soundcard use files");
  await untilBound(sipPort);
  return { sipPort, peer, order };
}

async function start(...args: Parameters<typeof startAgent>): Promise<UserAgent> {
  const agent = await startAgent(...args);
  stops.push(() => agent.close());
  return agent;
}

describe.skipIf(missing !== undefined)(`linphone${missing === undefined ? "" : ` (skipped: ${missing})`}`, () => {
  it.each(["udp", "tcp"] as const)(
    "is called over %s, holds, comes back and is hung up on",
    async (transport) => {
      const [agent, phone] = [await start(), await startLinphone()];
      const suffix = transport === "tcp" ? ";transport=tcp" : "";
      const { call, seen } = place(agent, { target: `sip:bob@127.0.0.1:${phone.sipPort}${suffix}` });
      await seen.until("answered");
      const refreshes = () => seen.kinds().filter((kind) => kind === "refreshed").length;
      phone.order("pause");
      await expect.poll(refreshes).toBeGreaterThanOrEqual(1);
      const before = refreshes();
      phone.order("resume");
      await expect.poll(refreshes).toBeGreaterThan(before);
      call.hangUp();
      await phone.peer.until(/ended|released|no error/i);
      expect(agent.callCount).toBe(0);
    },
    30_000,
  );

  it("registers with its password, and asks a caller to take the place of its consultation", async () => {
    const findSecret = (user: string) => (user === "bob" ? { password: "secret" } : undefined);
    const registrar = new Registrar({
      clock: realClock,
      store: new MemoryLocationStore(),
      realm: "earshot",
      findSecret,
    });
    const guard = new DigestServer({ clock: realClock, realm: "earshot" });
    const desk = answering();
    const agent: UserAgent = await start(
      {},
      {
        onRegister: registrar.handle,
        onIncomingCall: (call: IncomingCall) => {
          if (call.replaces) return desk.onIncomingCall(call);
          call
            .authenticate(guard, findSecret)
            .then(({ kind }) => kind === "accepted" && desk.onIncomingCall(call))
            .catch(() => {});
        },
      },
    );
    const phone = await startLinphone();
    const at = (user: string) => `sip:${user}@127.0.0.1:${agent.localAddress("udp")?.port}`;
    phone.order(`register ${at("bob")} ${at("bob").replace("bob@", "")} secret`);
    await expect.poll(() => registrar.find("bob@127.0.0.1")).toHaveLength(1);
    phone.order(`call ${at("one")}`);
    await phone.peer.until(/established with \S+ for call 1/);
    phone.order("pause");
    await phone.peer.until(/is now paused/);
    phone.order(`call ${at("two")}`);
    await phone.peer.until(/established with \S+ for call 2/);
    phone.order("transfer 1 --to-call 2");
    const event = await desk.calls[0]?.seen.until("refer");
    expect(event?.refer.isAttended).toBe(true);
    event?.refer.accept();
    const { target = "", inviteHeaders: headers = {} } = event?.refer ?? {};
    // It names the address without its port, as behind a registrar at 5060.
    const port = agent.localAddress("udp")?.port ?? 0;
    const { seen } = place(agent, { target, headers, via: [{ protocol: "udp", address: "127.0.0.1", port }] });
    await seen.until("answered");
    event?.refer.report(200);
    expect(desk.calls[2]?.call.replaces).toBe(desk.calls[1]?.call);
    expect(await desk.calls[1]?.seen.until("ended")).toMatchObject({ cause: "replaced" });
    expect(await desk.calls[0]?.seen.until("ended")).toMatchObject({ cause: "remote_hang_up" });
  }, 30_000);
});
