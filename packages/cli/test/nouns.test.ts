import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encodeWav } from "@earshot/engine";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type FakeEarshotServer, startFakeServer } from "./fake-earshot-server.ts";
import { runAgainst } from "./run-against.ts";

let server: FakeEarshotServer;
beforeEach(async () => {
  server = await startFakeServer();
});
afterEach(() => server.close());

const run = (...args: string[]) => runAgainst(server.url, args);

it.each([
  ["phone-numbers list --agent agt_1", /^NUMBER +ID .*\n\+12125550170 +num_0 .*released\n\+12125550170 +num_1 +agt_1 /],
  ["messages list", /^ID +AT .*\nmsg_1 +2026-01-02T03:04:05.678Z .* delivered +Two loaves, please\.\n/],
  ["opt-outs list --number +12125550170 --limit 5", /^NUMBER +RECIPIENT .*\n\+12125550170 +\+12125550171 +STOP +2026/],
  ["opt-outs add +12125550170 +12125550171", /^\+12125550171 is not written to from \+12125550170 any more\.\n$/],
  ["opt-outs remove +12125550170 +12125550171", /^\+12125550171 may be written to from \+12125550170 again\.\n$/],
  ["recordings link call_1 --expires-in 60", /^https:\/\/earshot.test\/r\?signature=x\n$/],
  ["recordings delete call_1", /^The recording of call_1 is deleted\.\n$/],
  ["recordings pause call_1", /^Done\.\n$/],
  ["recordings resume call_1", /^Done\.\n$/],
  ["conversations list", /conv_1 +\+12125550171 +\+12125550170 +1 +Two loaves, please\.\n/],
  ["conversations get conv_1", /^conv_1 {2}\+12125550171 and \+12125550170, messages: 1\n\n.*Two loaves.*Thanks\.\n$/s],
  ["conversations messages conv_1", /^2026-01-02T03:04:05.678Z {2}\+12125550170: {2}Two loaves/],
  ["conversations open +12125550170 +12125550171", /^conv_1\n$/],
  ["contacts list", /Bo +con_1 +\+12125550171 +bo@example.com/],
  ["campaigns list", /Spring +cmp_1 +draft +2 +1 +0/],
  ["campaigns pause cmp_1", /"status": "paused"/],
  ["leads list --campaign cmp_1", /lead_1 +\+12125550171 +pending +0/],
  ["workflows list", /Orders +wfl_1 +1 +Cakes/],
  ["tool-templates list", /Book +ttpl_1 +book_table +webhook/],
  ["analysis-templates list", /Mood +atpl_1 +yes +Well\?/],
  ["mcp-servers list", /Shop +mcp_1 +https:\/\/shop.test\/mcp +sse/],
  ["knowledge-bases list", /House +kb_1 +en-US +Rules/],
  ["knowledge-bases search kb_1 hours", /We open at nine/],
  ["knowledge-documents list --base kb_1", /Menu +kdoc_1 +50 % +3 +text/],
  ["knowledge-documents add https://a.test/ --base kb_1", /kdoc_2 +pending +Page/],
  ["public-keys list", /Website +pub_1 +agt_1 +https:\/\/www.example.com/],
  ["sip-trunks list", /Line +trk_1 +sip.test:5060 +tls/],
  ["secrets list", /sec_1 +openai +main +9xyz/],
  ["test-suites list", /Basics +suite_1 +2/],
  ["test-suites run suite_1", /"status": "queued"/],
  ["test-runs list --suite suite_1", /run_1 +completed +1 of 2/],
  ["experiments list", /Voices +exp_1 +draft +agt_1 +warm/],
  ["experiments stop exp_1", /"status": "stopped"/],
  ["transcripts list", /tr_1 +completed +1.0 s +2026-01-02 +hello there/],
  ["usage totals", /"total": 3/],
  ["usage daily --days 1", /^PERIOD +CALLS +MINUTES +MESSAGES\n2026-01-02 +3 +1.5 +4/],
  ["usage monthly", /2026-01 +3 +1.5 +4/],
  ["usage by-number", /\+12125550171 +Night desk +3 +1.5 +4/],
  ["usage by-agent --period week", /Night desk +3 +1.5 +4/],
])("%s prints what people read, and one object with --json", async (command, expected) => {
  const args = command.split(" ");
  const { code, stdout } = await run(...args);
  expect(stdout).toMatch(expected);
  expect(code).toBe(0);
  expect(typeof JSON.parse((await run(...args, "--json")).stdout)).toBe("object");
});

it("attaches, detaches and releases phone numbers by the number, the active one of several", async () => {
  const attached = await run("phone-numbers", "attach", "+1 212 555 0170", "Front desk");
  expect(attached.stdout).toBe("+12125550170 is answered by agt_1.\n");
  expect(server.posted.get("/v1/phone-numbers/num_1")).toEqual({ agentId: "agt_1" });
  await run("phone-numbers", "detach", "num_1");
  expect(server.posted.get("/v1/phone-numbers/num_1")).toEqual({ agentId: null });
  expect((await run("phone-numbers", "release", "+12125550170")).stdout).toBe("+12125550170 is released.\n");
  await run("phone-numbers", "release", "num_1", "--keep-at-carrier");
  await run("phone-numbers", "release", "num_1", "--no-keep-at-carrier");
  const path = "/v1/phone-numbers/num_1";
  expect(server.deleted).toEqual([path, `${path}?keepAtCarrier=true`, `${path}?keepAtCarrier=false`]);
  const unknown = await run("phone-numbers", "get", "+4930123");
  expect(unknown).toMatchObject({ code: 1, stderr: expect.stringContaining("There is no phone number +4930123") });
});

