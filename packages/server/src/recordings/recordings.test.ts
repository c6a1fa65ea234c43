import { mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { parseWav } from "@earshot/engine";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { apiClient } from "../api/testing/api-client.ts";
import type { Call } from "../calls/call.ts";
import { createCallStore } from "../calls/store.ts";
import { entry, journal } from "../calls/testing/journal.ts";
import { type EmbeddedTestDatabase, openEmbeddedForTest } from "../storage/testing/each-database.ts";
import { createLog } from "../telemetry/log.ts";
import { FakeWallClock } from "../testing/fake-wall-clock.ts";
import { expireRecordings } from "./expire-recordings.ts";
import { openRecordings } from "./open-recordings.ts";
import type { StoredRecording } from "./recording.ts";
import type { RecordingFormat } from "./recording-format.ts";
import { livePath, recordingPath } from "./recording-paths.ts";
import { createRecordingStore } from "./store.ts";
import { type S3Server, startS3Server } from "./testing/s3-server.ts";
import { silentWav } from "./testing/two-tones.ts";

let opened: EmbeddedTestDatabase;
let s3: S3Server;
beforeAll(async () => {
  opened = await openEmbeddedForTest();
  s3 = await startS3Server();
}, 60_000);
afterAll(async () => {
  await s3.close();
  await opened.dispose();
});

const clock = new FakeWallClock();

/** A node with its recordings on disk or in the object store, and its API. */
async function setUp(place: "disk" | "s3") {
  const { database, dataDirectory } = opened;
  const config = { dataDirectory, s3: place === "s3" ? s3.settings : undefined };
  const open = await openRecordings({ config, database, clock, log: createLog("silent") });
  const { recordings, keeper } = open;
  const api = apiClient(database, { dataDirectory, recordings, clock });
  const calls = createCallStore(database);

  /** A call that is over, with what was written of it. */
  const ended = async (
    bytes: Uint8Array | undefined,
    { format = "wav", ...more }: Partial<StoredRecording> & { format?: RecordingFormat } = {},
  ): Promise<string> => {
    const made = await api.send("POST", "/v1/calls", { agent: { name: "Ada", recording: { format } } });
    const id = String(made.body["id"]);
    const recording: StoredRecording = { status: "recording", format, ...more };
    expect(await createRecordingStore(database).replace(id, recording)).toBe(true);
    if (bytes !== undefined) {
      await mkdir(dirname(livePath(dataDirectory, id, format)), { recursive: true });
      await writeFile(livePath(dataDirectory, id, format), bytes);
    }
    await calls.markEnded(id, { reason: "caller-hung-up", endedAt: clock.now().toISOString(), durationMs: 1_000 });
    return id;
  };
  const keep = async (id: string) => {
    keeper.keep(id);
    await keeper.whenIdle();
    return (await calls.findAnywhere(id)) as Call;
  };
  const get = (id: string, path = "", headers = {}) =>
    api.app.request(`/v1/calls/${id}/recording${path}`, { headers: { ...AUTHORIZED, ...headers } });
  return { ...open, ...api, calls, ended, keep, get, dataDirectory };
}

const AUTHORIZED = { Authorization: "Bearer a-key-for-tests-only" };
const exists = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  );

