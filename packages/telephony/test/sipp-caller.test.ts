/** sipp calls us in every way that a far end may, registers, and asks: each flow is right by its own reading of the RFCs. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  DigestServer,
  Gate,
  type IncomingCall,
  MemoryLocationStore,
  Registrar,
  type UserAgent,
  type UserAgentOptions,
} from "@earshot/telephony";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { answering, startAgent } from "./real-agent.ts";
import { realClock } from "./real-clock.ts";
import { whyMissing } from "./real-peer.ts";
import {
  answers,
  asks,
  authorization,
  type Check,
  hears,
  hearsChallenge,
  mayHear,
  opens,
  pauses,
  SDP,
  sippIn,
  takes,
} from "./sipp.ts";

const missing = whyMissing("sipp", "sip-tester");
const folder = mkdtempSync(join(tmpdir(), "earshot-sipp-"));
const { calls } = sippIn(folder);
const agents: UserAgent[] = [];

afterEach(async () => {
  for (const agent of agents.splice(0)) {
    expect(agent.callCount).toBe(0);
    await agent.close();
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What a user agent makes of a sipp that does these steps. */
async function meet(
  steps: readonly string[],
  options: Partial<UserAgentOptions> = {},
  more?: (port: number) => string[],
) {
  const desk = answering();
  const agent = await startAgent({}, { ...desk, ...options });
  agents.push(agent);
  const port = agent.localAddress("udp")?.port ?? 0;
  await calls(port, steps, more?.(port));
  return { desk, agent };
}

const SECRETS = (user: string) => (user === "bob" ? { password: "secret" } : undefined);
/** Else it signs the server's address and not the Request-URI. */
const SIGNS = (port: number) => ["-auth_uri", `bob@127.0.0.1:${port}`];
const ACK_OF_REFUSAL = (number = 1) => opens("ACK", { isOfLast: true }, number);
const OPEN = (message: { headers?: readonly string[] } = {}, ...checks: readonly Check[]) => [
  opens("INVITE", { body: SDP, ...message }),
  mayHear(100, 180),
  hears(200, ...checks),
  asks("ACK", 1),
];
const CLOSE = (number: number) => [asks("BYE", number), hears(200)];

/** Lets in who knows the password. */
function guarded(server: DigestServer) {
  const desk = answering();
  const onIncomingCall = (call: IncomingCall) => {
    call
      .authenticate(server, SECRETS)
      .then(({ kind }) => kind === "accepted" && desk.onIncomingCall(call))
      .catch(() => {});
  };
  return { desk, onIncomingCall };
}

