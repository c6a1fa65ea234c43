import type { LanguageModel } from "@earshot/engine";
import { FakeClock } from "@earshot/engine/testing";
import { describe, expect, it } from "vitest";
import type { FetchFunction } from "./fetch-function.ts";
import { type FindLanguageModelsOptions, findLanguageModels } from "./find-language-models.ts";
import { readFixture, VendorServer } from "./testing/vendor-server.ts";

const builtin: LanguageModel = { name: "builtin/receptionist", reply: async function* () {} };
const refused: FetchFunction = () => Promise.reject(new TypeError("fetch failed"));

function find(options: Partial<FindLanguageModelsOptions>) {
  return findLanguageModels({ env: {}, fetch: refused, clock: new FakeClock(), log: () => {}, builtin, ...options });
}

/** A network in which only these addresses answer. */
function network(answers: Readonly<Record<string, Response | (() => Response)>>): FetchFunction {
  return async (input) => {
    const answer = answers[String(input)];
    if (answer === undefined) throw new TypeError("fetch failed");
    return answer instanceof Response ? answer : answer();
  };
}

const listed =
  (...ids: string[]) =>
  () =>
    Response.json({ object: "list", data: ids.map((id) => ({ id, object: "model" })) });

describe("the order of what is found", () => {
  it("is the built-in one alone where there is nothing, and says what to set", async () => {
    const choice = await find({});
    expect(choice.models.map((model) => model.name)).toEqual(["builtin/receptionist"]);
    expect(choice.default.create()).toBe(builtin);
    expect(choice.explanation).toContain("no API key is set");
  });

  it("is endpoint, keys, running servers, files, built-in", async () => {
    const choice = await find({
      env: {
        EARSHOT_LLM_URL: "http://10.0.0.5:8000/v1/",
        EARSHOT_LLM_MODEL: "mixtral",
        OPENAI_API_KEY: "sk-1",
        ANTHROPIC_API_KEY: "sk-2",
        GROQ_API_KEY: "gsk-3",
      },
      fetch: network({
        "http://127.0.0.1:11434/v1/models": listed("nomic-embed-text:latest", "llama3.2:3b"),
        "http://127.0.0.1:8081/v1/models": listed("qwen.gguf"),
        "http://127.0.0.1:1234/v1/models": listed("gemma"),
      }),
      fromFiles: [{ name: "gguf/tiny", reason: "it lies in models/", create: () => builtin }],
    });
    expect(choice.models.map((model) => `${model.name} — ${model.reason}`)).toEqual([
      "endpoint/mixtral — EARSHOT_LLM_URL is set",
      "openai/gpt-6-luna — OPENAI_API_KEY is set",
      "anthropic/claude-haiku-5-5 — ANTHROPIC_API_KEY is set",
      "groq/openai/gpt-oss-20b — GROQ_API_KEY is set",
      "ollama/llama3.2:3b — Ollama is running at 127.0.0.1:11434",
      "llama.cpp/qwen.gguf — llama.cpp is running at 127.0.0.1:8081",
      "lm-studio/gemma — LM Studio is running at 127.0.0.1:1234",
      "gguf/tiny — it lies in models/",
      "builtin/receptionist — it needs nothing",
    ]);
    expect(choice.default.name).toBe("endpoint/mixtral");
    expect(choice.explanation).toBe("endpoint/mixtral: EARSHOT_LLM_URL is set.");
    for (const model of choice.models.slice(0, 7)) expect(model.create().name).toBe(model.name);
  });

  it("treats empty variables as absent", async () => {
    const choice = await find({ env: { OPENAI_API_KEY: " ", EARSHOT_LLM_URL: "" } });
    expect(choice.default.name).toBe("builtin/receptionist");
  });
});

describe("EARSHOT_LLM_MODEL", () => {
  const env = { OPENAI_API_KEY: "sk-1", GROQ_API_KEY: "gsk-3" };
  const fetch = network({ "http://127.0.0.1:11434/v1/models": listed("llama3.2:3b") });

  it.each([
    ["gpt-6.1-terra", "openai/gpt-6.1-terra"],
    ["groq/qwen/qwen3.6-27b", "groq/qwen/qwen3.6-27b"],
    ["ollama/llama3.2:3b", "ollama/llama3.2:3b"],
    ["llama3.2:3b", "ollama/llama3.2:3b"],
    ["builtin/receptionist", "builtin/receptionist"],
  ])("%s chooses %s", async (wanted, name) => {
    const choice = await find({ env: { ...env, EARSHOT_LLM_MODEL: wanted }, fetch });
    expect(choice.default.name).toBe(name);
    expect(choice.models[0]?.name).toBe(name);
    expect(choice.explanation).toContain("EARSHOT_LLM_MODEL names it");
  });

  it("that is not there is an error that lists what is", async () => {
    await expect(find({ env: { ...env, EARSHOT_LLM_MODEL: "ollama/phi" }, fetch })).rejects.toMatchObject({
      variable: "EARSHOT_LLM_MODEL",
      message: expect.stringContaining("ollama/llama3.2:3b"),
    });
  });
});