describe.each(["disk", "s3"] as const)("a recording kept on %s", (place) => {
  it("is brought there after the call, is heard as a whole and in parts, and leaves nothing behind", async () => {
    const { ended, keep, get, send, dataDirectory } = await setUp(place);
    const id = await ended(silentWav());
    expect((await get(id)).status).toBe(200);
    const { recording } = await keep(id);
    expect(recording).toMatchObject({ status: "stored", place, durationMs: 1_000, sizeBytes: 64_044 });
    expect(await exists(livePath(dataDirectory, id, "wav"))).toBe(false);
    expect(await exists(recordingPath(dataDirectory, id))).toBe(place === "disk");
    const whole = await get(id);
    expect([whole.headers.get("Content-Type"), whole.headers.get("Content-Length")]).toEqual(["audio/wav", "64044"]);
    expect(parseWav(new Uint8Array(await whole.arrayBuffer())).durationMs).toBe(1_000);
    const part = await get(id, "", { Range: "bytes=8-11" });
    expect([part.status, part.headers.get("Content-Range"), await part.text()]).toEqual([
      206,
      "bytes 8-11/64044",
      "WAVE",
    ]);
    const shown = (await send("GET", `/v1/calls/${id}`)).body;
    expect(shown).toMatchObject({ recordingUrl: `/v1/calls/${id}/recording`, recording: { status: "stored" } });
    expect(Object.keys(shown["recording"] as object).toSorted()).toEqual([
      "durationMs",
      "format",
      "sizeBytes",
      "status",
    ]);
  });

  it("can be heard by link without a key, until the link's time is over", async () => {
    const { app, ended, keep, get, send } = await setUp(place);
    const id = await ended(silentWav());
    await keep(id);
    const { body, status } = await send("POST", `/v1/calls/${id}/recording/link?expiresInS=60`);
    expect([status, body["expiresAt"]]).toEqual([200, "2026-03-04T05:07:07.000Z"]);
    const url = String(body["url"]);
    const heard = place === "s3" ? await fetch(url) : await app.request(url);
    expect([heard.status, (await heard.arrayBuffer()).byteLength]).toEqual([200, 64_044]);
    expect(url.startsWith(place === "s3" ? String(s3.settings.endpoint) : "http://localhost/v1/recordings/")).toBe(
      true,
    );
    const other = url.replace(id, `${id.slice(0, -1)}0`);
    expect((place === "s3" ? await fetch(other) : await app.request(other)).status).toBeGreaterThan(400);
    expect((await get(id, "/link")).status).toBe(404);
    if (place === "disk") {
      clock.advance(60_000);
      expect((await app.request(url)).status).toBe(401);
      clock.advance(-60_000);
    }
  });

  it("is deleted for good, and the call stays", async () => {
    const { ended, keep, get, send, dataDirectory } = await setUp(place);
    const id = await ended(silentWav());
    await keep(id);
    expect((await send("DELETE", `/v1/calls/${id}/recording`)).status).toBe(204);
    expect((await get(id)).status).toBe(404);
    expect((await send("DELETE", `/v1/calls/${id}/recording`)).body).toMatchObject({ code: "recording_not_available" });
    const shown = (await send("GET", `/v1/calls/${id}`)).body;
    expect(shown).toMatchObject({ recording: { status: "deleted", format: "wav" } });
    expect(shown).not.toHaveProperty("recordingUrl");
    expect(await exists(recordingPath(dataDirectory, id))).toBe(false);
    if (place === "s3") expect(s3.requests).toContain(`DELETE /recordings/earshot/${id}.wav`);
  });

  it("goes with its call, once the call is over", async () => {
    const { ended, keep, send, dataDirectory } = await setUp(place);
    const id = await ended(silentWav());
    await keep(id);
    expect((await send("DELETE", `/v1/calls/${id}`)).status).toBe(204);
    expect((await send("GET", `/v1/calls/${id}`)).status).toBe(404);
    expect(await exists(recordingPath(dataDirectory, id))).toBe(false);
    if (place === "s3") expect(s3.requests).toContain(`DELETE /recordings/earshot/${id}.wav`);
    const live = (await send("POST", "/v1/calls", { agent: { name: "Ada" } })).body["id"];
    for (const path of [`/v1/calls/${String(live)}`, `/v1/calls/${String(live)}/recording`])
      expect((await send("DELETE", path)).body).toMatchObject({ code: "conflict" });
  });

  it("is not kept any more when it was deleted on its way", async () => {
    const { ended, keep, send } = await setUp(place);
    const id = await ended(silentWav());
    expect((await send("DELETE", `/v1/calls/${id}/recording`)).status).toBe(204);
    expect((await keep(id)).recording).toMatchObject({ status: "deleted" });
  });

  it("expires as its agent says, or else its workspace, or else the node", async () => {
    const set = await setUp(place);
    const ids = await Promise.all([set.ended(silentWav(), { retentionDays: 10 }), set.ended(silentWav())]);
    for (const id of ids) await set.keep(id);
    const statuses = async () =>
      Promise.all(ids.map(async (id) => (await set.calls.findAnywhere(id))?.recording?.status));
    const expire = (retentionDays: number | undefined) => expireRecordings({ ...set, retentionDays, clock });
    clock.advance(11 * 86_400_000);
    expect(await expire(undefined)).toBeGreaterThanOrEqual(1);
    expect(await statuses()).toEqual(["expired", "stored"]);
    await expire(12);
    expect(await statuses()).toEqual(["expired", "stored"]);
    await expire(10);
    expect(await statuses()).toEqual(["expired", "expired"]);
    for (const id of ids) expect((await set.get(id)).status).toBe(404);
    clock.advance(-11 * 86_400_000);
  });
});

