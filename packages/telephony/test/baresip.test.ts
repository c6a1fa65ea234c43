import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DigestServer, MemoryLocationStore, Registrar, type UserAgent } from "@earshot/telephony";
import { afterAll, describe, expect, it } from "vitest";
import { type Baresip, startBaresip } from "./baresip.ts";
import { answering, place, realSdp, startAgent } from "./real-agent.ts";
import { realClock } from "./real-clock.ts";
import { makeCertificate, whyMissing } from "./real-peer.ts";

const missing = whyMissing("baresip", "baresip");
const folder = mkdtempSync(join(tmpdir(), "earshot-baresip-"));
const open: { close?: () => Promise<void>; stop?: () => Promise<void> }[] = [];

afterAll(async () => {
  for (const each of open) await (each.stop?.() ?? each.close?.());
  rmSync(folder, { recursive: true, force: true });
});

type Transport = "udp" | "tcp" | "tls";
const noOpenssl = whyMissing("openssl", "openssl");
const certificate = noOpenssl === undefined ? makeCertificate(folder) : { cert: "", key: "" };
const TRANSPORTS: readonly Transport[] = ["udp", "tcp", ...(noOpenssl === undefined ? (["tls"] as const) : [])];
const tlsFile = join(folder, "both.pem");
writeFileSync(tlsFile, `${certificate.cert}${certificate.key}`);
const suffixOf = (transport: Transport) => (transport === "udp" ? "" : `;transport=${transport}`);
const optionsOf = (transport: Transport) => (transport === "tls" ? { tlsFile } : {});

async function rig(options: Parameters<typeof startBaresip>[1] = {}) {
  const desk = answering();
  const tls =
    options.tlsFile === undefined ? {} : { tls: { ...certificate, port: 0 }, tlsClient: { ca: certificate.cert } };
  const agent: UserAgent = await startAgent(tls, desk);
  const phone: Baresip = await startBaresip(folder, options);
  open.push(agent, phone);
  const uri = (transport: Transport) =>
    `sip:agent@127.0.0.1:${agent.localAddress(transport)?.port}${suffixOf(transport)}`;
  return { desk, agent, phone, uri };
}

