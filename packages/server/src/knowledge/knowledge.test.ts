import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Embedder } from "@earshot/engine";
import { expect, test } from "vitest";
import { testDeps } from "../api/testing/test-deps.ts";
import { describeOnEachDatabase } from "../storage/testing/each-database.ts";
import { addDocument, addFile } from "./add-document.ts";
import { lookUp } from "./look-up.ts";
import { deleteDocument, listDocuments, readDocument } from "./read-document.ts";
import { refreshDocument } from "./refresh-document.ts";
import { searchKnowledge } from "./search-knowledge.ts";

const HOUSE = `# Opening hours
We are open from nine to five on weekdays. On Saturdays we close at noon.

# Parking
Cars can be left behind the house.

# Payment
We take cash and cards. Cheques are not accepted.`;

/** Two directions: what is about money, and what is not. */
const moneyEmbedder: Embedder = {
  name: "test/money",
  dimensions: 2,
  embed: async (texts) => texts.map((text) => Float32Array.from(/cash|money|euros/i.test(text) ? [1, 0] : [0, 1])),
};

describeOnEachDatabase("a knowledge base", (database) => {
  const setUp = async (options: { workspaceId: string; language?: string; embedder?: Embedder }) => {
    const { workspaceId, language = "en-US", embedder } = options;
    const { knowledge } = testDeps(database(), embedder === undefined ? {} : { embedder });
    const base = await knowledge.bases.create(workspaceId, knowledge.bases.parse({ name: "House", language }));
    const search = async (query: string, limit = 2) =>
      (await searchKnowledge(knowledge, workspaceId, { baseIds: [base.id], query, limit })).map(({ text }) => text);
    const add = (text: string, name = "House rules") =>
      addDocument(knowledge, workspaceId, { baseId: base.id, name, text, metadata: {} });
    return { knowledge, baseId: base.id, search, add, workspaceId };
  };

  test("finds the passage that a question asks for, by its words", async () => {
    const { knowledge, search, add } = await setUp({ workspaceId: "ws_words" });
    const { id } = await add(HOUSE);
    expect(await readDocument(knowledge.store, "ws_words", id)).toMatchObject({
      ...{ status: "ready", progress: 1, chunks: 3, search: "words", source: "text" },
      characters: HOUSE.length,
    });
    expect((await search("When do you open on Saturdays?"))[0]).toContain("close at noon");
    expect((await search("where can I park my car"))[0]).toContain("behind the house");
    expect(await search("elephants")).toEqual([]);
  });

  test("finds by meaning too what has no word in common with the question", async () => {
    const { search, add, knowledge } = await setUp({ workspaceId: "ws_meaning", embedder: moneyEmbedder });
    const { id } = await add(HOUSE);
    expect(await readDocument(knowledge.store, "ws_meaning", id)).toMatchObject({ search: "words-and-meaning" });
    expect((await search("Will you have my euros?", 1))[0]).toContain("cash and cards");
    await deleteDocument(knowledge.store, "ws_meaning", id);
    expect(await search("Will you have my euros?", 1)).toEqual([]);
  });

  test("in another language than English is searched by that language's stems alone", async () => {
    const german = await setUp({ workspaceId: "ws_german", language: "de-DE", embedder: moneyEmbedder });
    await german.add("Die Häuser stehen am Fluss.\n\n# Preise\nEine Reinigung kostet achtzig Euro.");
    expect((await german.search("Was kosten Reinigungen?", 1))[0]).toContain("achtzig");
  });

  test("is out of reach of other workspaces, and gone when deleted", async () => {
    const { knowledge, baseId, add } = await setUp({ workspaceId: "ws_mine" });
    const { id } = await add(HOUSE);
    const others = { baseIds: [baseId], query: "parking", limit: 3 };
    expect(await searchKnowledge(knowledge, "ws_other", others)).toEqual([]);
    await expect(readDocument(knowledge.store, "ws_other", id)).rejects.toMatchObject({ code: "not_found" });
    const input = { baseId, name: "N", text: "T", metadata: {} };
    await expect(addDocument(knowledge, "ws_other", input)).rejects.toMatchObject({ code: "not_found" });
    await knowledge.bases.delete("ws_mine", baseId);
    await knowledge.store.removeBase("ws_mine", baseId);
    expect((await listDocuments(knowledge.store, "ws_mine", { limit: 10 })).data).toEqual([]);
  });

  test("takes files of text, Markdown and HTML, and says of others that it can't", async () => {
    const { knowledge, baseId, search } = await setUp({ workspaceId: "ws_files" });
    const bytes = Buffer.from(
      "<title>Menu</title><nav>Home</nav><h2>Lunch</h2><p>Soup is four euros.<script>x()</script>",
    );
    const page = await addFile(knowledge, "ws_files", { baseId, bytes, mediaType: "text/html; charset=utf-8" });
    expect(page).toMatchObject({ name: "Menu", source: "file" });
    expect(await search("soup")).toEqual(["Soup is four euros."]);
    await expect(
      addFile(knowledge, "ws_files", { baseId, name: "P", bytes, mediaType: "image/png" }),
    ).rejects.toMatchObject({ code: "unsupported_media_type" });
    const broken = { baseId, name: "P", bytes: Uint8Array.of(0xff, 0xfe, 0xfd), mediaType: "text/plain" };
    await expect(addFile(knowledge, "ws_files", broken)).rejects.toMatchObject({ code: "invalid_request" });
  });

  test("fetches a page once, and again when it is refreshed", async () => {
    const { knowledge, baseId, search } = await setUp({ workspaceId: "ws_pages" });
    const page = { body: "<title>Prices</title><p>A cut is twenty euros.</p>", status: 200 };
    const server = createServer((_, response) => {
      response.writeHead(page.status, { "Content-Type": "text/html" }).end(page.body);
    }).listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const { id } = await addDocument(knowledge, "ws_pages", { baseId, url, metadata: {} });
    expect(await readDocument(knowledge.store, "ws_pages", id)).toMatchObject({ name: "Prices", status: "ready", url });
    page.body = "<p>A cut is thirty euros.</p>";
    await refreshDocument(knowledge, "ws_pages", id);
    expect(await search("cut")).toEqual(["A cut is thirty euros."]);
    page.status = 500;
    expect(await refreshDocument(knowledge, "ws_pages", id)).toMatchObject({
      ...{ status: "failed", problem: "url: can't be fetched: it answered with status 500" },
    });
    expect(await search("cut")).toEqual(["A cut is thirty euros."]);
    server.close();
  });

  test("reads nothing from the network that the server stands in", async () => {
    const { knowledge, baseId } = await setUp({ workspaceId: "ws_guard" });
    const url = "http://169.254.169.254/latest/meta-data";
    await expect(addDocument(knowledge, "ws_guard", { baseId, url, metadata: {} })).rejects.toMatchObject({
      code: "invalid_request",
    });
  });

  test("tells an agent where each passage stands", async () => {
    const { knowledge, baseId, add, workspaceId } = await setUp({ workspaceId: "ws_cite" });
    const { id } = await add(HOUSE);
    const { result } = await lookUp(knowledge, { workspaceId, baseIds: [baseId, "kb_gone"], query: "cheques?" });
    expect(JSON.parse(result)).toMatchObject({
      passages: [{ document: "House rules", documentId: id, chunkId: `${id}-2`, heading: "Payment" }],
    });
  });
});
