import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { UserAgent } from "@earshot/telephony";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { answering, place, startAgent } from "./real-agent.ts";
import { freePort, runPeer, untilBound, whyMissing } from "./real-peer.ts";
import { answers, SDP, sippIn, takes } from "./sipp.ts";

const missing = whyMissing("sipp", "sip-tester");
const folder = mkdtempSync(join(tmpdir(), "earshot-sipp-"));
const desk = answering();
let agent: UserAgent | undefined;

beforeAll(async () => {
  agent = await startAgent({}, desk);
});

afterAll(async () => {
  await agent?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Runs sipp to its end and gives its exit code; 0: every call went as the scenario says. */
async function sipp(args: readonly string[]): Promise<number | null> {
  const peer = runPeer("sipp", ["-nostdin", "-i", "127.0.0.1", "-p", String(await freePort()), ...args], folder);
  const code = await peer.ended;
  if (code !== 0) throw new Error(`sipp ${args.join(" ")} gave ${code}:\n${peer.output().slice(-3_000)}`);
  return code;
}

/** Starts sipp as the callee; gives the port it listens on. */
async function sippCallee(args: readonly string[]) {
  const port = await freePort();
  const peer = runPeer("sipp", ["-nostdin", "-i", "127.0.0.1", "-p", String(port), "-timeout", "30", ...args], folder);
  await untilBound(port);
  return { peer, port };
}

function scenario(name: string, steps: string): string {
  const file = join(folder, `${name}.xml`);
  writeFileSync(
    file,
    `<?xml version="1.0" encoding="ISO-8859-1" ?>\n<scenario name="${name}">\n${steps}\n</scenario>\n`,
  );
  return file;
}

const VIA = "Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]";
const FROM = "From: sipp <sip:sipp@[local_ip]:[local_port]>;tag=[pid]SIPpTag00[call_number]";

function send(start: string, lines: readonly string[], body = "", attributes = ""): string {
  const type = body === "" ? [] : ["Content-Type: application/sdp"];
  const all = [start, VIA, ...lines, "Max-Forwards: 70", ...type, "Content-Length: [len]", "", body];
  return `<send ${attributes}><![CDATA[\n${all.join("\n")}\n]]></send>`;
}

const to = (tagged: boolean) => `To: <sip:bob@[remote_ip]:[remote_port]>${tagged ? "[peer_tag_param]" : ""}`;
const contact = "Contact: sip:sipp@[local_ip]:[local_port]";
const request = (method: string, number: number, extra: readonly string[] = [], body = "", attributes = "") =>
  send(
    `${method} sip:bob@[remote_ip]:[remote_port] SIP/2.0`,
    [FROM, to(number > 1 || method === "ACK"), "Call-ID: [call_id]", `CSeq: ${number} ${method}`, contact, ...extra],
    body,
    attributes,
  );
const expects = (status: number, extra = "") => `<recv response="${status}" ${extra}/>`;

/**
 * A call and its end. Unlike sipp's own, it knows what each 200 answers: with its ACK and its BYE lost, sipp's own takes
 * the 200 that we repeat for the INVITE for that of the BYE, and leaves us in the call until nobody has acknowledged it.
 */
const plainCall = [
  request("INVITE", 1, [], SDP, 'retrans="500" start_txn="invite"'),
  expects(100, 'optional="true" response_txn="invite"'),
  expects(180, 'optional="true" response_txn="invite"'),
  expects(200, 'response_txn="invite"'),
  request("ACK", 1, [], "", 'ack_txn="invite"'),
  request("BYE", 2, [], "", 'retrans="500" start_txn="bye"'),
  expects(200, 'response_txn="bye"'),
].join("\n");

describe.skipIf(missing !== undefined)(`sipp${missing === undefined ? "" : ` (skipped: ${missing})`}`, () => {
  const target = (protocol: "udp" | "tcp" = "udp") => `127.0.0.1:${agent?.localAddress(protocol)?.port}`;

  it.each([
    ["UDP", "udp", []],
    ["TCP on one connection", "tcp", ["-t", "t1"]],
    ["TCP on a connection a call", "tcp", ["-t", "tn", "-max_socket", "50"]],
    ["UDP with every tenth message lost", "udp", ["-lost", "10"]],
  ] as const)(
    "calls us over %s and no call is lost",
    async (_, protocol, more) => {
      const file = scenario("plain-call", plainCall);
      expect(await sipp(["-sf", file, target(protocol), "-m", "30", "-r", "30", "-timeout", "60", ...more])).toBe(0);
      expect(agent?.callCount).toBe(0);
    },
    90_000,
  );

  it.each([
    ["UDP", "u1", ""],
    ["TCP", "t1", ";transport=tcp"],
  ])(
    "is called by us over %s, and hung up on",
    async (_, transport, suffix) => {
      const picksUp = [
        ...[takes("INVITE", "invite"), answers("invite", 180, { tag: "a" })],
        answers("invite", 200, { tag: "a", body: SDP, isRepeated: true }),
        ...[takes("ACK", "ack"), takes("BYE", "bye"), answers("bye", 200)],
      ];
      const { target, whole } = await sippIn(folder).waits(picksUp, ["-m", "5", "-t", transport]);
      for (let turn = 0; turn < 5; turn += 1) {
        if (!agent) throw new Error("no agent");
        const { call, seen } = place(agent, { target: `${target}${suffix}` });
        await seen.until("answered");
        call.hangUp();
        await seen.until("ended");
        expect(seen.kinds()).toEqual(["ringing", "answered", "ended"]);
      }
      await whole();
    },
    60_000,
  );

  it("cancels while we ring, and gets its 487", async () => {
    const ringing = await startAgent({}, { onIncomingCall: (call) => call.progress() });
    const file = scenario(
      "cancel",
      [
        request("INVITE", 1, [], SDP, 'retrans="500"'),
        expects(100, 'optional="true"'),
        expects(180),
        `<send retrans="500"><![CDATA[\nCANCEL sip:bob@[remote_ip]:[remote_port] SIP/2.0\n[last_Via:]\n${FROM}\n${to(false)}\nCall-ID: [call_id]\nCSeq: 1 CANCEL\nMax-Forwards: 70\nContent-Length: 0\n\n]]></send>`,
        expects(200),
        expects(487),
        `<send><![CDATA[\nACK sip:bob@[remote_ip]:[remote_port] SIP/2.0\n[last_Via:]\n${FROM}\n${to(true)}\nCall-ID: [call_id]\nCSeq: 1 ACK\nMax-Forwards: 70\nContent-Length: 0\n\n]]></send>`,
      ].join("\n"),
    );
    expect(
      await sipp(["-sf", file, `127.0.0.1:${ringing.localAddress("udp")?.port}`, "-m", "3", "-timeout", "20"]),
    ).toBe(0);
    expect(ringing.callCount).toBe(0);
    await ringing.close();
  }, 40_000);

  it("offers late, holds by re-INVITE, refreshes by UPDATE, presses a key and hangs up", async () => {
    const file = scenario(
      "features",
      [
        request("INVITE", 1, ["Supported: timer", "Session-Expires: 600", "X-Order: 42"], "", 'retrans="500"'),
        expects(100, 'optional="true"'),
        expects(180, 'optional="true"'),
        expects(200),
        request("ACK", 1, [], SDP),
        request("INVITE", 2, [], `${SDP}\na=sendonly`, 'retrans="500"'),
        expects(100, 'optional="true"'),
        expects(200),
        request("ACK", 2),
        request("UPDATE", 3, ["Supported: timer", "Session-Expires: 600;refresher=uac"], "", 'retrans="500"'),
        expects(200),
        send(
          "INFO sip:bob@[remote_ip]:[remote_port] SIP/2.0",
          [FROM, to(true), "Call-ID: [call_id]", "CSeq: 4 INFO", "Content-Type: application/dtmf-relay"],
          "",
          'retrans="500"',
        ).replace("Content-Length: [len]\n\n", "Content-Length: [len]\n\nSignal=7\nDuration=120"),
        expects(200),
        request("BYE", 5, [], "", 'retrans="500"'),
        expects(200),
      ].join("\n"),
    );
    const before = desk.calls.length;
    expect(await sipp(["-sf", file, target(), "-m", "1", "-timeout", "20"])).toBe(0);
    const taken = desk.calls[before];
    expect(taken?.call.headers.get("x-order")).toBe("42");
    expect(taken?.call.offer).toBeUndefined();
    expect(taken?.seen.kinds()).toEqual(["confirmed", "refreshed", "refreshed", "digit", "ended"]);
    expect(taken?.seen.events[3]).toMatchObject({ digit: "7", durationMs: 120 });
  }, 40_000);

  it("acknowledges our reliable 183 by PRACK", async () => {
    const early = await startAgent(
      {},
      {
        onIncomingCall: (call) => {
          const body = call.offer ?? { contentType: "application/sdp", content: new Uint8Array([118]) };
          call.progress({ body });
          call.answer({ body });
        },
      },
    );
    const file = scenario(
      "prack",
      [
        request("INVITE", 1, ["Supported: 100rel"], SDP, 'retrans="500"'),
        expects(100, 'optional="true"'),
        `<recv response="183"><action><ereg regexp="[0-9]+" search_in="hdr" header="RSeq:" assign_to="rseq"/></action></recv>`,
        request("PRACK", 2, ["RAck: [$rseq] 1 INVITE"], "", 'retrans="500"'),
        expects(200),
        expects(200),
        request("ACK", 1),
        request("BYE", 3, [], "", 'retrans="500"'),
        expects(200),
      ].join("\n"),
    );
    expect(await sipp(["-sf", file, `127.0.0.1:${early.localAddress("udp")?.port}`, "-m", "3", "-timeout", "20"])).toBe(
      0,
    );
    await early.close();
  }, 40_000);

  it.each([
    [486, "busy"],
    [404, "unknown_number"],
    [603, "rejected"],
  ])(
    "refuses our call with %i and we say %s",
    async (status, outcome) => {
      const file = scenario(
        `refuse-${status}`,
        `<recv request="INVITE"/><send retrans="500"><![CDATA[\nSIP/2.0 ${status} No\n[last_Via:]\n[last_From:]\n[last_To:];tag=[pid]x[call_number]\n[last_Call-ID:]\n[last_CSeq:]\nContent-Length: 0\n\n]]></send><recv request="ACK"/>`,
      );
      const { peer, port } = await sippCallee(["-sf", file, "-m", "1"]);
      if (!agent) throw new Error("no agent");
      const { seen } = place(agent, { target: `sip:bob@127.0.0.1:${port}` });
      expect(await seen.until("failed")).toMatchObject({ outcome, status });
      expect(await peer.ended).toBe(0);
    },
    40_000,
  );
});
