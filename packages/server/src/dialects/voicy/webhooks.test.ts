import { createHmac } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { createAgentStore } from "../../agents/store.ts";
import { createCallStore } from "../../calls/store.ts";
import { entry, journal } from "../../calls/testing/journal.ts";
import { createDispatchKit, type DispatchKit } from "../../deliveries/testing/dispatch-kit.ts";
import { recordingPath } from "../../recordings/recording-paths.ts";
import { recordingsOnDisk } from "../../recordings/testing/recordings-on-disk.ts";
import { createVault, toVaultKey } from "../../secrets/vault.ts";
import { describeOnEachDatabase } from "../../storage/testing/each-database.ts";
import { systemWallClock as clock } from "../../wall-clock.ts";
import { createLoad, noConversations } from "../../webhooks/create-load.ts";
import { type Receiver, startReceiver } from "../../webhooks/testing/receiver.ts";
import { seedCall } from "./testing/seed-call.ts";
import { voicyClient } from "./testing/voicy-client.ts";
import { toVoicyId } from "./voicy-id.ts";
import { createVoicyWebhooks, VOICY_EVENTS } from "./webhooks.ts";

const SECRET = "voicy-secret-of-tests";
const closing: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const open of closing.splice(0).toReversed()) await open.close();
});

describeOnEachDatabase("Voicy's webhooks", (database) => {
  const setUp = async () => {
    const receiver: Receiver = await startReceiver();
    const dataDirectory = await mkdtemp(join(tmpdir(), "earshot-voicy-"));
    const vault = createVault(toVaultKey("for tests only"));
    const recordings = recordingsOnDisk(dataDirectory);
    const dialect = createVoicyWebhooks({ publicUrl: "https://voice.example.com", vault, clock, recordings });
    const kit: DispatchKit = createDispatchKit(database(), { dialects: [dialect] });
    closing.push({ close: () => rm(dataDirectory, { recursive: true }) }, receiver, kit);
    const calls = createCallStore(database());
    const agents = createAgentStore(database(), kit.vault);
    const load = createLoad({ calls, agents, conversations: noConversations });
    return { receiver, kit, calls, load, dataDirectory };
  };
  const end = async ({ kit, calls }: Awaited<ReturnType<typeof setUp>>) => {
    const said = entry({ type: "transcript-final", utteranceId: 1, text: "Hi.", atMs: 10 });
    const call = await seedCall(calls, { workspaceId: kit.workspaceId, status: "active" }, journal([said]));
    await calls.markEnded(call.id, { reason: "caller-hung-up", endedAt: call.createdAt, durationMs: 45_000 });
    return call;
  };

  test("tell the end of a call with all of it, signed over the body alone", async () => {
    const all = await setUp();
    const { kit, receiver, load } = all;
    await kit.endpoint({ url: receiver.url, dialect: "voicy", events: VOICY_EVENTS, secret: SECRET });
    const call = await end(all);
    await kit.start({ load });
    await expect.poll(() => receiver.received.length).toBe(1);
    const [{ headers, body } = { headers: {}, body: "" }] = receiver.received;
    const signature = createHmac("sha256", SECRET).update(body).digest("hex");
    expect(headers).toMatchObject({
      "content-type": "application/json",
      "x-voicy-event": "call_ended",
      "x-voicy-signature": `sha256=${signature}`,
    });
    expect(JSON.parse(body)).toMatchObject({
      event: "call_ended",
      call: {
        call_id: toVoicyId(call.id),
        call_status: "user_hangup",
        duration_ms: 45_000,
        recording_url: null,
        transcript: [{ role: "caller", content: "Hi.", timestamp_ms: 10 }],
      },
    });
  });

  test("lead to the recording, without a key", async () => {
    const all = await setUp();
    const { kit, receiver, load, dataDirectory } = all;
    await kit.endpoint({ url: receiver.url, dialect: "voicy", events: VOICY_EVENTS, secret: SECRET });
    const call = await end(all);
    const recording = recordingPath(dataDirectory, call.id);
    await mkdir(dirname(recording));
    await writeFile(recording, "RIFF");
    await kit.start({ load });
    await expect.poll(() => receiver.received.length).toBe(1);
    const told = JSON.parse(receiver.received[0]?.body ?? "") as { call: { recording_url: string } };
    const { origin, pathname, search } = new URL(told.call.recording_url);
    expect(origin).toBe("https://voice.example.com");
    const { app } = voicyClient(database(), { dataDirectory });
    expect(await (await app.request(pathname + search)).text()).toBe("RIFF");
    expect((await app.request(`${pathname}${search.replace(/.$/, "")}`)).status).toBe(401);
  });

  test("go unsigned where there is no secret, with the endpoint's own headers", async () => {
    const all = await setUp();
    const { kit, receiver, load } = all;
    const settings = { headers: { "X-Crm": "7", "x-voicy-event": "forged" } };
    await kit.endpoint({ url: receiver.url, dialect: "voicy", events: VOICY_EVENTS, secret: null, settings });
    await end(all);
    await kit.start({ load });
    await expect.poll(() => receiver.received.length).toBe(1);
    expect(receiver.received[0]?.headers).toMatchObject({ "x-voicy-event": "call_ended", "x-crm": "7" });
    expect(receiver.received[0]?.headers).not.toHaveProperty("x-voicy-signature");
  });

  test("are managed for each agent, five at most, by Voicy's rules", async () => {
    const { send } = voicyClient(database());
    const made = await send("POST", "/functions/v1/agent-create", { name: "A", prompt: "P" });
    const path = `/v1/agent-webhooks/${String(made.json["agent_id"])}`;
    const body = { name: "CRM", url: "https://example.com/hook", secret: SECRET, custom_headers: { "X-Crm": "7" } };
    const created = await send("POST", path, body);
    expect(created.status).toBe(201);
    expect(created.json).toMatchObject({ name: "CRM", has_secret: true, custom_headers: { "X-Crm": "7" } });
    expect(created.text).not.toContain(SECRET);
    const own = `${path}/${String(created.json["webhook_id"])}`;
    const changed = await send("PATCH", own, { name: "New", secret: "" });
    expect(changed.json).toMatchObject({ name: "New", has_secret: true, url: body.url });
    const refused = async (more: object) => {
      const answer = await send("POST", path, { ...body, ...more });
      return [answer.status, answer.json["error"]];
    };
    expect(await refused({ url: "http://example.com" })).toEqual([400, "url: must be an https URL"]);
    for (const name of ["bad name", "X-Voicy-Event", "Content-Type", ""])
      expect((await refused({ custom_headers: { [name]: "x" } }))[0]).toBe(400);
    expect((await refused({ custom_headers: { "X-A": "1\r\nX-B: 2" } }))[0]).toBe(400);
    const eleven = Object.fromEntries(Array.from({ length: 11 }, (_, n) => [`X-${n}`, "1"]));
    expect(await refused({ custom_headers: eleven })).toEqual([400, "custom_headers: must have at most 10 entries"]);
    for (let n = 0; n < 4; n++) expect((await send("POST", path, body)).status).toBe(201);
    expect((await refused({}))[0]).toBe(422);
    expect((await send("DELETE", own)).status).toBe(204);
    expect((await send("DELETE", own)).status).toBe(404);
    expect((await send("GET", path)).json).toHaveLength(4);
  });
});
