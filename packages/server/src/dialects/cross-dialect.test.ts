/** One agent, whoever made it: every API that is mounted reads, calls and changes the same. */
import { END_CALL_TOOL } from "@earshot/engine";
import { expect, test } from "vitest";
import { createApp } from "../api/create-app.ts";
import { TEST_KEY, testDeps } from "../api/testing/test-deps.ts";
import { chooseAgent } from "../calls/choose-agent.ts";
import { fromUuid, toUuid, withPrefix } from "../new-id.ts";
import { describeOnEachDatabase } from "../storage/testing/each-database.ts";
import { DEFAULT_WORKSPACE_ID } from "../workspaces/workspace.ts";
import { mountDialects } from "./mount-dialects.ts";

type Json = Readonly<Record<string, unknown>>;
type Basics = { readonly name: string; readonly prompt: string; readonly greeting: string };
/** What an API says of an agent; absent: what it has no words for. */
type View = Basics & {
  readonly language: string;
  readonly voice: string;
  readonly tools?: readonly unknown[];
  readonly maxDurationMs?: number;
  readonly maxSilenceMs?: number;
};

/** @param now what the API says of the agent before the change */
type Change = (basics: Basics, now: Json) => unknown;

type Surface = {
  readonly name: string;
  readonly list: string;
  readonly create: { readonly path: string; readonly body: (basics: Basics) => unknown };
  readonly patch: { readonly path: (id: string) => string; readonly body: Change };
  readonly read: (id: string) => string;
  /** The API's spelling of our id, and back. */
  readonly toId: (id: string) => string;
  readonly fromId: (id: string) => string;
  readonly idIn: (answer: Json) => unknown;
  readonly view: (answer: Json) => View;
};

const FIRST: Basics = { name: "Desk", prompt: "You answer for Acme. Ask {{who}}.", greeting: "Hello, Acme." };
const SECOND: Basics = { name: "Night desk", prompt: "You answer at night.", greeting: "Good evening." };
const JSON_BODY = { "Content-Type": "application/json" };
const VOICE = "flite:slt";
const TOOL = { name: "look_up", description: "Looks something up.", parameters: { type: "object", properties: {} } };
const TOOL_URL = "https://tools.example.com/look-up";
const isSame = (id: string) => id;
const fromUuidId = (id: string) => fromUuid("agt", id) ?? "";
const toUuidId = (id: string) => toUuid(id) ?? "";
const primary = (language: unknown) => String(language).split("-", 1)[0] ?? "";
const at = (value: unknown, ...path: readonly (string | number)[]): unknown =>
  path.reduce<unknown>((inner, name) => (inner as Readonly<Record<string, unknown>> | undefined)?.[name], value);
/** Of tools with a name of their own; some APIs don't list the one that hangs up. */
const namesOf = (tools: unknown, ...path: readonly string[]) =>
  ((tools ?? []) as readonly Json[])
    .map((tool) => at(tool, ...path))
    .filter((name) => name !== undefined && name !== END_CALL_TOOL)
    .toSorted();

const EARSHOT: Surface = {
  name: "Earshot",
  list: "/v1/agents",
  create: {
    path: "/v1/agents",
    body: ({ name, prompt, greeting }) => ({
      name,
      prompt,
      greeting: { mode: "static", text: greeting },
      voice: { id: VOICE },
      tools: [{ ...TOOL, kind: "webhook", url: TOOL_URL }],
      maxDurationMs: 900_000,
      silence: { hangUpAfterMs: 40_000 },
    }),
  },
  patch: {
    path: (id) => `/v1/agents/${id}`,
    body: ({ name, prompt, greeting }) => ({ name, prompt, greeting: { mode: "static", text: greeting } }),
  },
  read: (id) => `/v1/agents/${id}`,
  toId: isSame,
  fromId: isSame,
  idIn: ({ id }) => id,
  view: (agent) => {
    const maxSilenceMs = at(agent, "silence", "hangUpAfterMs");
    return {
      name: String(agent["name"]),
      prompt: String(agent["prompt"]),
      greeting: String(at(agent, "greeting", "text")),
      language: primary(agent["language"]),
      voice: String(at(agent, "voice", "id")),
      tools: namesOf(agent["tools"], "name"),
      maxDurationMs: Number(agent["maxDurationMs"]),
      ...(typeof maxSilenceMs === "number" ? { maxSilenceMs } : {}),
    };
  },
};