describe("EARSHOT_LLM_URL without a model", () => {
  it("asks a real server for its list, with the key, and takes the first that can chat", async () => {
    const server = new VendorServer();
    await server.listen();
    server.answerWith({ kind: "json", status: 200, body: readFixture("openai-models.json") });
    const env = { EARSHOT_LLM_URL: server.baseUrl, EARSHOT_LLM_KEY: "secret" };
    const choice = await find({ env, fetch, localServers: [] });
    await server.close();
    expect(choice.default.name).toBe("endpoint/llama3.2:3b");
    expect(server.requests[0]).toMatchObject({ path: "/v1/models", headers: { authorization: "Bearer secret" } });
  });

  it("adds the version where the URL has no path", async () => {
    const choice = await find({
      env: { EARSHOT_LLM_URL: "http://llm.local:9000" },
      fetch: network({ "http://llm.local:9000/v1/models": listed("a") }),
    });
    expect(choice.default.name).toBe("endpoint/a");
  });

  it.each([
    ["EARSHOT_LLM_URL", undefined],
    ["EARSHOT_LLM_KEY", () => new Response("no", { status: 401 })],
    ["EARSHOT_LLM_URL", () => new Response("no", { status: 404 })],
    ["EARSHOT_LLM_URL", () => new Response("<html>")],
    ["EARSHOT_LLM_MODEL", listed()],
  ])("blames %s when the list can't be had", async (variable, answer) => {
    const fetch = network(answer === undefined ? {} : { "http://llm.local/v1/models": answer });
    const found = find({ env: { EARSHOT_LLM_URL: "http://llm.local/v1" }, fetch });
    await expect(found).rejects.toMatchObject({ name: "LanguageModelConfigError", variable });
  });
});

describe("bad values", () => {
  it.each([
    [{ EARSHOT_LLM_URL: "localhost" }, "EARSHOT_LLM_URL"],
    [{ EARSHOT_LLM_URL: "ftp://llm.local" }, "EARSHOT_LLM_URL"],
    [{ EARSHOT_LLM_URL: "https://user:pass@llm.local/v1" }, "EARSHOT_LLM_URL"],
    [{ EARSHOT_LLM_KEY: "k" }, "EARSHOT_LLM_KEY"],
    [{ OPENAI_API_KEY: "sk-1\nsk-2" }, "OPENAI_API_KEY"],
    [{ OLLAMA_HOST: "http://" }, "OLLAMA_HOST"],
  ])("%j name the variable", async (env, variable) => {
    await expect(find({ env })).rejects.toMatchObject({ variable, message: expect.stringMatching(`^${variable}: `) });
  });

  it("never show a key", async () => {
    const error = await find({ env: { EARSHOT_LLM_KEY: "top secret" } }).catch((thrown: unknown) => thrown);
    expect(String(error)).not.toContain("top");
  });
});

describe("local servers", () => {
  it("are given up after 300 ms, all at once", async () => {
    const clock = new FakeClock();
    const silent: FetchFunction = (_input, init) =>
      new Promise((_resolve, reject) => init?.signal?.addEventListener("abort", () => reject(init.signal?.reason)));
    const found = find({ clock, fetch: silent });
    await clock.advance(300);
    expect((await found).default.name).toBe("builtin/receptionist");
  });

  it("are told apart from strangers on the same port, in the log", async () => {
    const lines: string[] = [];
    const fetch = network({ "http://127.0.0.1:8081/v1/models": () => new Response("no", { status: 404 }) });
    await find({ fetch, log: (line) => lines.push(line) });
    expect(lines).toEqual(["127.0.0.1:8081 is not used: it is no llama.cpp (HTTP 404 for its models)"]);
  });

  it.each([
    ["0.0.0.0", "http://127.0.0.1:11434/v1/models"],
    ["192.168.1.9:5000", "http://192.168.1.9:5000/v1/models"],
    ["https://ollama.lan", "https://ollama.lan/v1/models"],
  ])("are found where OLLAMA_HOST=%s says", async (host, address) => {
    const choice = await find({ env: { OLLAMA_HOST: host }, fetch: network({ [address]: listed("phi") }) });
    expect(choice.default.name).toBe("ollama/phi");
  });
});