describe.skipIf(missing !== undefined)(`baresip${missing === undefined ? "" : ` (skipped: ${missing})`}`, () => {
  it.each(TRANSPORTS)(
    "is called, held, resumed and hung up on over %s",
    async (transport) => {
      const { agent, phone } = await rig(optionsOf(transport));
      const port = phone.sipPort + (transport === "tls" ? 1 : 0);
      const target = `sip:bob@127.0.0.1:${port}${suffixOf(transport)}`;
      const { call, seen } = place(agent, { target });
      await seen.until("answered");
      const text = new TextDecoder().decode(realSdp.content);
      const hold = { ...realSdp, content: new TextEncoder().encode(text.replace("sendrecv", "sendonly")) };
      expect(await call.reinvite({ body: hold })).toMatchObject({ kind: "agreed" });
      expect(await call.reinvite({ body: realSdp })).toMatchObject({ kind: "agreed" });
      call.hangUp();
      await phone.peer.until(/session closed|terminated/i);
      expect(seen.kinds()).toEqual(expect.arrayContaining(["answered", "ended"]));
    },
    30_000,
  );

  it.each(TRANSPORTS)(
    "calls us over %s, holds, and hangs up",
    async (transport) => {
      const { desk, phone, uri } = await rig(optionsOf(transport));
      phone.order("dial", uri(transport));
      await phone.peer.until(/established/i);
      const [taken] = desk.calls;
      await taken?.seen.until("confirmed");
      phone.order("hold");
      await taken?.seen.until("refreshed");
      phone.order("hangup");
      expect(await taken?.seen.until("ended")).toMatchObject({ cause: "remote_hang_up" });
    },
    30_000,
  );

  it("cancels while we ring", async () => {
    const { phone } = await rig();
    const rung: string[] = [];
    const agent = await startAgent(
      {},
      {
        onIncomingCall: (call) => {
          call.watch({ onEvent: (event) => rung.push(event.kind === "ended" ? event.cause : event.kind) });
          call.progress();
          phone.order("hangup");
        },
      },
    );
    open.push(agent);
    phone.order("dial", `sip:agent@127.0.0.1:${agent.localAddress("udp")?.port}`);
    await expect.poll(() => rung, { timeout: 10_000 }).toEqual(["cancelled"]);
  }, 30_000);

  it("is given up on while it rings", async () => {
    const { agent, phone } = await rig({ answers: false });
    const { call, seen } = place(agent, { target: `sip:bob@127.0.0.1:${phone.sipPort}` });
    await seen.until("ringing");
    call.hangUp();
    expect(await seen.until("failed")).toMatchObject({ outcome: "cancelled", status: 487 });
  }, 30_000);

  it("lets itself be transferred, and tells how that went", async () => {
    const { agent, phone, desk, uri } = await rig();
    const { call, seen } = place(agent, { target: `sip:bob@127.0.0.1:${phone.sipPort}` });
    await seen.until("answered");
    const progress: number[] = [];
    const outcome = call.refer({
      target: uri("udp"),
      timeoutMs: 15_000,
      onProgress: ({ status }) => progress.push(status),
    });
    expect(await outcome).toEqual({ kind: "succeeded", status: 200 });
    expect(progress[0]).toBe(202);
    await desk.calls[0]?.seen.until("confirmed");
    call.hangUp();
  }, 30_000);

  it("asks us to transfer it", async () => {
    const { desk, phone, uri } = await rig();
    phone.order("dial", uri("udp"));
    await phone.peer.until(/established/i);
    await desk.calls[0]?.seen.until("confirmed");
    phone.order("transfer", "sip:carol@127.0.0.1:9");
    const event = await desk.calls[0]?.seen.until("refer");
    expect(event?.refer.target).toBe("sip:carol@127.0.0.1:9");
    event?.refer.accept();
    event?.refer.report(603);
    await phone.peer.until(/transfer failed|603/i);
    phone.order("hangup");
    await desk.calls[0]?.seen.until("ended");
  }, 30_000);

  it.each(["udp", "tcp"] as const)(
    "registers with us over %s, calls with its password and is called",
    async (transport) => {
      const findSecret = (user: string) => (user === "bob" ? { password: "secret" } : undefined);
      const desk = answering();
      const server = new DigestServer({ clock: realClock, realm: "earshot" });
      const registrar = new Registrar({
        clock: realClock,
        store: new MemoryLocationStore(),
        realm: "earshot",
        findSecret,
      });
      const agent = await startAgent(
        {},
        {
          onRegister: registrar.handle,
          onIncomingCall: (call) => {
            call
              .authenticate(server, findSecret)
              .then((verdict) => verdict.kind === "accepted" && desk.onIncomingCall(call))
              .catch(() => {});
          },
        },
      );
      const port = agent.localAddress(transport)?.port ?? 0;
      const phone = await startBaresip(folder, { registrar: { port, password: "secret", transport } });
      open.push(agent, phone);
      await expect.poll(() => registrar.find("bob@127.0.0.1"), { timeout: 10_000 }).toHaveLength(1);
      phone.order("dial", `sip:agent@127.0.0.1:${port}${transport === "tcp" ? ";transport=tcp" : ""}`);
      await phone.peer.until(/established/i);
      phone.order("hangup");
      await desk.calls[0]?.seen.until("ended");
      const [way] = await registrar.find("bob@127.0.0.1");
      if (!way) throw new Error("not registered");
      const { call, seen } = place(agent, { target: way.uri, via: [way.via] });
      await seen.until("answered");
      call.hangUp();
      expect(way.via.flowId === undefined).toBe(transport === "udp");
    },
    30_000,
  );
});
