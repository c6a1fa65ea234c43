/** sipp calls the exchange: whatever it sends, each call goes as its scenario says, and others are not disturbed. */
import { spawn } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SocketNetwork, SystemClock, textBody, UserAgent } from "@earshot/telephony";
import { tortureDatagrams } from "@earshot/telephony/testing/torture";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type EmbeddedTestDatabase, openEmbeddedForTest } from "../../storage/testing/each-database.ts";
import { AGENT_SAYS_NOTHING, type OwnDesk, startOwnDesk } from "./testing/own-desk.ts";

const PROGRAM = ["/usr/bin/sipp", "/usr/local/bin/sipp"].find((path) => existsSync(path));
if (PROGRAM === undefined && process.env["EARSHOT_TEST_REQUIRE_ALL"] === "1")
  throw new Error("EARSHOT_TEST_REQUIRE_ALL is set, but sipp is not installed (Debian package sip-tester)");
const NUMBER = "+12125550123";

const SDP = (direction = "sendrecv") =>
  [
    "v=0",
    "o=u 1 1 IN IP4 [local_ip]",
    "s=-",
    "c=IN IP4 [media_ip]",
    "t=0 0",
    "m=audio [media_port] RTP/AVP 0 101",
    "a=rtpmap:0 PCMU/8000",
    "a=rtpmap:101 telephone-event/8000",
    `a=${direction}`,
  ].join("\n");

const send = (method: string, more: { body?: string; headers?: string[]; seq?: number; retrans?: boolean } = {}) => {
  const isFirst = method === "INVITE" && more.seq === 1;
  const type =
    more.body === undefined
      ? []
      : [`Content-Type: ${/^Signal/.test(more.body) ? "application/dtmf-relay" : "application/sdp"}`];
  const lines = [
    `${method} ${isFirst ? `sip:${NUMBER}@[remote_ip]:[remote_port]` : "[next_url]"} SIP/2.0`,
    "Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]",
    "From: sipp <sip:sipp@[local_ip]:[local_port]>;tag=[pid]T[call_number]",
    `To: <sip:${NUMBER}@[remote_ip]:[remote_port]>${isFirst ? "" : "[peer_tag_param]"}`,
    "Call-ID: [call_id]",
    `CSeq: ${more.seq ?? 1} ${method}`,
    "Contact: <sip:sipp@[local_ip]:[local_port]>",
    "Max-Forwards: 70",
    ...(more.headers ?? []),
    ...type,
    "Content-Length: [len]",
    "",
    more.body ?? "",
  ];
  return `<send ${method === "ACK" ? "" : 'retrans="500"'}><![CDATA[\n${lines.join("\n")}\n]]></send>`;
};
const recv = (status: number, more = "") => `<recv response="${status}" ${more}/>`;
const OPEN = [
  send("INVITE", { seq: 1, body: SDP() }),
  recv(100, 'optional="true"'),
  recv(180, 'optional="true"'),
  recv(200, 'rrs="true"'),
  send("ACK", { seq: 1 }),
];
const CLOSE = (at: number) => [send("BYE", { seq: at }), recv(200)];