describe.skipIf(missing !== undefined)(`sipp calls${missing === undefined ? "" : ` (skipped: ${missing})`}`, () => {
  it.each([
    [401, "WWW-Authenticate:", false],
    [407, "Proxy-Authenticate:", true],
  ] as const)(
    "and proves with %i that it knows the password, and again when it took too long",
    async (status, header, isProxy) => {
      const server = new DigestServer({ clock: realClock, realm: "earshot", nonceLifeMs: 500, isProxy });
      const again = (number: number, password: string) =>
        opens("INVITE", { body: SDP, headers: [authorization(password)] }, number);
      const { desk, onIncomingCall } = guarded(server);
      await meet(
        [
          opens("INVITE", { body: SDP }),
          mayHear(100),
          hearsChallenge(status, [header, 'realm="earshot"'], [header, 'qop="auth"']),
          ACK_OF_REFUSAL(),
          pauses(700),
          again(2, "secret"),
          mayHear(100),
          hearsChallenge(status, [header, "stale=true"]),
          ACK_OF_REFUSAL(2),
          again(3, "secret"),
          mayHear(100, 180),
          hears(200),
          asks("ACK", 3),
          ...CLOSE(4),
        ],
        { onIncomingCall },
        SIGNS,
      );
      expect(desk.calls).toHaveLength(1);
    },
  );

  it("with a wrong password, and doesn't get in", async () => {
    const { desk, onIncomingCall } = guarded(new DigestServer({ clock: realClock, realm: "earshot" }));
    await meet(
      [
        ...[opens("INVITE", { body: SDP }), mayHear(100), hearsChallenge(401), ACK_OF_REFUSAL()],
        opens("INVITE", { body: SDP, headers: [authorization("wrong")] }, 2),
        mayHear(100),
        hearsChallenge(401, ["WWW-Authenticate:", "nonce="]),
        ACK_OF_REFUSAL(2),
      ],
      { onIncomingCall },
      SIGNS,
    );
    expect(desk.calls).toEqual([]);
  });

  it("and registers, comes back, asks what is known, goes, and is forgotten when it doesn't come back", async () => {
    const store = new MemoryLocationStore();
    const registrar = new Registrar({
      clock: realClock,
      store,
      realm: "earshot",
      findSecret: SECRETS,
      minExpiresMs: 1_000,
    });
    const sizes: number[] = [];
    const register = (number: number, ...headers: string[]) =>
      asks("REGISTER", number, {
        uri: "sip:[remote_ip]:[remote_port]",
        headers: [authorization("secret"), ...headers],
      }).replace("[peer_tag_param]", "");
    const phone = (id: string) => `Contact: <sip:${id}@[local_ip]:[local_port]>`;
    await meet(
      [
        asks("REGISTER", 1, { uri: "sip:[remote_ip]:[remote_port]" }).replace("[peer_tag_param]", ""),
        hearsChallenge(401, ["WWW-Authenticate:", "algorithm=MD5"]),
        register(2, `${phone("one")};expires=600`),
        hears(200, ["Contact:", "one@.*expires=600"]),
        register(3, `${phone("one")};expires=900`, `${phone("two")};expires=1`),
        hears(200, ["msg", "one@[^>]*>;expires=(900|899)"], ["msg", "two@[^>]*>;expires=1"]),
        register(4, `${phone("three")};expires=0.5`, "Expires: 0"),
        hears(200),
        pauses(1_100),
        register(5, "Contact:").replace("Contact:\n", ""),
        hears(200, ["Contact:", "one@.*expires=89[0-9]"]),
        register(6, "Contact: *", "Expires: 0"),
        hears(200),
        register(7, "Contact: *", "Expires: 60"),
        hears(400),
      ],
      {
        onRegister: async (transaction) => {
          await registrar.handle(transaction);
          sizes.push((await registrar.find("bob@127.0.0.1")).length);
        },
      },
    );
    expect(sizes).toEqual([0, 1, 2, 2, 1, 0, 0]);
  });

  it("and is told what least time it may register for", async () => {
    const store = new MemoryLocationStore();
    const registrar = new Registrar({ clock: realClock, store, realm: "earshot", findSecret: SECRETS });
    const uri = "sip:[remote_ip]:[remote_port]";
    const first = (steps: string) => steps.replace("[peer_tag_param]", "");
    await meet(
      [
        first(asks("REGISTER", 1, { uri, headers: ["Expires: 5"] })),
        hearsChallenge(401),
        first(asks("REGISTER", 2, { uri, headers: ["Expires: 5", authorization("secret")] })),
        hears(423, ["Min-Expires:", "^ *60$"]),
        first(asks("REGISTER", 3, { uri, headers: ["Expires: 60", authorization("secret")] })),
        hears(200, ["Contact:", "expires=60"]),
        first(asks("REGISTER", 4, { uri, headers: ["Expires: 0", authorization("secret")] })),
        hears(200),
      ],
      { onRegister: registrar.handle },
    );
  });

  it("and asks whether we are there, in a call and outside", async () => {
    await meet([
      opens("OPTIONS"),
      hears(200, ["Allow:", "INVITE.*REFER.*PRACK"], ["Accept:", "application/sdp"], ["Supported:", "100rel"]),
    ]);
    await meet([...OPEN(), asks("OPTIONS", 2), hears(200), ...CLOSE(3)]);
  });

  it("for a shorter interval than we keep (422), and then one that we refresh, until it no longer answers for it", async () => {
    const { desk } = await meet(
      [
        opens("INVITE", { body: SDP, headers: ["Supported: timer", "Session-Expires: 1"] }),
        mayHear(100),
        hears(422, ["Min-SE:", "^ *2$"]),
        ACK_OF_REFUSAL(),
        opens(
          "INVITE",
          {
            body: SDP,
            headers: ["Supported: timer", "Session-Expires: 3;refresher=uas", "Min-SE: 2", "Allow: UPDATE, BYE"],
          },
          2,
        ),
        mayHear(100, 180),
        hears(200, ["Session-Expires:", "^ *3;refresher=uas"]),
        asks("ACK", 2),
        takes("UPDATE", "one", ["Session-Expires:", "3;refresher=uac"]),
        answers("one", 200, { headers: ["Session-Expires: 3;refresher=uas", "Require: timer"] }),
        takes("BYE", "bye"),
        answers("bye", 200),
      ],
      { session: { minMs: 2_000 } },
    );
    expect(await desk.calls[0]?.seen.until("ended")).toMatchObject({ cause: "session_expired" });
  });

  it("and gives up too late, so that the call stands", async () => {
    await meet([
      ...OPEN().slice(0, 3),
      opens("CANCEL", { isOfLast: true }),
      hears(200, ["CSeq:", "1 CANCEL"]),
      asks("ACK", 1),
      pauses(50),
      ...CLOSE(2),
    ]);
  });

  it("and changes its offer before the answer, once it has acknowledged ours", async () => {
    const early = (call: IncomingCall) => {
      const body = call.offer;
      if (!body) throw new Error("no offer");
      call.watch({
        onEvent: ({ kind }) => kind === "refreshed" && call.answer({ body }),
        media: { onOffer: () => body, makeOffer: () => body, onAnswer: () => {} },
      });
      call.progress({ body });
    };
    await meet(
      [
        opens("INVITE", { body: SDP, headers: ["Supported: 100rel"] }),
        mayHear(100),
        hears(183, ["Require:", "100rel"], ["RSeq:", "^ *[0-9]+$"]).replace(
          /assign_to="check\d+"\/><\/action>/,
          'assign_to="rseq"/></action>',
        ),
        asks("PRACK", 2, { headers: ["RAck:[$rseq] 1 INVITE"] }),
        hears(200),
        asks("UPDATE", 3, { body: `${SDP}\na=sendonly` }),
        hears(200, ["body", "m=audio"]),
        hears(200),
        asks("ACK", 1),
        ...CLOSE(4),
      ],
      { onIncomingCall: early },
    );
  });

  it("from behind a NAT and through proxies: answers go where it is, and requests the way it came", async () => {
    const route = "Record-Route: <sip:[local_ip]:[local_port];lr;at=near>, <sip:[local_ip]:[local_port];lr;at=far>";
    const via = "Via: SIP/2.0/UDP 10.255.0.9:4444;branch=[branch];rport";
    const desk = answering();
    await meet(
      [
        opens("INVITE", { body: SDP, headers: [via, route] }),
        mayHear(100),
        hears(180, ["msg", "at=near>.*at=far>"]),
        hears(200, ["Via:", "rport=[1-9][0-9]*"], ["Via:", "received=127.0.0.1"], ["msg", "at=near>.*at=far>"]),
        asks("ACK", 1, { headers: [via] }),
        takes("BYE", "bye", ["msg", "Route:.*at=near>.*at=far>"], ["msg", "^BYE sip:sipp@"]),
        answers("bye", 200),
      ],
      {
        onIncomingCall: (call) => {
          desk.onIncomingCall(call);
          desk.calls[0]?.seen
            .until("confirmed")
            .then(() => call.hangUp())
            .catch(() => {});
        },
      },
    );
  });

  const REFER = (number: number, target: string) =>
    asks("REFER", number, { headers: [`Refer-To: ${target}`, "Referred-By: <sip:sipp@h>"] });
  const heardAs = (name: string, status: string, state: string) => [
    takes(
      "NOTIFY",
      name,
      ["Event:", "refer"],
      ["Content-Type:", "message/sipfrag"],
      ["body", `SIP/2.0 ${status}`],
      ["Subscription-State:", state],
    ),
    answers(name, 200),
  ];

  it("and asks us to call somebody else, blind and with their call to take over, and hears how that goes", async () => {
    const desk = answering();
    const asked: { target: string; isAttended: boolean; replaces: string | undefined }[] = [];
    await meet(
      [
        ...OPEN(),
        asks("REFER", 2, { headers: ["Refer-To: nonsense <"] }),
        hears(400),
        REFER(3, "<sip:carol@127.0.0.1:9>"),
        hears(202),
        ...heardAs("trying", "100", "active"),
        ...heardAs("failed", "486", "terminated"),
        REFER(4, "<sip:dave@127.0.0.1:9?Replaces=1%40h%3Bto-tag%3Dx%3Bfrom-tag%3Dy>"),
        hears(202),
        ...heardAs("again", "100", "active"),
        ...heardAs("done", "200", "terminated"),
        REFER(5, "<sip:nobody@127.0.0.1:9>"),
        hears(603),
        ...CLOSE(6),
      ],
      {
        onIncomingCall: (call) => {
          desk.onIncomingCall(call);
          call.watch({
            onEvent: (event) => {
              if (event.kind !== "refer") return;
              const { target, isAttended, inviteHeaders } = event.refer;
              asked.push({ target, isAttended, replaces: inviteHeaders["replaces"] });
              if (target.includes("nobody")) event.refer.reject();
              else event.refer.accept();
              event.refer.report(isAttended ? 200 : 486);
            },
          });
        },
      },
    );
    expect(asked).toEqual([
      { target: "sip:carol@127.0.0.1:9", isAttended: false, replaces: undefined },
      { target: "sip:dave@127.0.0.1:9", isAttended: true, replaces: "1@h;to-tag=x;from-tag=y" },
      { target: "sip:nobody@127.0.0.1:9", isAttended: false, replaces: undefined },
    ]);
  });

  it("in the place of somebody who calls (Replaces), who is hung up on", async () => {
    const desk = answering();
    const agent = await startAgent({}, desk);
    agents.push(agent);
    const port = agent.localAddress("udp")?.port ?? 0;
    const first = calls(port, [...OPEN(), takes("BYE", "bye"), answers("bye", 200)]);
    await expect.poll(() => desk.calls[0]?.call.state).toBe("confirmed");
    const { callId = "", localTag = "", remoteTag = "" } = desk.calls[0]?.call.dialogId ?? {};
    const replaces = (toTag: string) => ({ headers: [`Replaces: ${callId};from-tag=${remoteTag};to-tag=${toTag}`] });
    await calls(port, [
      opens("INVITE", { body: SDP, ...replaces("unknown") }),
      mayHear(100),
      hears(481),
      ACK_OF_REFUSAL(),
    ]);
    await calls(port, [...OPEN(replaces(localTag)), ...CLOSE(2)]);
    await first;
    expect(await desk.calls[0]?.seen.until("ended")).toMatchObject({ cause: "replaced" });
  });

  it("and is sent elsewhere", async () => {
    const refusal = [mayHear(100), hears(302, ["Contact:", "sip:else@192.0.2.7"]), ACK_OF_REFUSAL()];
    await meet([opens("INVITE", { body: SDP }), ...refusal], {
      onIncomingCall: (call) => call.redirect(["sip:else@192.0.2.7"]),
    });
  });

  it("without being on the list, and gets 403, or nothing when it insists", async () => {
    const gate = new Gate({ clock: realClock, strangers: "refused", burst: 2, perSecond: 0.1 });
    const { desk } = await meet(
      [
        ...[opens("INVITE", { body: SDP }), hears(403), ACK_OF_REFUSAL()],
        ...[opens("OPTIONS", {}, 2), hears(403)],
        // Its datagrams aren't answered, so that nobody else is hit who has not sent them.
        opens("MESSAGE", { isRepeated: false }, 3),
        pauses(200),
      ],
      { admit: gate.admit },
    );
    expect(desk.calls).toEqual([]);
  });
});
