/**
 * Earshot's API without models, for work on the page: `node packages/dashboard/dev/fake-server.ts`, then open the page it
 * prints (built by `npm run build -w @earshot/dashboard`) or run `npm run dev -w @earshot/dashboard` beside it.
 * FAKE_API_KEY demands a sign-in, FAKE_AGENTS=none shows the empty page; `POST /dev/drop` cuts the connections.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { WebSocketServer } from "ws";
import { AGENTS, MODELS, SCRIPT } from "./canned.ts";
import { FakeCall } from "./fake-call.ts";
import { silentRecording } from "./fake-voice.ts";
import { serveFile } from "./static-files.ts";

const dist = fileURLToPath(new URL("../dist", import.meta.url));
const soundModules = fileURLToPath(new URL("../../web/dist", import.meta.url));
const apiKey = process.env["FAKE_API_KEY"];
const calls = new Map<string, FakeCall>();

function answer(response: ServerResponse, status: number, body?: unknown): void {
  response.writeHead(status, { "content-type": status < 400 ? "application/json" : "application/problem+json" });
  response.end(body === undefined ? undefined : JSON.stringify(body));
}

async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname } = new URL(request.url ?? "/", "http://fake");
  const route = `${request.method} ${pathname}`;
  if (pathname.endsWith("-worklet.js")) return serveFile(response, soundModules, pathname);
  if (!pathname.startsWith("/v1/") && !pathname.startsWith("/dev/")) return serveFile(response, dist, pathname);
  const body = await readBody(request);
  if (route === "POST /dev/drop") return dropAll(response);
  if (route === "POST /v1/session") return signIn(response, body);
  if (apiKey !== undefined && request.headers.cookie !== "earshot=yes")
    return answer(response, 401, { code: "unauthorized", title: "Unauthorized", detail: "Send an API key." });
  if (route === "GET /v1/agents")
    return answer(response, 200, { data: process.env["FAKE_AGENTS"] === "none" ? [] : AGENTS });
  if (route === "GET /v1/models") return answer(response, 200, { data: MODELS });
  if (route === "POST /v1/calls") return createCall(request, response);
  return handleCall(pathname, response);
}

async function readBody(request: IncomingMessage): Promise<string> {
  let body = "";
  for await (const chunk of request) body += String(chunk);
  return body;
}

function dropAll(response: ServerResponse): void {
  for (const call of calls.values()) call.drop();
  answer(response, 204);
}

function signIn(response: ServerResponse, body: string): void {
  const sent = (JSON.parse(body || "{}") as { apiKey?: string }).apiKey;
  const isKnown = apiKey === undefined || sent === apiKey;
  if (isKnown) response.setHeader("set-cookie", "earshot=yes; Path=/; HttpOnly; SameSite=Strict");
  answer(response, isKnown ? 204 : 401, isKnown ? undefined : { code: "unauthorized", title: "Wrong key" });
}

function createCall(request: IncomingMessage, response: ServerResponse): void {
  const id = `call_${calls.size + 1}`;
  const call = new FakeCall(id, SCRIPT);
  calls.set(id, call);
  const audioUrl = `ws://${request.headers.host}/v1/calls/${id}/audio?token=fake`;
  answer(response, 201, { ...call.summary, status: "created", audioUrl });
}

function handleCall(pathname: string, response: ServerResponse): void {
  const [, , , id = "", verb = ""] = pathname.split("/");
  const call = calls.get(id);
  if (verb === "end") call?.end("api-request");
  if (call === undefined) answer(response, 404, { code: "not_found", title: "Not found" });
  else if (verb === "journal") answer(response, 200, { data: call.journal });
  else if (verb !== "recording") answer(response, 200, call.summary);
  else response.writeHead(200, { "content-type": "audio/wav" }).end(silentRecording(call.durationMs));
}

const server = createServer((request, response) => {
  handle(request, response).catch((error: unknown) =>
    answer(response, 500, { code: "internal", title: String(error) }),
  );
});
const sockets = new WebSocketServer({ server });
sockets.on("connection", (socket, request) => {
  const call = calls.get((request.url ?? "").split("/")[3] ?? "");
  if (call === undefined) socket.close(4404);
  else call.attach(socket);
});
server.listen(Number(process.env["PORT"] ?? 8080), "127.0.0.1", () => {
  process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
});