const SCENARIOS: Readonly<Record<string, readonly string[]>> = {
  "is answered": [...OPEN, ...CLOSE(2)],
  "holds and comes back, by re-INVITE and by UPDATE": [
    ...OPEN,
    send("INVITE", { seq: 2, body: SDP("sendonly") }),
    recv(100, 'optional="true"'),
    '<recv response="200"><action><ereg regexp="a=recvonly" search_in="body" check_it="true" assign_to="1"/></action></recv><Reference variables="1"/>',
    send("ACK", { seq: 2 }),
    send("UPDATE", { seq: 3, body: SDP() }),
    '<recv response="200"><action><ereg regexp="a=sendrecv" search_in="body" check_it="true" assign_to="2"/></action></recv><Reference variables="2"/>',
    ...CLOSE(4),
  ],
  "moves its sound elsewhere, and to another codec": [
    ...OPEN,
    send("INVITE", {
      seq: 2,
      body: SDP()
        .replace("[media_port]", "40002")
        .replace("RTP/AVP 0 101", "RTP/AVP 8 101")
        .replace("0 PCMU", "8 PCMA"),
    }),
    recv(100, 'optional="true"'),
    '<recv response="200"><action><ereg regexp="RTP/AVP 8 101" search_in="body" check_it="true" assign_to="1"/></action></recv><Reference variables="1"/>',
    send("ACK", { seq: 2 }),
    send("INVITE", { seq: 3, body: SDP().replace("RTP/AVP 0 101", "RTP/AVP 18").replace("0 PCMU", "18 G729") }),
    recv(100, 'optional="true"'),
    recv(488),
    send("ACK", { seq: 3 }),
    ...CLOSE(4),
  ],
  "keeps a session timer": [
    send("INVITE", { seq: 1, body: SDP(), headers: ["Supported: timer", "Session-Expires: 90;refresher=uac"] }),
    recv(100, 'optional="true"'),
    recv(180, 'optional="true"'),
    '<recv response="200" rrs="true"><action><ereg regexp="90" search_in="hdr" header="Session-Expires:" check_it="true" assign_to="1"/></action></recv><Reference variables="1"/>',
    send("ACK", { seq: 1 }),
    send("UPDATE", { seq: 2, headers: ["Supported: timer", "Session-Expires: 90;refresher=uac"] }),
    recv(200),
    ...CLOSE(3),
  ],
  "presses keys by INFO, and asks for what is not understood": [
    ...OPEN,
    send("INFO", { seq: 2, body: "Signal=5\nDuration=160" }),
    recv(200),
    send("SUBSCRIBE", { seq: 3 }),
    recv(405),
    send("REFER", { seq: 4, headers: ["Refer-To: <sip:+19005551234@elsewhere.example>"] }),
    recv(403),
    ...CLOSE(5),
  ],
  "acknowledges a reliable ringing": [
    send("INVITE", { seq: 1, body: SDP(), headers: ["Require: 100rel", "Supported: 100rel"] }),
    recv(100, 'optional="true"'),
    '<recv response="180" rrs="true"><action><ereg regexp="[0-9]+" search_in="hdr" header="RSeq:" check_it="true" assign_to="1"/></action></recv>',
    send("PRACK", { seq: 2, headers: ["RAck: [$1] 1 INVITE"] }),
    recv(200),
    recv(200),
    send("ACK", { seq: 1 }),
    ...CLOSE(3),
  ],
};