const AGENTPHONE: Surface = {
  name: "AgentPhone",
  list: "/agentphone/v1/agents",
  create: {
    path: "/agentphone/v1/agents",
    body: ({ name, prompt, greeting }) => ({
      name,
      voiceMode: "hosted",
      systemPrompt: prompt,
      beginMessage: greeting,
      voice: VOICE,
      language: "en-US",
      customTools: [{ ...TOOL, url: TOOL_URL }],
      maxSilenceMs: 30_000,
    }),
  },
  patch: {
    path: (id) => `/agentphone/v1/agents/${id}`,
    body: ({ name, prompt, greeting }) => ({ name, systemPrompt: prompt, beginMessage: greeting }),
  },
  read: (id) => `/agentphone/v1/agents/${id}`,
  toId: isSame,
  fromId: isSame,
  idIn: ({ id }) => id,
  view: (agent) => ({
    name: String(agent["name"]),
    prompt: String(agent["systemPrompt"]),
    greeting: String(agent["beginMessage"]),
    language: primary(agent["language"]),
    voice: String(agent["voice"]),
    tools: namesOf(agent["customTools"], "name"),
    maxSilenceMs: Number(agent["maxSilenceMs"]),
  }),
};

const WORDCAB: Surface = {
  name: "Wordcab",
  list: "/wordcab/v1/agents",
  create: {
    path: "/wordcab/v1/agents",
    body: ({ name, prompt, greeting }) => ({
      name,
      system_prompt: prompt,
      first_message: greeting,
      voice_id: VOICE,
      language: "en",
      tools: [{ type: "function", function: TOOL }],
      tool_url: TOOL_URL,
    }),
  },
  patch: {
    path: (id) => `/wordcab/v1/agents/${id}`,
    body: ({ name, prompt, greeting }) => ({ name, system_prompt: prompt, first_message: greeting }),
  },
  read: (id) => `/wordcab/v1/agents/${id}`,
  toId: (id) => withPrefix("agent", id),
  fromId: (id) => withPrefix("agt", id),
  idIn: ({ id }) => id,
  view: (agent) => ({
    name: String(agent["name"]),
    prompt: String(agent["system_prompt"]),
    greeting: String(agent["first_message"]),
    language: primary(agent["language"]),
    voice: String(agent["voice_id"]),
    tools: namesOf(agent["tools"], "function", "name"),
  }),
};

const HMS: Surface = {
  name: "HMS",
  list: "/hms/api/v1/agents",
  create: {
    path: "/hms/api/v1/agents",
    body: ({ name, prompt, greeting }) => ({
      name,
      first_message: greeting,
      max_duration_seconds: 300,
      silence_timeout_seconds: 20,
      stt_config: { provider: "deepgram", model: "nova-3", language: "en" },
      llm_config: {
        provider: "openai",
        model: "gpt-4o-mini",
        messages: [{ role: "system", content: prompt }],
        tools: [{ ...TOOL, url: TOOL_URL }],
      },
      tts_config: { provider: "local", voice_id: VOICE },
    }),
  },
  patch: {
    path: (id) => `/hms/api/v1/agents/${id}`,
    // A block is replaced as a whole: a client sends it back with what it changed.
    body: ({ name, prompt, greeting }, { agent }) => ({
      name,
      first_message: greeting,
      llm_config: {
        ...(at(agent, "llm_config") as Json),
        messages: [{ role: "system", content: prompt }],
      },
    }),
  },
  read: (id) => `/hms/api/v1/agents/${id}`,
  toId: toUuidId,
  fromId: fromUuidId,
  idIn: (answer) => at(answer, "agent", "id"),
  view: ({ agent }) => ({
    name: String(at(agent, "name")),
    prompt: String(at(agent, "llm_config", "messages", 0, "content")),
    greeting: String(at(agent, "first_message")),
    language: primary(at(agent, "stt_config", "language")),
    voice: String(at(agent, "tts_config", "voice_id")),
    tools: namesOf(at(agent, "llm_config", "tools"), "name"),
    maxDurationMs: Number(at(agent, "max_duration_seconds")) * 1000,
  }),
};

const VOICY: Surface = {
  name: "Voicy",
  list: "/voicy/v1/list-agents",
  create: {
    path: "/voicy/functions/v1/agent-create",
    body: ({ name, prompt, greeting }) => ({ name, prompt, welcome_message: greeting, voice: VOICE, language: "en" }),
  },
  patch: {
    path: (id) => `/voicy/functions/v1/agent-modify/${id}`,
    body: ({ name, prompt, greeting }) => ({ name, prompt, welcome_message: greeting }),
  },
  read: (id) => `/voicy/v1/get-agent/${id}`,
  toId: toUuidId,
  fromId: fromUuidId,
  idIn: ({ agent_id }) => agent_id,
  view: (agent) => ({
    name: String(agent["agent_name"]),
    prompt: String(agent["agent_prompt"]),
    greeting: String(agent["begin_message"]),
    language: primary(agent["language"]),
    voice: String(agent["voice_id"]),
  }),
};