it("reads a long recording into the object store in parts, and back", async () => {
  const { ended, keep, get } = await setUp("s3");
  const long = new Uint8Array(9_000_044);
  long.set(silentWav());
  const id = await ended(long);
  expect((await keep(id)).recording).toMatchObject({ status: "stored", sizeBytes: 9_000_044 });
  const back = new Uint8Array(await (await get(id)).arrayBuffer());
  expect(back.length).toBe(9_000_044);
  expect(parseWav(back).durationMs).toBeCloseTo(9_000_000 / 64, 0);
});

it("waits for an object store that is down, says so in the call, and can be heard meanwhile", async () => {
  const { ended, keep, keeper, get, calls, dataDirectory } = await setUp("s3");
  const id = await ended(silentWav());
  s3.isDown = true;
  expect((await keep(id)).recording).toMatchObject({ status: "waiting", error: expect.stringMatching(/./) });
  expect((await get(id)).status).toBe(200);
  s3.isDown = false;
  clock.advance(5_000);
  await keeper.whenIdle();
  const { recording } = (await calls.findAnywhere(id)) as Call;
  expect(recording).toMatchObject({ status: "stored" });
  expect(recording).not.toHaveProperty("error");
  expect(await exists(livePath(dataDirectory, id, "wav"))).toBe(false);
  s3.isDown = true;
  expect((await get(id)).status).toBe(503);
  s3.isDown = false;
}, 30_000);

it("is taken up at the next start when the process died before it was stored", async () => {
  const { ended, keeper, calls } = await setUp("disk");
  const [whole, torn, nothing] = [silentWav(), silentWav().slice(0, 40_001), undefined];
  const ids = [
    await ended(whole),
    await ended(torn),
    await ended(nothing),
    await ended(nothing, { isConsentAsked: true }),
  ];
  await calls.append(ids[2] ?? "", journal([entry({ type: "recording-failed", message: "ENOSPC", atMs: 5 })]));
  await keeper.start({ isAlone: true });
  await keeper.whenIdle();
  const recordings = await Promise.all(ids.map(async (id) => (await calls.findAnywhere(id))?.recording));
  expect(recordings).toMatchObject([
    { status: "stored", durationMs: 1_000 },
    { status: "stored", durationMs: 624 },
    { status: "failed", error: "ENOSPC" },
    { status: "declined" },
  ]);
});

it("of earlier versions, which the call says nothing of, is found and expires", async () => {
  const { ended, get, dataDirectory, ...set } = await setUp("disk");
  const id = await ended(undefined);
  await opened.database.pool.query("update calls set recording = null where id = $1", [id]);
  await writeFile(recordingPath(dataDirectory, id), silentWav());
  expect((await get(id)).status).toBe(200);
  const later = new FakeWallClock("2126-03-04T05:06:07.000Z");
  expect(await expireRecordings({ ...set, dataDirectory, retentionDays: undefined, clock: later })).toBe(0);
  await writeFile(join(dataDirectory, "recordings", "notes.txt"), "");
  expect(await expireRecordings({ ...set, dataDirectory, retentionDays: 30, clock: later })).toBeGreaterThan(0);
  expect((await get(id)).status).toBe(404);
  expect(await readdir(join(dataDirectory, "recordings"))).toContain("notes.txt");
  expect(await readFile(join(dataDirectory, "recordings", "notes.txt"), "utf8")).toBe("");
});
