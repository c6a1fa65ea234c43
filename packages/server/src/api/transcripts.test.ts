import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { AppError } from "../app-error.ts";
import type { AppDeps } from "../http/app-deps.ts";
import { describeOnEachDatabase } from "../storage/testing/each-database.ts";
import { createApp } from "./create-app.ts";
import { TEST_KEY, testDeps } from "./testing/test-deps.ts";
import { twoWorkspaces } from "./testing/two-workspaces.ts";

async function serving<Result>(status: number, body: string, run: (url: string) => Promise<Result>): Promise<Result> {
  const server = createServer((_, response) => response.writeHead(status).end(body)).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  try {
    return await run(`http://127.0.0.1:${(server.address() as AddressInfo).port}/a.wav`);
  } finally {
    server.close();
  }
}

describeOnEachDatabase("transcripts of the API", (database) => {
  const upload = (overrides: Partial<AppDeps> = {}) =>
    createApp(testDeps(database(), overrides)).request("/v1/transcripts", {
      method: "POST",
      headers: { Authorization: `Bearer ${TEST_KEY}`, "Content-Type": "audio/wav" },
      body: "RIFF",
    });

  test("are made of uploads, and kept", async () => {
    const created = await upload();
    expect(created.status).toBe(201);
    const transcript = (await created.json()) as { id: string };
    expect(transcript).toMatchObject({ status: "completed", text: "4 bytes", utterances: [{ speaker: "1" }] });
    const { theirs } = await twoWorkspaces(testDeps(database()));
    expect((await theirs("GET", `/v1/transcripts/${transcript.id}`)).status).toBe(404);
    expect((await theirs("DELETE", `/v1/transcripts/${transcript.id}`)).status).toBe(404);
    expect((await theirs("GET", "/v1/transcripts")).body).toEqual({ data: [] });
  });

  test("say so when the model failed, and aren't made of what is no audio", async () => {
    const failing = (code: "model_failed" | "unreadable_audio"): Partial<AppDeps> => ({
      speech: {
        say: () => Promise.reject(new Error("unused")),
        transcribe: () => Promise.reject(new AppError(code, "no luck")),
      },
    });
    const failed = await upload(failing("model_failed"));
    expect(await failed.json()).toMatchObject({ status: "failed", error: "no luck" });
    expect((await upload(failing("unreadable_audio"))).status).toBe(422);
  });

  test("are made of what is at a URL, and warn of what has no effect", async () => {
    const { mine } = await twoWorkspaces(testDeps(database()));
    const created = await serving(200, "RIFFRIFF", (audioUrl) =>
      mine("POST", "/v1/transcripts", { audioUrl, isDiarized: true, language: "de" }),
    );
    expect(created).toMatchObject({ status: 201, body: { status: "completed", text: "8 bytes" } });
    const fields = (created.body["warnings"] as { field: string }[]).map(({ field }) => field);
    expect(fields).toEqual(["language", "isDiarized"]);
    expect((await mine("GET", "/v1/transcripts")).body).toEqual({ data: [created.body] });
    expect((await mine("DELETE", `/v1/transcripts/${created.body.id}`)).status).toBe(204);
  });

  test("aren't made of URLs that can't or mustn't be fetched", async () => {
    const { mine } = await twoWorkspaces(testDeps(database()));
    const refused = { status: 400, body: { code: "invalid_request", errors: [{ path: "audioUrl" }] } };
    const create = (audioUrl: string | undefined) => mine("POST", "/v1/transcripts", { audioUrl });
    expect(await create("http://10.0.0.1/a.wav")).toMatchObject(refused);
    expect(await create("http://127.0.0.1:1/a.wav")).toMatchObject(refused);
    expect(await serving(404, "", create)).toMatchObject(refused);
    expect(await serving(302, "", create)).toMatchObject(refused);
    expect(await create(undefined)).toMatchObject(refused);
    expect(await create("file:///etc/passwd")).toMatchObject(refused);
    expect((await mine("GET", "/v1/transcripts")).body).toEqual({ data: [] });
  });
});
