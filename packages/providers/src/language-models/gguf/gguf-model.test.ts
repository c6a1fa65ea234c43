import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FakeClock } from "@earshot/engine/testing";
import { describeLanguageModel } from "@earshot/engine/testing/contracts/language-model-contract";
import { afterAll, describe, expect, it } from "vitest";
import { writeTinyGguf } from "../testing/tiny-gguf.ts";
import { ggufModel } from "./gguf-model.ts";
import { ggufModels } from "./gguf-models.ts";
import { toChatHistory } from "./to-chat-history.ts";

const folder = mkdtempSync(join(tmpdir(), "earshot-gguf-"));
afterAll(() => rmSync(folder, { recursive: true }));
const path = join(folder, "tiny.gguf");
writeTinyGguf(path);

describeLanguageModel("A GGUF file", () => {
  const model = ggufModel({ path, threads: 1, clock: new FakeClock() });
  return { model, close: () => model.close() };
});

describe("ggufModel", () => {
  it("is named after its file", () => {
    expect(ggufModel({ path, clock: new FakeClock() }).name).toBe("gguf/tiny");
  });

  it.each([
    ["is not there", "missing.gguf", undefined],
    ["is empty", "empty.gguf", ""],
    ["holds something else", "page.gguf", "<html>Not found</html> and more"],
    ["is damaged", "broken.gguf", "GGUF\u0003\0\0\0nonsense nonsense"],
    ["ends too early", "half.gguf", readFileSync(path).subarray(0, 9000)],
  ])("says so when the file %s", async (_what, name, content) => {
    const file = join(folder, name);
    if (content !== undefined) writeFileSync(file, content);
    const model = ggufModel({ path: file, threads: 1, clock: new FakeClock() });
    const request = { system: "", messages: [], tools: [] };
    const reading = (async () => {
      for await (const _part of model.reply(request, new AbortController().signal)) break;
    })();
    await expect(reading).rejects.toMatchObject({ kind: "bad-request", message: expect.stringContaining(file) });
    await model.close();
  });
});

describe("ggufModels", () => {
  it("lists the usable files, without loading them", () => {
    const file = { name: "local/tiny", kind: "language-model", family: "gguf", path, files: {} } as const;
    const found = ggufModels(
      [file, { ...file, problem: "it ends too early" }, { ...file, kind: "speech-to-text", family: "whisper" }],
      new FakeClock(),
    );
    expect(found.map(({ name, create }) => [name, create().name])).toEqual([["gguf/tiny", "gguf/tiny"]]);
  });
});

describe("toChatHistory", () => {
  it("keeps a tool's call and result in the answer that goes on", () => {
    const history = toChatHistory({
      system: "Be nice.",
      tools: [],
      messages: [
        { role: "caller", text: "A table." },
        { role: "agent", text: "One moment.", toolCalls: [{ id: "c", name: "book", arguments: '{"people":4}' }] },
        { role: "tool", toolCallId: "c", name: "book", outcome: "succeeded", result: "table 7" },
      ],
    });
    expect(history).toEqual([
      { type: "system", text: "Be nice." },
      { type: "user", text: "A table." },
      {
        type: "model",
        response: ["One moment.", { type: "functionCall", name: "book", params: { people: 4 }, result: "table 7" }],
      },
    ]);
  });
});