it("sends messages from a number or an agent, with more from --data, and reacts", async () => {
  const more = '{"mediaUrls":["https://example.org/cake.jpg"]}';
  const sent = await run("messages", "send", "+12125550171", "Hi", "--from", "+12125550170", "--data", more);
  expect(sent.stdout).toBe("msg_1 to +12125550171: delivered\n");
  const mediaUrls = ["https://example.org/cake.jpg"];
  expect(server.posted.get("/v1/messages")).toEqual({
    ...{ mediaUrls, phoneNumberId: "num_1" },
    ...{ to: "+12125550171", body: "Hi" },
  });
  await run("messages", "send", "+12125550171", "Hi", "--agent", "Night desk");
  expect(server.posted.get("/v1/messages")).toEqual({ agentId: "agt_2", to: "+12125550171", body: "Hi" });
  await run("messages", "react", "msg_1", "👍");
  expect(server.posted.get("/v1/messages/msg_1/reactions")).toEqual({ reaction: "👍" });
  const odd = await run("messages", "send", "+12125550171", "Hi", "--data", "[]");
  expect(odd).toMatchObject({ code: 2, stderr: "earshot: --data must be a JSON object: {…}\n" });
});

it("places calls, and fails when one can't be connected", async () => {
  const variables = '{"variables":{"name":"Bo"}}';
  const args = ["--agent", "Front desk", "--from", "+12125550170", "--data", variables];
  const placed = await run("calls", "place", "+12125550171", ...args);
  expect(placed).toEqual({ code: 0, stdout: "call_7  active\n", stderr: "" });
  expect(server.posted.get("/v1/calls")).toEqual({
    ...{ type: "phone", to: "+12125550171", agentId: "agt_1", fromNumberId: "num_1" },
    variables: { name: "Bo" },
  });
  const failed = await run("calls", "place", "+12125550199", "--agent", "agt_1");
  expect(failed).toMatchObject({ code: 1, stdout: "call_7  ended  no-carrier  no carrier is connected\n" });
});

it("asks for what it needs of opt-outs and recordings, and refuses what can't be", async () => {
  await run("opt-outs", "add", "+12125550170", "+12125550171");
  expect(server.posted.get("/v1/opt-outs")).toEqual({ phoneNumber: "+12125550170", recipient: "+12125550171" });
  await run("recordings", "pause", "call_1");
  expect(server.posted.has("/v1/calls/call_1/recording/pause")).toBe(true);
  expect(await run("recordings", "link", "call_1", "--expires-in", "700000")).toMatchObject({ code: 2 });
  expect(await run("opt-outs", "list", "--limit", "201")).toMatchObject({ code: 2 });
  expect(await run("opt-outs", "add", "+12125550170")).toMatchObject({ code: 2 });
});

it("asks whose leads are meant", async () => {
  const created = await run("leads", "create", "--campaign", "cmp_1", "--data", '{"phoneNumber":"+12125550171"}');
  expect(created.stdout).toContain("lead_2");
  expect(server.posted.get("/v1/campaigns/cmp_1/leads")).toEqual({ phoneNumber: "+12125550171" });
  expect((await run("leads", "delete", "lead_2", "--campaign", "cmp_1")).stdout).toBe("lead_2 is deleted.\n");
  const missing = await run("leads", "list");
  expect(missing).toMatchObject({ code: 2, stderr: expect.stringContaining("required option '--campaign <id>'") });
});

it("writes down and keeps a recording: a file, or one that the server fetches", async () => {
  const folder = await mkdtemp(join(tmpdir(), "earshot-cli-"));
  const file = join(folder, "call.wav");
  await writeFile(file, encodeWav({ samples: new Int16Array(8000).fill(3000), sampleRateHz: 16_000 }));
  expect((await run("transcripts", "create", file)).stdout).toBe("tr_1  completed\n\nhello there\n");
  expect(server.posted.get("/v1/transcripts")).toBeInstanceOf(Buffer);
  await rm(folder, { recursive: true });
  await run("transcripts", "create", "--data", '{"audioUrl":"https://example.org/a.wav"}');
  expect(server.posted.get("/v1/transcripts")).toEqual({ audioUrl: "https://example.org/a.wav" });
  expect(await run("transcripts", "create")).toMatchObject({ code: 2 });
});

it("goes on with messages where a page ended", async () => {
  const { stderr } = await run("messages", "list");
  expect(stderr).toBe("There are more: --all, or --cursor 2026-01-02T03:04:05.678Z~msg_1\n");
  const odd = await run("messages", "list", "--cursor", "odd");
  expect(odd).toMatchObject({ code: 1, stderr: expect.stringContaining("must be the nextCursor of a page") });
});
