import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { ENGINE_RATE_HZ, encodeWav, readBundle, writeBundle } from "@earshot/engine";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readHeldAgent } from "../calls/read-held-agent.ts";
import { recordingPath } from "../recordings/recording-paths.ts";
import { type CallScript, recordCall } from "../replays/testing/record-call.ts";
import { describeOnEachDatabase } from "../storage/testing/each-database.ts";
import { apiClient } from "./testing/api-client.ts";
import { TEST_KEY } from "./testing/test-deps.ts";
import { twoWorkspaces } from "./testing/two-workspaces.ts";

const ask: CallScript["ask"] = async function* () {
  yield { type: "text", text: "We open at nine, Anna." };
};
const AGENT = {
  name: "Desk",
  prompt: "You answer for Anna.",
  greeting: { mode: "static", text: "Hello there." },
  tools: [
    {
      kind: "webhook",
      name: "book",
      description: "Books",
      url: "https://shop.example/book?key=u7",
      headers: { Authorization: "Bearer abcdefgh" },
      secret: "s3cr3t-of-the-tool",
    },
  ],
  webhook: { url: "https://shop.example/hook", secret: "whsec_of_the_webhook" },
};

const BOMB = gzipSync(Buffer.alloc(210_000_000), { level: 1 });

describeOnEachDatabase("files of calls", (database) => {
  let dataDirectory = "";
  beforeEach(() => {
    dataDirectory = mkdtempSync(join(tmpdir(), "earshot-bundles-"));
  });
  afterEach(() => rmSync(dataDirectory, { recursive: true }));

  async function setUp() {
    const client = apiClient(database(), { dataDirectory });
    const { body } = await client.send("POST", "/v1/agents", AGENT);
    const agentId = String(body["id"]);
    const texts = ["Call me at 555 0100.", "Thank you."];
    const { call } = await recordCall(client.deps, {
      ...{ workspaceId: "ws_default", agentId, texts, ask },
      fromNumber: "+12025550100",
    });
    const headers = { Authorization: `Bearer ${TEST_KEY}` };
    const download = (query = "") => client.app.request(`/v1/calls/${call.id}/export${query}`, { headers });
    const upload = async (file: Uint8Array, type = "application/gzip") => {
      const sent = { method: "POST", headers: { ...headers, "Content-Type": type }, body: new Uint8Array(file) };
      const response = await client.app.request("/v1/calls/import", sent);
      return { status: response.status, body: (await response.json()) as Record<string, unknown> };
    };
    return { ...client, agentId, call, download, upload };
  }

  test("come back as the same call, marked as imported, and replay", async () => {
    const { send, call, download, upload } = await setUp();
    const exported = await download();
    expect(exported.headers.get("Content-Type")).toBe("application/gzip");
    expect(exported.headers.get("Content-Disposition")).toContain(`${call.id}.earshot-call.gz`);
    const imported = await upload(new Uint8Array(await exported.arrayBuffer()));
    expect(imported.status).toBe(201);
    const id = String(imported.body["id"]);
    expect(id).not.toBe(call.id);
    const [before, after] = [await send("GET", `/v1/calls/${call.id}`), await send("GET", `/v1/calls/${id}`)];
    for (const kept of ["transcript", "turns", "endReason", "direction", "fromNumber", "durationMs", "agentName"])
      expect(after.body[kept]).toEqual(before.body[kept]);
    expect(after.body).toMatchObject({
      status: "ended",
      importedFrom: { callId: call.id, scrubbed: { words: false } },
    });
    const journals = await Promise.all([call.id, id].map((one) => send("GET", `/v1/calls/${one}/journal`)));
    expect(journals[1]?.body).toEqual(journals[0]?.body);
    const replay = await send("POST", `/v1/calls/${id}/replays`, { agentId: before.body["agentId"] });
    expect(replay.body).toMatchObject({ outcome: "same", repliesAsked: 0 });
  });

  test("hold no secret of the agent", async () => {
    const { download } = await setUp();
    const text = gunzipSync(Buffer.from(await (await download()).arrayBuffer())).toString();
    for (const secret of ["s3cr3t-of-the-tool", "whsec_of_the_webhook", "abcdefgh", "key=u7", "ws_default"])
      expect(text).not.toContain(secret);
    expect(text).toContain("You answer for Anna.");
  });

  test("hold neither numbers nor words where that is asked for", async () => {
    const { deps, download, upload } = await setUp();
    const file = new Uint8Array(await (await download("?scrubNumbers=true&scrubWords=true")).arrayBuffer());
    const text = gunzipSync(file).toString();
    for (const told of ["555", "Anna", "Hello", "+1202"]) expect(text).not.toContain(told);
    const imported = await upload(file);
    expect(imported).toMatchObject({
      status: 201,
      body: { importedFrom: { scrubbed: { numbers: true, words: true } } },
    });
    // Masked settings are settings still: names of choices stay.
    const id = String(imported.body["id"]);
    expect(await readHeldAgent(deps, { id })).toMatchObject({ prompt: "You xxxxxx for Xxxx.", mode: "pipeline" });
  });

  test("bring the recording where it is wanted", async () => {
    const { call, app, download, upload } = await setUp();
    const wav = encodeWav({ samples: new Int16Array(3_200).fill(7), sampleRateHz: ENGINE_RATE_HZ });
    mkdirSync(join(dataDirectory, "recordings"));
    writeFileSync(recordingPath(dataDirectory, call.id), wav);
    const without = await readBundle(new Uint8Array(await (await download()).arrayBuffer()));
    expect(without.recording).toBeUndefined();
    const imported = await upload(new Uint8Array(await (await download("?audio=true")).arrayBuffer()));
    const headers = { Authorization: `Bearer ${TEST_KEY}` };
    const heard = await app.request(String(imported.body["recordingUrl"]), { headers });
    expect(new Uint8Array(await heard.arrayBuffer())).toEqual(wav);
    expect((await download("?audio=true&scrubWords=true")).status).toBe(400);
  });

  test("are refused with a reason when they are no good", async () => {
    const { download, upload } = await setUp();
    const good = await readBundle(new Uint8Array(await (await download()).arrayBuffer()));
    const [first] = good.entries;
    if (!first) throw new Error("an empty journal");
    const nul = { ...first, event: { type: "say-requested", text: "a\0b", endAfter: false, atMs: 0 } as const };
    const odd = { ...first, event: { ...first.event, rules: { greeting: 5 } } } as unknown as typeof first;
    const speech = { type: "caller-speech-started", utteranceId: 1, firstSampleAtMs: 0, atMs: 0 } as const;
    const nonsense = [odd, { seq: 2, atMs: 0, event: speech, effects: [] }];
    const bad: [Uint8Array, number, string][] = [
      [new TextEncoder().encode("no"), 400, "no exported call"],
      [BOMB, 413, "unpacks to more than 200 MB"],
      [await writeBundle({ ...good, header: { ...good.header, version: 9 } }), 400, "version 9"],
      [await writeBundle({ ...good, call: { ...good.call, direction: "up" } }), 400, "call.direction"],
      [await writeBundle({ ...good, entries: [nul] }), 400, "entry 1 must not contain NUL"],
      [await writeBundle({ ...good, entries: nonsense }), 400, "makes no sense"],
      [await writeBundle({ ...good, recording: new Uint8Array(99) }), 400, "no WAV"],
    ];
    for (const [file, status, reason] of bad) {
      const refused = await upload(file);
      expect(refused.body["detail"]).toContain(reason);
      expect(refused.status).toBe(status);
    }
    expect((await upload(new Uint8Array(1), "application/json")).status).toBe(415);
  });

  test("belong to a workspace, and to calls that are over", async () => {
    const { deps, call, send } = await setUp();
    const { theirs } = await twoWorkspaces(deps);
    expect((await theirs("GET", `/v1/calls/${call.id}/export`)).status).toBe(404);
    const { body } = await send("POST", "/v1/calls", { agentId: call.agentId });
    const live = await send("GET", `/v1/calls/${String(body["id"])}/export`);
    expect(live.status).toBe(409);
  });
});
