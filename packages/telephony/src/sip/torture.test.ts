/** The torture messages of RFC 4475 over real sockets, at a user agent that is in a call meanwhile. */
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { connect } from "node:net";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { SystemClock } from "../media/system-clock.ts";
import type { IncomingCall } from "./call/incoming-call.ts";
import { MemoryLocationStore } from "./registration/location-store.ts";
import { Registrar } from "./registration/registrar.ts";
import { type TortureMessage, tortureBytes } from "./testing/torture-message.ts";
import { TORTURE_MESSAGES } from "./testing/torture-messages.ts";
import { agreeingMedia, recorder, sdp } from "./testing/two-agents.ts";
import { SocketNetwork } from "./transport/socket-network.ts";
import { UserAgent, type UserAgentOptions } from "./user-agent.ts";

const FRIEND = "sip:friend@127.0.0.1";
const clock = new SystemClock();
const texts: Uint8Array[] = [];
const faults: unknown[] = [];
let agent: UserAgent;
let friend: UserAgent;

async function start(options: Partial<UserAgentOptions> = {}): Promise<UserAgent> {
  const network = new SocketNetwork({ clock, host: "127.0.0.1", udpPort: 0, tcpPort: 0 });
  const started = new UserAgent({ clock, network, ...options });
  await started.start();
  return started;
}

beforeEach(async () => {
  const store = new MemoryLocationStore();
  const registrar = new Registrar({ clock, store, realm: "earshot", findSecret: () => undefined });
  agent = await start({
    onRegister: registrar.handle,
    onFault: (fault) => fault.code === "internal" && faults.push(fault),
    onMessage: ({ body }) => {
      texts.push(body?.content ?? new Uint8Array(0));
      return 202;
    },
    onIncomingCall: (call: IncomingCall) => {
      call.watch({ onEvent: () => {}, media: agreeingMedia() });
      if (call.from.uri === FRIEND) call.answer({ body: sdp("answer") });
      else call.reject({ status: 486 });
    },
  });
  friend = await start();
});
afterEach(async () => {
  await friend.close();
  await agent.close();
});

type Way = { readonly send: (bytes: Uint8Array) => void; readonly close: () => void };

/** A socket of its own; what comes is given to `onText`. */
async function open(protocol: "udp" | "tcp", onText: (text: string) => void): Promise<Way> {
  const port = agent.localAddress(protocol)?.port ?? 0;
  if (protocol === "tcp") {
    const socket = connect(port, "127.0.0.1");
    socket.on("data", (chunk) => onText(chunk.toString()));
    await once(socket, "connect");
    return { send: (bytes) => socket.write(bytes), close: () => socket.destroy() };
  }
  const socket = createSocket("udp4");
  socket.on("message", (chunk) => onText(chunk.toString()));
  return { send: (bytes) => socket.send(bytes, port, "127.0.0.1"), close: () => socket.close() };
}

/** It asks for answers where it came from, and no two are of one transaction. */
function asSent(message: TortureMessage, protocol: string): Uint8Array {
  const text = Buffer.from(tortureBytes(message)).toString("latin1");
  const [via = "", first = ""] = /^v(?:ia)?[ \t]*:([^;,\r]*(?:\r\n[ \t][^;,\r]*)*)/im.exec(text) ?? [];
  const asking = message.answer === "none" ? text : text.replace(via, via.replace(first, `${first};rport`));
  return Buffer.from(asking.replace(/(branch\s*=\s*z9hG4bK)(?=\w)/, `$1${protocol}${message.name}`), "latin1");
}

function pingOf(message: TortureMessage): Uint8Array {
  const lines = [
    "OPTIONS sip:ping@127.0.0.1 SIP/2.0",
    `Via: SIP/2.0/UDP 127.0.0.1;rport;branch=z9hG4bKping${message.name}`,
    ...["From: <sip:ping@127.0.0.1>;tag=1", "To: <sip:ping@127.0.0.1>", "CSeq: 1 OPTIONS", "Content-Length: 0"],
    `Call-ID: ping-${message.name}-${Math.random()}`,
  ];
  return tortureBytes({ lines });
}

/** The final answer, known once a request that came later has been answered too. */
async function answerTo(message: TortureMessage, protocol: "udp" | "tcp"): Promise<number | "none"> {
  let heard = "";
  const finals = () =>
    heard
      .split(/(?=^SIP\/2\.0 )/m)
      .filter((text) => !text.includes("Call-ID: ping-"))
      .flatMap((text) => Number(/^SIP\/2\.0 ([2-6]\d\d) /.exec(text)?.[1]) || []);
  const way = await open(protocol, (text) => {
    heard += text;
  });
  way.send(asSent(message, protocol));
  way.send(pingOf(message));
  // What never comes shows among the answers.
  await vi
    .waitUntil(() => heard.includes("Call-ID: ping-") && (message.answer === "none" || finals().length > 0), {
      interval: 5,
      timeout: 2_000,
    })
    .catch(() => {});
  way.close();
  return finals()[0] ?? "none";
}

it.each(["udp", "tcp"] as const)(
  "each of them is answered as the RFC says over %s, and a call goes on",
  async (protocol) => {
    const suffix = protocol === "tcp" ? ";transport=tcp" : "";
    const target = `sip:agent@127.0.0.1:${agent.localAddress(protocol)?.port}${suffix}`;
    const seen = recorder();
    const watcher = { onEvent: seen.onEvent, media: agreeingMedia() };
    const call = friend.invite({ target, from: FRIEND, body: sdp("offer"), watcher });
    await expect.poll(() => call.state).toBe("confirmed");
    const messages = TORTURE_MESSAGES.filter(({ needsDatagram }) => protocol === "udp" || needsDatagram !== true);
    const answers = await Promise.all(
      messages.map(async (message) => [message.name, await answerTo(message, protocol)] as const),
    );
    expect(Object.fromEntries(answers)).toEqual(Object.fromEntries(messages.map(({ name, answer }) => [name, answer])));
    expect(await call.reinvite({ body: sdp("hold") })).toMatchObject({ kind: "agreed" });
    call.hangUp();
    await expect.poll(() => agent.callCount).toBe(0);
    expect([seen.kinds(), faults]).toEqual([["answered", "ended"], []]);
    const [multipart] = messages.filter(({ name }) => name === "mpart01");
    expect(texts.map((text) => Buffer.from(text))).toContainEqual(Buffer.from(multipart?.body ?? ""));
  },
);