const ALL = [EARSHOT, AGENTPHONE, WORDCAB, HMS, VOICY];

describeOnEachDatabase("An agent", (database) => {
  const setUp = async () => {
    const deps = testDeps(database(), { knows: { voice: () => true, model: () => true, realtime: () => true } });
    const app = createApp(deps, mountDialects);
    const send = async (method: string, path: string, body?: unknown) => {
      const response = await app.request(path, {
        method,
        headers: { Authorization: `Bearer ${TEST_KEY}`, ...(body === undefined ? {} : JSON_BODY) },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      expect(response.status, `${method} ${path} ${text}`).toBeLessThan(300);
      return JSON.parse(text) as Json;
    };
    // What isn't mounted isn't there, whoever asks; the others ask for a key first.
    const isMounted = await Promise.all(ALL.map(async ({ list }) => (await app.request(list)).status === 401));
    const surfaces = ALL.filter((_, index) => isMounted[index]);
    expect(surfaces).toEqual(expect.arrayContaining([EARSHOT, VOICY]));
    const view = async (surface: Surface, id: string) =>
      surface.view(await send("GET", surface.read(surface.toId(id))));
    const make = async (maker: Surface) => {
      const id = maker.fromId(String(maker.idIn(await send("POST", maker.create.path, maker.create.body(FIRST)))));
      expect(id, maker.name).toMatch(/^agt_/);
      return id;
    };
    return { deps, send, surfaces, view, make };
  };

  test("that any API made is the same in all of them", async () => {
    const { surfaces, view, make } = await setUp();
    for (const maker of surfaces) {
      const id = await make(maker);
      const truth = await view(EARSHOT, id);
      expect(truth, maker.name).toMatchObject({ ...FIRST, language: "en", voice: VOICE });
      for (const reader of surfaces)
        expectSame(await view(reader, id), truth, `made by ${maker.name}, read by ${reader.name}`);
    }
  });

  test("that any API made takes calls: from a browser and, once deployed, by phone", async () => {
    const { deps, send, surfaces, make } = await setUp();
    for (const maker of surfaces) {
      const id = await make(maker);
      const call = await send("POST", "/v1/calls", { agentId: id, variables: { who: "Ada" } });
      expect(call, maker.name).toMatchObject({ agentId: id, agentName: FIRST.name, status: "created" });
      await send("POST", `/v1/agents/${id}/deploy`, {});
      const answering = await chooseAgent(deps.agents, DEFAULT_WORKSPACE_ID, { agentId: id }, "deployed");
      expect(answering, maker.name).toMatchObject({ agentId: id, settings: { prompt: FIRST.prompt }, isOwn: false });
      expect(answering.agentVersion, maker.name).toBeGreaterThan(0);
    }
  });

  test("that any API changes has changed in all of them, and in nothing else", async () => {
    const { send, surfaces, view, make } = await setUp();
    for (const maker of surfaces)
      for (const changer of surfaces) {
        const what = `made by ${maker.name}, changed by ${changer.name}`;
        const id = await make(maker);
        const kept = { temperature: 0.3, metadata: { team: "blue" }, keyterms: ["Acme"], endMessage: "Bye." };
        await send("PATCH", `/v1/agents/${id}`, kept);
        const before = await view(EARSHOT, id);
        const now = await send("GET", changer.read(changer.toId(id)));
        await send("PATCH", changer.patch.path(changer.toId(id)), changer.patch.body(SECOND, now));
        const truth = await view(EARSHOT, id);
        expect(truth, what).toEqual({ ...before, ...SECOND });
        expect(await send("GET", `/v1/agents/${id}`), what).toMatchObject(kept);
        for (const reader of surfaces) expectSame(await view(reader, id), truth, `${what}, read by ${reader.name}`);
      }
  });
});

/** What both have words for. */
function expectSame(view: View, truth: View, what: string): void {
  const shared = Object.entries(view).filter(([name]) => name in truth);
  expect(Object.fromEntries(shared), what).toEqual(
    Object.fromEntries(shared.map(([name]) => [name, truth[name as keyof View]])),
  );
}
