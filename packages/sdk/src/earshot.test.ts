import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { Earshot } from "./earshot.ts";
import { EarshotError } from "./earshot-error.ts";

type Seen = { method: string | undefined; url: string | undefined; headers: IncomingMessage["headers"]; body: string };

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

it("sends the key, the query and the body, and gives the answer", async () => {
  const { client, seen } = await serve((_, response) => sendJson(response, 200, { data: [{ id: "agt_1" }] }));
  expect(await client.agents.list({ name: "Ann & Bob", limit: 2 })).toEqual({ data: [{ id: "agt_1" }] });
  await client.calls.create({ agentId: "agt_1", type: "web" });
  expect(seen[0]).toMatchObject({ method: "GET", url: "/v1/agents?name=Ann+%26+Bob&limit=2" });
  expect(seen[0]?.headers.authorization).toBe("Bearer secret");
  expect(seen[1]).toMatchObject({ method: "POST", url: "/v1/calls", body: '{"agentId":"agt_1","type":"web"}' });
  expect(seen[1]?.headers["content-type"]).toBe("application/json");
});

it("iterates over all pages of a list with the same query, until the signal aborts", async () => {
  const { client, seen } = await serve((request, response) => {
    const cursor = new URL(request.url ?? "", "http://x").searchParams.get("cursor") ?? "0";
    sendJson(response, 200, { data: [{ id: `agt_${cursor}` }], nextCursor: String(Number(cursor) + 1) });
  });
  const controller = new AbortController();
  const ids: string[] = [];
  const iterating = (async () => {
    for await (const { id } of client.agents.list({ name: "Ann", limit: 1 }, { signal: controller.signal })) {
      ids.push(id);
      if (ids.length === 3) controller.abort(new Error("enough"));
    }
  })();
  await expect(iterating).rejects.toThrow("enough");
  expect(ids).toEqual(["agt_0", "agt_1", "agt_2"]);
  expect(seen.map(({ url }) => url)).toEqual([
    "/v1/agents?name=Ann&limit=1",
    "/v1/agents?name=Ann&limit=1&cursor=1",
    "/v1/agents?name=Ann&limit=1&cursor=2",
  ]);
});

it("carries audio both ways as bytes", async () => {
  const { client, seen } = await serve((request, response) => {
    if (request.url === "/v1/transcriptions") return sendJson(response, 200, { text: "hi", durationMs: 1, modelMs: 1 });
    response.writeHead(200, { "content-type": "audio/wav" }).end(Uint8Array.of(82, 73, 255));
  });
  expect(await client.speech.create({ text: "hi" })).toEqual(Uint8Array.of(82, 73, 255));
  expect(await client.calls.recording("call_1")).toEqual(Uint8Array.of(82, 73, 255));
  expect(await client.transcriptions.create(Uint8Array.of(65, 66))).toMatchObject({ text: "hi" });
  expect(seen[2]).toMatchObject({ body: "AB" });
  expect(seen[2]?.headers["content-type"]).toBe("audio/wav");
});

describe("errors", () => {
  it("carry the code, the status and the words of the problem", async () => {
    const problem = {
      type: "about:blank",
      title: "Not found",
      status: 404,
      code: "not_found",
      detail: "No such call.",
    };
    const { client } = await serve((_, response) => sendJson(response, 404, problem));
    const error = await failureOf(client.calls.get("call_x"));
    expect(error).toMatchObject({ code: "not_found", status: 404, message: "No such call.", problem });
  });

  it("make the best of an answer that is no problem document", async () => {
    const { client } = await serve((_, response) => response.writeHead(502).end("<html>"));
    expect(await failureOf(client.voices.list())).toMatchObject({ code: "http_502", status: 502 });
  });

  it("tell an answer that is not JSON", async () => {
    const { client } = await serve((_, response) => response.writeHead(200).end("<html>"));
    expect(await failureOf(client.models.list())).toMatchObject({ code: "bad_response" });
  });

  it("tell a server that is not there", async () => {
    const { client } = await serve(() => undefined);
    for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
    const error = await failureOf(client.agents.list());
    expect(error).toMatchObject({ code: "unreachable", status: undefined });
    expect(error.message).toContain(client.baseUrl);
  });

  it("tell a server that does not answer in time", async () => {
    const { client } = await serve(() => undefined);
    expect(await failureOf(client.agents.list({}, { timeoutMs: 30 }))).toMatchObject({ code: "timeout" });
  });
});

it("ends a request with the reason of the caller's signal", async () => {
  const { client } = await serve(() => undefined);
  const reason = new Error("changed my mind");
  const controller = new AbortController();
  const request = client.agents.list({}, { signal: controller.signal });
  controller.abort(reason);
  await expect(request).rejects.toBe(reason);
});

describe("following a call's events", () => {
  const entry = (seq: number, type = "reply-heard") => ({ seq, atMs: seq, event: { type, atMs: seq }, effects: [] });
  const line = (seq: number, type?: string) => `id: ${seq}\ndata: ${JSON.stringify(entry(seq, type))}\n\n`;

  it("goes on after a lost connection where it was, and stops at the end of the call", async () => {
    const { client, seen } = await serve((request, response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      const isResumed = request.headers["last-event-id"] === "2";
      if (isResumed) response.end(line(3) + line(4, "call-ended"));
      else response.write(line(1) + line(2), () => response.destroy());
    });
    const seqs: number[] = [];
    for await (const { seq } of client.calls.events("call_1")) seqs.push(seq);
    expect(seqs).toEqual([1, 2, 3, 4]);
    expect(seen.map(({ headers }) => headers["last-event-id"])).toEqual([undefined, "2"]);
  });

  it("is over where the server has nothing more to tell", async () => {
    const { client, seen } = await serve((_, response) => response.writeHead(204).end());
    expect(await client.calls.events("call_1", { afterSeq: 9 }).next()).toEqual({ done: true, value: undefined });
    expect(seen.map(({ headers }) => headers["last-event-id"])).toEqual(["9"]);
  });

  it("fails at once for a call that does not exist", async () => {
    const { client, seen } = await serve((_, response) => sendJson(response, 404, { code: "not_found" }));
    expect(await failureOf(client.calls.events("call_x").next())).toMatchObject({ code: "not_found" });
    expect(seen).toHaveLength(1);
  });

  it("ends quietly when it is aborted", async () => {
    const { client } = await serve((_, response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write(line(1));
    });
    const controller = new AbortController();
    const seqs: number[] = [];
    for await (const { seq } of client.calls.events("call_1", { signal: controller.signal })) {
      seqs.push(seq);
      controller.abort();
    }
    expect(seqs).toEqual([1]);
  });
});

async function serve(answer: (request: IncomingMessage, response: ServerResponse) => unknown) {
  const seen: Seen[] = [];
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const piece of request) body += piece;
    seen.push({ method: request.method, url: request.url, headers: request.headers, body });
    answer(request, response);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { client: new Earshot({ baseUrl: `http://127.0.0.1:${port}/`, apiKey: "secret", maxRetries: 0 }), seen };
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

async function failureOf(request: Promise<unknown>): Promise<EarshotError> {
  const error = await request.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof EarshotError) return error;
  throw new Error("The request did not fail with an EarshotError.", { cause: error });
}