describe.skipIf(PROGRAM === undefined)("a caller", () => {
  let database: EmbeddedTestDatabase;
  let desk: OwnDesk;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "earshot-sipp-"));
    database = await openEmbeddedForTest();
    desk = await startOwnDesk(database.database);
    const { id: agentId } = await desk.make("/v1/agents", AGENT_SAYS_NOTHING);
    await desk.make("/v1/phone-numbers", { phoneNumber: NUMBER, agentId });
  }, 60_000);
  afterAll(async () => {
    await desk.close();
    await database.dispose();
    await rm(folder, { recursive: true, force: true });
  });

  /** Resolves to what sipp says when not all calls went as the scenario says. */
  async function run(name: string, steps: readonly string[], more: readonly string[] = ["-m", "1"]): Promise<string> {
    const file = join(folder, `${name.replaceAll(/\W+/g, "-")}.xml`);
    await writeFile(file, `<?xml version="1.0"?>\n<scenario name="x">\n${steps.join("\n")}\n</scenario>\n`);
    const args = ["-sf", file, "-nostdin", "-i", "127.0.0.1", "-timeout", "15", "-trace_err", ...more];
    const child = spawn(PROGRAM ?? "", [...args, `127.0.0.1:${desk.port}`], { cwd: folder, stdio: "pipe" });
    let words = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (words += chunk));
    const [code] = await once(child, "close");
    return code === 0 ? "" : `${code}: ${words.slice(-3_000)}`;
  }

  it.each(Object.entries(SCENARIOS))("%s", async (name, steps) => {
    expect(await run(name, steps)).toBe("");
  });

  it("hangs up while it rings, or just too late for that", async () => {
    const clock = new SystemClock();
    const caller = new UserAgent({ clock, network: new SocketNetwork({ clock, host: "127.0.0.1", udpPort: 0 }) });
    await caller.start();
    const over = Array.from({ length: 20 }, (_, at) => {
      const { promise, resolve } = Promise.withResolvers<string>();
      const call = caller.invite({
        ...{ target: `sip:${NUMBER}@127.0.0.1:${desk.port}`, from: "sip:hasty@127.0.0.1" },
        body: textBody(
          "application/sdp",
          SDP()
            .replaceAll(/\[\w+ip\]/g, "127.0.0.1")
            .replace("[media_port]", "9")
            .replaceAll("\n", "\r\n"),
        ),
        watcher: { onEvent: ({ kind }) => (kind === "failed" || kind === "ended") && resolve(kind) },
      });
      clock.after(at * 5, () => call.hangUp());
      return promise;
    });
    await Promise.all(over);
    await expect
      .poll(async () => desk.deps.calls.count("ws_default", { statuses: ["ringing"] }), { timeout: 5_000 })
      .toBe(0);
    await caller.close();
  });

  it("takes another's place in a call (Replaces), and the call goes on", async () => {
    const clock = new SystemClock();
    const caller = new UserAgent({ clock, network: new SocketNetwork({ clock, host: "127.0.0.1", udpPort: 0 }) });
    await caller.start();
    const sdp = SDP()
      .replaceAll(/\[\w+ip\]/g, "127.0.0.1")
      .replace("[media_port]", "9")
      .replaceAll("\n", "\r\n");
    const dial = async (headers: Readonly<Record<string, string>>) => {
      const [answered, over] = [Promise.withResolvers<void>(), Promise.withResolvers<string>()];
      const call = caller.invite({
        ...{ target: `sip:${NUMBER}@127.0.0.1:${desk.port}`, from: "sip:desk@127.0.0.1", headers },
        body: textBody("application/sdp", sdp),
        watcher: {
          onEvent: ({ kind }) => {
            if (kind === "answered") answered.resolve();
            if (kind === "ended") over.resolve(kind);
          },
        },
      });
      await answered.promise;
      return { call, over: over.promise };
    };
    const connects = () => desk.orders.flatMap((order) => (order.kind === "connect" ? [order.callId] : []));
    const before = connects().length;
    const first = await dial({});
    await expect.poll(() => connects().length).toBe(before + 1);
    const { callId = "", localTag = "", remoteTag = "" } = first.call.dialogId ?? {};
    const second = await dial({ Replaces: `${callId};to-tag=${remoteTag};from-tag=${localTag}` });
    expect(await first.over).toBe("ended");
    await expect.poll(() => connects().length).toBe(before + 2);
    const [one, two] = connects().slice(before);
    expect(two).toBe(one);
    second.call.hangUp();
    await caller.close();
  });

  it("places twenty calls a second, and none is lost", async () => {
    expect(await run("many", [...OPEN, '<pause milliseconds="200"/>', ...CLOSE(2)], ["-m", "40", "-r", "20"])).toBe("");
    const { data } = (await desk.send("GET", "/v1/calls?limit=100")).body as { data: { status: string }[] };
    expect(data.length).toBeGreaterThanOrEqual(45);
  });

  it("sends what nobody can read, and disturbs no call", async () => {
    const call = run("long", [...OPEN, '<pause milliseconds="1500"/>', ...CLOSE(2)]);
    const socket = createSocket("udp4");
    const head = `INVITE sip:${NUMBER}@127.0.0.1 SIP/2.0\r\n`;
    const via = "Via: SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bK1\r\n";
    const torture = [
      ...tortureDatagrams(),
      ...["", "\r\n\r\n", "\0".repeat(500), "INVITE", `${head}\r\n`, `${head}${via}\r\n`, "SIP/2.0 200 OK\r\n\r\n"],
      `${head}${via}Content-Length: 99999999\r\n\r\n`,
      `${head}${via}Content-Length: -1\r\n\r\n`,
      `${head}${via}CSeq: 99999999999 INVITE\r\nCall-ID: 1\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:c@d>\r\n\r\n`,
      `${head}${via}CSeq: 1 OPTIONS\r\nCall-ID: 2\r\nFrom: "unterminated <sip:a@b>;tag=1\r\nTo: <sip:c@d>\r\n\r\n`,
      `${head}${"X-A: b\r\n".repeat(5_000)}\r\n`,
      `NEWMETHOD sip:x@y SIP/7.0\r\n${via}\r\n`,
      `${head}${via}CSeq: 1 INVITE\r\nCall-ID: 3\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:c@d>\r\nMax-Forwards: 300\r\nContact: <sip:a@b>\r\nContent-Type: application/sdp\r\nContent-Length: 5\r\n\r\nv=9\r\n`,
    ];
    for (const text of torture) socket.send(text, desk.port, "127.0.0.1");
    expect(await call).toBe("");
    socket.close();
  });
});
