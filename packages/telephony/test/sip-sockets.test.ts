import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TransportProtocol, UserAgent } from "@earshot/telephony";
import { afterAll, describe, expect, it } from "vitest";
import { answering, place, startAgent } from "./real-agent.ts";
import { freePort, makeCertificate, whyMissing } from "./real-peer.ts";

const noOpenssl = whyMissing("openssl", "openssl");
const folder = mkdtempSync(join(tmpdir(), "earshot-sip-"));
const certificate = noOpenssl === undefined ? makeCertificate(folder) : undefined;
const open: UserAgent[] = [];

afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function start(...args: Parameters<typeof startAgent>): Promise<UserAgent> {
  const agent = await startAgent(...args);
  open.push(agent);
  return agent;
}

async function closeAll(): Promise<void> {
  for (const agent of open.splice(0)) await agent.close();
}

function uriOf(agent: UserAgent, protocol: TransportProtocol): string {
  const transport = protocol === "udp" ? "" : `;transport=${protocol}`;
  return `sip:bob@127.0.0.1:${agent.localAddress(protocol)?.port}${transport}`;
}

describe("real sockets", () => {
  it.each(["udp", "tcp", "tls"] as const)("carry calls over %s, ended by either side", async (protocol) => {
    if (protocol === "tls" && !certificate) return;
    const tls = certificate && { tls: { ...certificate, port: 0 }, tlsClient: { ca: certificate.cert } };
    const desk = answering();
    const [alice, bob] = [await start({ ...tls }), await start({ ...tls }, desk)];
    for (let turn = 0; turn < 4; turn += 1) {
      const { call, seen } = place(alice, { target: uriOf(bob, protocol) });
      await seen.until("answered");
      const taken = desk.calls[turn];
      await taken?.seen.until("confirmed");
      (turn % 2 === 0 ? call : taken?.call)?.hangUp();
      await Promise.all([seen.until("ended"), taken?.seen.until("ended")]);
      expect(taken?.call.peer?.protocol).toBe(protocol);
    }
    expect([alice.callCount, bob.callCount]).toEqual([0, 0]);
    await closeAll();
  });

  it.each(["udp", "tcp"] as const)("carry calls over IPv6 and %s", async (protocol) => {
    const desk = answering();
    const [alice, bob] = [await start({ host: "::1" }), await start({ host: "::1" }, desk)];
    const suffix = protocol === "tcp" ? ";transport=tcp" : "";
    const { call, seen } = place(alice, {
      target: `sip:bob@[::1]:${bob.localAddress(protocol)?.port}${suffix}`,
      from: "sip:alice@[::1]",
    });
    await seen.until("answered");
    desk.calls[0]?.call.hangUp();
    await seen.until("ended");
    expect(call.state).toBe("ended");
    expect(desk.calls[0]?.call.source.address).toBe("::1");
    await closeAll();
  });

  it("ask a client for its certificate when they are told to", async () => {
    if (!certificate) return;
    const { cert, key } = certificate;
    const desk = answering();
    const bob = await start({ tls: { cert, key, clientCa: cert, port: 0 } }, desk);
    const stranger = await start({ tls: { cert, key, port: 0 }, tlsClient: { ca: cert } });
    const refused = place(stranger, { target: uriOf(bob, "tls") });
    expect(await refused.seen.until("failed")).toMatchObject({ outcome: "unreachable" });
    const known = await start({ tls: { cert, key, port: 0 }, tlsClient: { ca: cert, cert, key } });
    const { seen } = place(known, { target: uriOf(bob, "tls") });
    await seen.until("answered");
    expect(desk.calls).toHaveLength(1);
    await closeAll();
  });

  it("refuse a certificate that nobody vouches for", async () => {
    if (!certificate) return;
    const [alice, bob] = [await start(), await start({ tls: { ...certificate, port: 0 } })];
    const { seen } = place(alice, { target: uriOf(bob, "tls") });
    expect(await seen.until("failed")).toMatchObject({ outcome: "unreachable" });
    await closeAll();
  });

  it("use one connection for many calls, and open another when it is gone", async () => {
    const desk = answering();
    const [alice, bob] = [await start(), await start({}, desk)];
    const ports = new Set<number>();
    for (let turn = 0; turn < 3; turn += 1) {
      const { call, seen } = place(alice, { target: uriOf(bob, "tcp") });
      await seen.until("answered");
      ports.add(desk.calls[turn]?.call.source.port ?? 0);
      call.hangUp();
      await desk.calls[turn]?.seen.until("ended");
    }
    expect(ports.size).toBe(1);
    await closeAll();
  });

  it("answer a keep-alive, and close a stream that makes no sense", async () => {
    const faults: unknown[] = [];
    const agent = await start({}, { onFault: (fault) => faults.push(fault) });
    const socket = connect(agent.localAddress("tcp")?.port ?? 0, "127.0.0.1");
    socket.write("\r\n\r\n");
    const [pong] = (await once(socket, "data")) as [Buffer];
    expect(pong.toString()).toBe("\r\n");
    socket.write("INVITE sip:a@h SIP/2.0\r\nX: 1\r\n\r\n");
    await once(socket, "close");
    expect(faults).toMatchObject([{ code: "network", fault: { code: "bad_stream" } }]);
    await closeAll();
  });

  it("hold no more connections of one address than allowed", async () => {
    const agent = await start({ maxConnectionsPerAddress: 2 });
    const port = agent.localAddress("tcp")?.port ?? 0;
    const sockets = [1, 2, 3].map(() => connect(port, "127.0.0.1"));
    const [, , third] = sockets;
    if (!third) throw new Error("no socket");
    third.on("error", () => {});
    await once(third, "close");
    expect(sockets.map((socket) => socket.destroyed)).toEqual([false, false, true]);
    for (const socket of sockets) socket.destroy();
    await closeAll();
  });

  it("tell a port that is taken", async () => {
    const first = await start();
    const port = first.localAddress("udp")?.port ?? 0;
    await expect(startAgent({ udpPort: port })).rejects.toMatchObject({ code: "cannot_bind" });
    await closeAll();
  });

  it("fall back to UDP when a large request finds no TCP", async () => {
    const desk = answering();
    const alice = await start({}, { tcpAboveBytes: 300 });
    const bob = await startAgent({}, desk);
    open.push(bob);
    const { seen } = place(alice, { target: uriOf(bob, "udp") });
    await seen.until("answered");
    expect(desk.calls[0]?.call.source.protocol).toBe("udp");
    await closeAll();
  });

  it("send a large request over TCP when the far end takes it", async () => {
    const desk = answering();
    const port = await freePort();
    const alice = await start({}, { tcpAboveBytes: 300 });
    await start({ udpPort: port, tcpPort: port }, desk);
    const { seen } = place(alice, { target: `sip:bob@127.0.0.1:${port}` });
    await seen.until("answered");
    expect(desk.calls[0]?.call.source.protocol).toBe("tcp");
    await closeAll();
  });
});
