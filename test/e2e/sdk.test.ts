import { ConflictError, Earshot, InvalidRequestError, NotFoundError } from "@earshot/sdk";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RunningServer, startServer } from "./running-server.ts";

let server: RunningServer;
let earshot: Earshot;
beforeAll(async () => {
  server = await startServer();
  earshot = new Earshot({ baseUrl: server.url, apiKey: server.apiKey });
});
afterAll(() => server?.stop());

describe("the SDK against the product", () => {
  it("creates, reads, changes and deletes", async () => {
    const agent = await earshot.agents.create({ name: "Ann" });
    expect(await earshot.agents.get(agent.id)).toEqual(agent);
    const changed = await earshot.agents.update(agent.id, { prompt: "Be brief." });
    expect(changed).toMatchObject({ name: "Ann", prompt: "Be brief." });
    await earshot.agents.delete(agent.id);
    await expect(earshot.agents.get(agent.id)).rejects.toBeInstanceOf(NotFoundError);
  });

  it("iterates over all pages, once each", async () => {
    const made: string[] = [];
    for (let i = 0; i < 5; i++) made.push((await earshot.agents.create({ name: "Paged" })).id);
    const seen: string[] = [];
    for await (const { id } of earshot.agents.list({ name: "Paged", limit: 2 })) seen.push(id);
    expect(seen).toEqual(made.toReversed());
  });

  it("writes once, however often it sends the same key", async () => {
    const idempotencyKey = `key-${crypto.randomUUID()}`;
    const create = (name: string) => earshot.agents.create({ name }, { idempotencyKey });
    const first = await create("Once");
    expect(await create("Once")).toEqual(first);
    await expect(create("Twice")).rejects.toMatchObject({ name: "ConflictError", code: "idempotency_key_reused" });
  });

  it("writes once when the answer to the first try is lost", async () => {
    let isLost = false;
    const unlucky = new Earshot({
      baseUrl: server.url,
      apiKey: server.apiKey,
      fetch: async (input, init) => {
        const response = await fetch(input, init);
        if (isLost) return response;
        isLost = true;
        throw new TypeError("the connection broke");
      },
    });
    const { id } = await unlucky.agents.create({ name: "Lost and found" });
    const all: string[] = [];
    for await (const agent of earshot.agents.list({ name: "Lost and found" })) all.push(agent.id);
    expect(all).toEqual([id]);
  });

  it("changes only the very agent that was read, where asked to", async () => {
    const read = await earshot.agents.create({ name: "Contended" });
    await earshot.agents.update(read.id, { prompt: "First." }, { ifMatch: read });
    const late = earshot.agents.update(read.id, { prompt: "Late." }, { ifMatch: read });
    await expect(late).rejects.toBeInstanceOf(ConflictError);
    expect((await earshot.agents.get(read.id)).prompt).toBe("First.");
  });

  it("deploys, compares and rolls back versions", async () => {
    const { id } = await earshot.agents.create({ name: "Versioned", prompt: "One." });
    expect(await earshot.agents.deploy(id, { note: "the first" })).toMatchObject({ version: 1, isDeployed: true });
    await earshot.agents.update(id, { prompt: "Two." });
    expect((await earshot.agents.versions(id)).data).toMatchObject([{ version: 1, note: "the first" }]);
    expect((await earshot.agents.version(id, 1)).prompt).toBe("One.");
    expect(JSON.stringify(await earshot.agents.compareVersions(id, { from: 1 }))).toContain("Two.");
    expect(await earshot.agents.rollBack(id, 1)).toMatchObject({ prompt: "One." });
  });

  it("names each wrong field and the request", async () => {
    const error = await earshot.agents.create({ name: "", voice: { speed: 9 } }).catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(InvalidRequestError);
    expect((error as InvalidRequestError).errors.map(({ path }) => path)).toEqual(["name", "voice.speed"]);
    expect((error as InvalidRequestError).requestId).toMatch(/./);
  });

  it("acts in a workspace below the key's own, and sees nothing of another one's", async () => {
    const { id: workspaceId } = await earshot.workspaces.create({ name: "Child" });
    const child = new Earshot({ baseUrl: server.url, apiKey: server.apiKey, workspaceId });
    const { id } = await child.agents.create({ name: "In the child" });
    expect((await earshot.agents.get(id, { workspaceId })).name).toBe("In the child");
    await expect(earshot.agents.get(id)).rejects.toBeInstanceOf(NotFoundError);
  });

  it("speaks and writes down", async () => {
    const wav = await earshot.speech.create({ text: "Good morning." });
    expect((await earshot.transcriptions.create(wav)).text.toLowerCase()).toContain("good morning");
  });
});
