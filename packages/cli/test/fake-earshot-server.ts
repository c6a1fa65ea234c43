/** The HTTP API and the audio connection as the CLI meets them, with an agent that answers every sound with a tone. */
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { ENGINE_RATE_HZ, encodeWav, parseWav } from "@earshot/engine";
import { WebSocketServer } from "ws";
import { FakeAgent, type FakeAgentOptions, NEW_CALL } from "./fake-agent.ts";
import { NOUN_ANSWERS } from "./noun-answers.ts";

export type FakeEarshotServer = {
  readonly url: string;
  /** Bodies of POST and PATCH requests, by path. */
  readonly posted: Map<string, unknown>;
  /** Paths of DELETE requests, with their query. */
  readonly deleted: string[];
  readonly agents: FakeAgent[];
  close(): Promise<void>;
};

const AGENT = {
  id: "agt_1",
  name: "Front desk",
  version: 2,
  isDeployed: true,
  voice: { id: "flite:slt", speed: 1 },
  language: "en-US",
  greeting: { mode: "static", text: "Hello." },
};

export async function startFakeServer(
  options: FakeAgentOptions & { apiKey?: string } = {},
): Promise<FakeEarshotServer> {
  const posted = new Map<string, unknown>();
  const deleted: string[] = [];
  const agents: FakeAgent[] = [];
  const note = (method: string | undefined, path: string, input: unknown) => {
    if (method === "DELETE") deleted.push(path);
    if (method === "POST" || method === "PATCH") posted.set(path.replace(/\?.*$/, ""), input);
  };
  let pace: "real" | "fast" = "real";
  const server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "", "http://fake");
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    if (options.apiKey !== undefined && request.headers.authorization !== `Bearer ${options.apiKey}`) {
      sendJson(response, 401, { code: "unauthorized", detail: "No." });
      return;
    }
    const isJson = request.headers["content-type"] === "application/json";
    const input = isJson ? (JSON.parse(body.toString()) as Record<string, unknown>) : body;
    note(request.method, request.url ?? "", input);
    if (pathname === "/v1/calls" && "pace" in input) pace = input["pace"] === "fast" ? "fast" : "real";
    const asked = answerAsAsked(`${request.method} ${pathname}`, searchParams, input);
    if (asked !== undefined) {
      sendJson(response, 200, asked);
      return;
    }
    const audioUrl = `${serverUrl().replace("http", "ws")}/v1/calls/call_1/audio`;
    answer(`${request.method} ${pathname}`, response, agents.at(-1), audioUrl);
  });
  const sockets = new WebSocketServer({ server });
  sockets.on("connection", (socket) => agents.push(new FakeAgent(socket, pace, options)));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const serverUrl = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: serverUrl(),
    posted,
    deleted,
    agents,
    close: () =>
      new Promise((resolve) => {
        for (const agent of agents) agent.close();
        for (const client of sockets.clients) client.terminate();
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

/** Answers that depend on what was asked for. */
function answerAsAsked(route: string, query: URLSearchParams, input: object): object | undefined {
  if (route === "GET /v1/agents") return pageOfAgents(query);
  return route === "POST /v1/calls" && "to" in input ? placedCall(input.to) : undefined;
}

/** Numbers that end in 9 can't be reached. */
function placedCall(to: unknown): object {
  const call = { id: "call_7", direction: "outbound", toNumber: to };
  if (!String(to).endsWith("9")) return { ...call, status: "active" };
  return { ...call, status: "ended", endReason: "no-carrier", error: "no carrier is connected" };
}

function pageOfAgents(query: URLSearchParams): object {
  const all = [AGENT, { ...AGENT, id: "agt_2", name: "Night desk" }];
  const from = Number(query.get("cursor") ?? 0);
  const to = from + Number(query.get("limit") ?? 20);
  const data = all.slice(from, to).filter(({ name }) => name === (query.get("name") ?? name));
  return to < all.length ? { data, nextCursor: String(to) } : { data };
}

const AUDIO_PATHS = ["GET /v1/calls/call_1/recording", "POST /v1/speech"];

function answer(route: string, response: ServerResponse, agent: FakeAgent | undefined, audioUrl: string): void {
  if (AUDIO_PATHS.includes(route)) {
    const wav = encodeWav({ samples: new Int16Array(8000).fill(5), sampleRateHz: ENGINE_RATE_HZ });
    response.writeHead(200, { "content-type": "audio/wav" }).end(wav);
    return;
  }
  const call = agent?.toCall() ?? NEW_CALL;
  const answers: Record<string, object> = {
    ...NOUN_ANSWERS,
    "POST /v1/agents": { ...AGENT, id: "agt_3" },
    "GET /v1/agents/agt_2": { ...AGENT, id: "agt_2", name: "Night desk" },
    "PATCH /v1/agents/agt_2": { ...AGENT, id: "agt_2" },
    "POST /v1/agents/agt_2/deploy": { ...AGENT, name: "Night desk", version: 3 },
    "POST /v1/agents/agt_2/rollback": AGENT,
    "GET /v1/agents/agt_2/versions": { data: [{ version: 2, revision: 5, deployedAt: "2026-01-02", note: "kinder" }] },
    "GET /v1/agents/agt_2/versions/2/diff": { data: [] },
    "GET /v1/workspaces": { data: [{ id: "ws_1", name: "Child", parentId: "ws_default", createdAt: "2026-01-02" }] },
    "GET /v1/api-keys": {
      data: [{ id: "key_1", name: "CI", prefix: "ear_ab", scopes: ["*"], createdAt: "2026-01-02" }],
    },
    "GET /v1/voices": { data: [{ id: "flite:slt", name: "SLT", language: "en-US", gender: "female" }] },
    "GET /v1/models": { data: [{ name: "builtin/x", kind: "languageModel", isDefault: true, reason: "r" }] },
    "POST /v1/calls": { ...call, audioUrl },
    "GET /v1/calls": { data: [call] },
    "GET /v1/calls/call_1": call,
    "POST /v1/calls/call_1/end": call,
    "GET /v1/calls/call_1/journal": { data: agent?.journal ?? [] },
    "POST /v1/transcriptions": { text: "hello there", durationMs: 1000, modelMs: 20 },
  };
  const body = answers[route];
  if (
    (route.startsWith("DELETE ") && body === undefined) ||
    /\/(say|context|mute|transfer|recording\/pause|recording\/resume)$/.test(route)
  ) {
    response.writeHead(204).end();
    return;
  }
  if (route === "PATCH /v1/agents/agt_1") {
    const errors = [{ path: "voice.speed", message: "must be at most 2" }];
    sendJson(response, 400, { code: "invalid_request", detail: "The body is wrong.", requestId: "req_9", errors });
    return;
  }
  if (body === undefined) sendJson(response, 404, { code: "not_found", detail: `There is nothing at ${route}.` });
  else sendJson(response, 200, body);
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

/** Length of a WAV that was posted, ms. */
export function durationOf(wav: unknown): number {
  return parseWav(wav as Uint8Array).durationMs;
}
