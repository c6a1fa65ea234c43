/** A softphone and the whole product call each other. */
import { execFileSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { ENGINE_RATE_HZ, encodeWav, type Samples } from "@earshot/engine";
import { type Call, Earshot } from "@earshot/sdk";
import { SocketNetwork, SystemClock, textBody, UserAgent } from "@earshot/telephony";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { eventually } from "./eventually.ts";
import { Linphone, whyNoLinphone } from "./linphone.ts";
import { freePort, type OwnServer, startOwnServer } from "./running-server.ts";
import { Softphone, type SoftphoneOptions, whyNoSoftphone } from "./softphone.ts";
import { speakAsCaller } from "./speak-as-caller.ts";
import { wordsHeard } from "./spoken-words.ts";
import { untilEnded } from "./until-ended.ts";

const QUESTION = "What are your opening hours on Saturday?";
const ANSWER = "On Saturday we are open from nine in the morning to one.";
const NUMBER = "+12125550123";
const ABROAD = "+442079460958";
const OPENSSL = "/usr/bin/openssl";
/** The greeting is over by then, and so is the answer. */
const BEFORE_MS = 5_000;
const AFTER_MS = 9_000;

const missing = whyNoSoftphone();

describe.skipIf(missing !== undefined)(`a softphone${missing === undefined ? "" : ` (skipped: ${missing})`}`, () => {
  let server: OwnServer;
  let earshot: Earshot;
  let folder: string;
  let agentId: string;
  let question: Samples;
  let sipPort: number;
  const phones: Softphone[] = [];
  const startPhone = async (options: Partial<SoftphoneOptions> = {}) => {
    const port = await freePort();
    const phone = await Softphone.start({
      folder: join(folder, String(port)),
      sipPort: port,
      says: question,
      ...options,
    });
    phones.push(phone);
    return { phone, port };
  };
  const latestCall = () =>
    eventually(async () => {
      const [call] = (await earshot.calls.list({ limit: 1 })).data;
      if (call === undefined) throw new Error("there is no call");
      return call;
    });
  const place = async (trunk: { host: string; port: number; transport?: "tcp" }): Promise<Call> => {
    const { id: sipTrunkId } = await earshot.sipTrunks.create({ name: "Test", ...trunk });
    const number = await earshot.phoneNumbers.create({ sipTrunkId, agentId, country: "GB" });
    return earshot.calls.place({ agentId, to: ABROAD, fromNumberId: number.id });
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "earshot-phone-"));
    sipPort = await freePort();
    const [cert, key] = [join(folder, "cert.pem"), join(folder, "key.pem")];
    const subject = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"];
    const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
    execFileSync(OPENSSL, ["req", "-x509", ...curve, ...subject, "-keyout", key, "-out", cert], { stdio: "ignore" });
    server = await startOwnServer({
      environment: { EARSHOT_SIP_PORT: String(sipPort), EARSHOT_SIP_TLS_CERT: cert, EARSHOT_SIP_TLS_KEY: key },
    });
    earshot = new Earshot({ baseUrl: server.url, apiKey: server.apiKey });
    const agent = await earshot.agents.create({
      name: "Practice under test",
      prompt: "You answer the phone of a dental practice.",
      greeting: { mode: "static", text: "Hello, this is the practice." },
      notes: [ANSWER],
      models: { languageModel: "builtin/receptionist" },
    });
    agentId = agent.id;
    await earshot.phoneNumbers.create({ phoneNumber: NUMBER, agentId });
    const spoken = await speakAsCaller(earshot, QUESTION);
    question = new Int16Array(((BEFORE_MS + AFTER_MS) * ENGINE_RATE_HZ) / 1000 + spoken.length);
    question.set(spoken, (BEFORE_MS * ENGINE_RATE_HZ) / 1000);
  });
  afterEach(async () => {
    for (const phone of phones.splice(0)) await phone.stop();
  });
  afterAll(async () => {
    await server?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it("calls an agent's number, asks, and hears the answer", async () => {
    const { phone } = await startPhone({ calls: `sip:${NUMBER}@127.0.0.1:${sipPort}` });
    await phone.until(/Call established/);
    const { id } = await latestCall();
    await eventually(async () => {
      const said = (await earshot.calls.get(id)).transcript.filter(({ role }) => role === "agent");
      expect(wordsHeard(ANSWER, said.map(({ text }) => text).join(" "))).toBeGreaterThanOrEqual(0.8);
    });
    // A recogniser wants to hear that a sentence is over.
    await pause(1_500);
    await phone.stop();
    const call = await untilEnded(earshot, id);
    expect(call).toMatchObject({
      ...{ type: "phone", direction: "inbound", toNumber: NUMBER, fromNumber: "bob" },
      ...{ status: "ended", endReason: "caller-hung-up" },
      quality: { codec: expect.stringMatching(/^PCM[UA]$/), lostPackets: 0, mos: expect.any(Number) },
    });
    const asked = call.transcript.filter(({ role }) => role === "caller").map(({ text }) => text);
    expect(wordsHeard(QUESTION, asked.join(" "))).toBeGreaterThanOrEqual(0.8);
    const heard = (await phone.heard()).subarray((BEFORE_MS * ENGINE_RATE_HZ) / 1000);
    const { text } = await earshot.transcriptions.create(encodeWav({ samples: heard, sampleRateHz: ENGINE_RATE_HZ }));
    expect(wordsHeard(ANSWER, text), text).toBeGreaterThanOrEqual(0.7);
  });

  it("calls over TLS, and is heard though all sound is encrypted", async () => {
    const { phone } = await startPhone({
      calls: `sip:${NUMBER}@127.0.0.1:${sipPort + 1};transport=tls`,
      isEncrypted: true,
    });
    await phone.until(/Call established/);
    const { id } = await latestCall();
    await eventually(async () => {
      const asked = (await earshot.calls.get(id)).transcript.filter(({ role }) => role === "caller");
      expect(wordsHeard(QUESTION, asked.map(({ text }) => text).join(" "))).toBeGreaterThanOrEqual(0.7);
    });
    await phone.stop();
    const { quality } = await untilEnded(earshot, id);
    expect(quality).toMatchObject({ lostPackets: 0, mos: expect.any(Number) });
    const heard = await phone.heard();
    expect(heard.some((sample) => Math.abs(sample) > 1_000)).toBe(true);
  });

  it("another softphone calls, asks, and hears the agent; and is called", async ({ skip }) => {
    const why = whyNoLinphone();
    if (why !== undefined) skip(why);
    const port = await freePort();
    const linphone = await Linphone.start({ folder: join(folder, "linphone"), sipPort: port, says: question });
    try {
      linphone.call(`sip:${NUMBER}@127.0.0.1:${sipPort}`);
      await linphone.until(/connected|established|running/i);
      const { id } = await latestCall();
      await eventually(async () => {
        const asked = (await earshot.calls.get(id)).transcript.filter(({ role }) => role === "caller");
        expect(wordsHeard(QUESTION, asked.map(({ text }) => text).join(" "))).toBeGreaterThanOrEqual(0.7);
      });
      linphone.hangUp();
      expect(await untilEnded(earshot, id)).toMatchObject({ endReason: "caller-hung-up" });
      const heard = await linphone.heard();
      const { text } = await earshot.transcriptions.create(encodeWav({ samples: heard, sampleRateHz: ENGINE_RATE_HZ }));
      expect(text.toLowerCase()).toContain("practice");
      const { id: second } = await place({ host: "127.0.0.1", port });
      await eventually(async () => expect((await earshot.calls.get(second)).transcript).not.toEqual([]));
      linphone.hangUp();
      expect(await untilEnded(earshot, second)).toMatchObject({ outcome: "answered", endReason: "caller-hung-up" });
    } finally {
      await linphone.stop();
    }
  });

  it("another softphone presses transfer, and the agent that it called talks with another one", async ({ skip }) => {
    const why = whyNoLinphone();
    if (why !== undefined) skip(why);
    const billing = await earshot.agents.create({
      name: "Billing",
      greeting: { mode: "static", text: "Good morning." },
      models: { languageModel: "builtin/receptionist" },
    });
    const { phoneNumber } = await earshot.phoneNumbers.create({ agentId: billing.id });
    const port = await freePort();
    const silence = new Int16Array(ENGINE_RATE_HZ);
    const linphone = await Linphone.start({ folder: join(folder, "transferring"), sipPort: port, says: silence });
    try {
      linphone.call(`sip:${NUMBER}@127.0.0.1:${sipPort}`);
      await linphone.until(/established with/);
      const { id: first } = await latestCall();
      await eventually(async () => expect((await earshot.calls.get(first)).transcript).not.toEqual([]));
      linphone.transfer(`sip:${phoneNumber}@127.0.0.1:${sipPort}`);
      const second = await eventually(async () => {
        const call = await latestCall();
        expect(call).toMatchObject({ toNumber: phoneNumber, status: "active" });
        return call;
      });
      // The telephone said nothing.
      for (const id of [first, second.id])
        await eventually(async () => {
          const heard = (await earshot.calls.get(id)).transcript.filter(({ role }) => role === "caller");
          expect(heard.flatMap(({ text }) => text.split(" ")).length).toBeGreaterThan(5);
        });
      await earshot.calls.end(first);
      expect(await untilEnded(earshot, second.id)).toMatchObject({ status: "ended", endReason: "caller-hung-up" });
    } finally {
      await linphone.stop();
    }
  });

  it("is told that there is no such number", async () => {
    const { phone } = await startPhone({ calls: `sip:+12125550199@127.0.0.1:${sipPort}` });
    await phone.until(/404 No Such Number/);
  });

  it("is refused without a common codec, and the call says why", async () => {
    const clock = new SystemClock();
    const caller = new UserAgent({ clock, network: new SocketNetwork({ clock, host: "127.0.0.1", udpPort: 0 }) });
    await caller.start();
    const head = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n";
    const failed = new Promise<number>((resolve) => {
      caller.invite({
        ...{ target: `sip:${NUMBER}@127.0.0.1:${sipPort}`, from: "sip:gsm@127.0.0.1", headers: { "X-Case": "488" } },
        body: textBody("application/sdp", `${head}m=audio 4000 RTP/AVP 3\r\na=rtpmap:3 GSM/8000\r\n`),
        watcher: { onEvent: (event) => event.kind === "failed" && resolve(event.status) },
      });
    });
    expect(await failed).toBe(488);
    await caller.close();
    const { id } = await latestCall();
    const variables = { case: "488" };
    expect(await untilEnded(earshot, id)).toMatchObject({ fromNumber: "gsm", endReason: "rejected", variables });
  });

  it("is called by an agent through a trunk, and hangs up", async () => {
    const { phone, port } = await startPhone({ user: ABROAD });
    const { id, status } = await place({ host: "127.0.0.1", port });
    expect(status).toBe("ringing");
    await phone.until(/Call established/);
    await eventually(async () => expect((await earshot.calls.get(id)).transcript).not.toEqual([]));
    await phone.stop();
    expect(await untilEnded(earshot, id)).toMatchObject({ direction: "outbound", endReason: "caller-hung-up" });
  });

  it("registers as a number, and is called there", async () => {
    const [own, password] = ["+12125550177", "a softphone's own"];
    await earshot.phoneNumbers.create({ phoneNumber: own, softphonePassword: password });
    const address = `sip:${own}@127.0.0.1:${sipPort}`;
    const { phone } = await startPhone({ account: { address, password } });
    await phone.until(/200 OK/);
    const { id, fromNumber } = await earshot.calls.place({ agentId, to: own });
    await phone.until(/Call established/);
    await earshot.calls.end(id);
    await phone.until(/terminated|closed/i);
    expect(await untilEnded(earshot, id)).toMatchObject({ fromNumber, toNumber: own, endReason: "api-request" });
  });

  it("is handed to another agent of this server without hearing a break", async () => {
    const colleague = await earshot.phoneNumbers.create({ agentId, areaCode: "415" });
    const { phone } = await startPhone({ calls: `sip:${NUMBER}@127.0.0.1:${sipPort}` });
    await phone.until(/Call established/);
    const { id } = await latestCall();
    await eventually(() => earshot.calls.transfer(id, { destination: colleague.phoneNumber }));
    expect(await untilEnded(earshot, id)).toMatchObject({ endReason: "transferred" });
    const next = await eventually(async () => {
      const call = await latestCall();
      expect((await earshot.calls.get(call.id)).transcript).not.toEqual([]);
      return call;
    });
    expect(next).toMatchObject({ toNumber: colleague.phoneNumber, status: "active" });
    await phone.stop();
    expect(await untilEnded(earshot, next.id)).toMatchObject({ endReason: "caller-hung-up" });
  });

  it("is sent elsewhere when the agent transfers the call", async () => {
    const { phone: colleague, port } = await startPhone({ user: "colleague" });
    const { phone } = await startPhone({ calls: `sip:${NUMBER}@127.0.0.1:${sipPort}` });
    await phone.until(/Call established/);
    const { id } = await latestCall();
    await eventually(() => earshot.calls.transfer(id, { destination: `sip:colleague@127.0.0.1:${port}` }));
    await colleague.until(/Call established/);
    expect(await untilEnded(earshot, id)).toMatchObject({ endReason: "transferred" });
  });

  it("is connected with a person who was told why, through a second call where the trunk transfers none", async () => {
    const to = "+12125550155";
    const { phone: person, port } = await startPhone({ user: to });
    const trunk = await earshot.sipTrunks.create({ name: "PBX", host: "127.0.0.1", port, pings: false });
    const [number] = (await earshot.phoneNumbers.list({ limit: 100 })).data.filter((one) => one.phoneNumber === NUMBER);
    await earshot.phoneNumbers.update(number?.id ?? "", { sipTrunkId: trunk.id });
    const { phone } = await startPhone({ calls: `sip:${NUMBER}@127.0.0.1:${sipPort}` });
    await phone.until(/Call established/);
    const { id } = await latestCall();
    const briefing = "Somebody asks about opening hours.";
    await eventually(() => earshot.calls.transfer(id, { destination: to, mode: "warm", briefing }));
    await person.until(/Call established/);
    expect(await untilEnded(earshot, id)).toMatchObject({ endReason: "transferred" });
    const second = await latestCall();
    expect(second).toMatchObject({ toNumber: to, direction: "outbound", status: "active", outcome: "answered" });
    expect(second.dial).toMatchObject({ code: "answered", sipStatus: 200, trunkId: trunk.id });
    // As long as the caller's question takes to come round.
    await pause(BEFORE_MS);
    await phone.stop();
    await person.until(/terminated|closed/i);
    const heard = await person.heard();
    const { text } = await earshot.transcriptions.create(encodeWav({ samples: heard, sampleRateHz: ENGINE_RATE_HZ }));
    expect(wordsHeard(briefing, text), text).toBeGreaterThanOrEqual(0.6);
    expect(wordsHeard(QUESTION, text), text).toBeGreaterThanOrEqual(0.6);
    expect(await untilEnded(earshot, second.id)).toMatchObject({ endReason: "caller-hung-up" });
    await earshot.phoneNumbers.update(number?.id ?? "", { sipTrunkId: null });
  });

  it("does not register with a wrong password", async () => {
    const address = `sip:+12125550177@127.0.0.1:${sipPort}`;
    const { phone } = await startPhone({ account: { address, password: "another one" } });
    await phone.until(/401 Unauthorized/);
    const { id } = await earshot.calls.place({ agentId, to: "+12125550177" });
    expect(await untilEnded(earshot, id)).toMatchObject({ endReason: "no-answer" });
  });

  it("stops ringing when the call is ended", async () => {
    const { phone, port } = await startPhone({ user: ABROAD, answers: false });
    const { id } = await place({ host: "127.0.0.1", port });
    await phone.until(/Incoming call/);
    await earshot.calls.end(id);
    await phone.until(/terminated|closed/i);
    expect((await earshot.calls.get(id)).endReason).toBe("api-request");
  });

  it("can't be reached, and the call says so", async () => {
    const port = await freePort();
    const { id } = await place({ host: "127.0.0.1", port, transport: "tcp" });
    expect(await untilEnded(earshot, id)).toMatchObject({ endReason: "unreachable", error: expect.any(String) });
  });
});
