import { createServer, type IncomingMessage, type Server } from "node:http";
import { type AddressInfo, createServer as createTcpServer } from "node:net";
import type { ProviderError } from "@earshot/engine";
import { SystemClock } from "@earshot/engine";
import { FakeClock } from "@earshot/engine/testing";
import { afterEach, describe, expect, it } from "vitest";
import { type WebSocket, WebSocketServer } from "ws";
import { WebSocketStream, type WebSocketStreamOptions } from "./websocket-stream.ts";

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

/** A queue of what happened that can be awaited. */
class Log<T> {
  readonly #items: T[] = [];
  readonly #waiting: ((item: T) => void)[] = [];

  add(item: T): void {
    const waiter = this.#waiting.shift();
    if (waiter) waiter(item);
    else this.#items.push(item);
  }

  next(): Promise<T> {
    const item = this.#items.shift();
    return item === undefined ? new Promise((resolve) => this.#waiting.push(resolve)) : Promise.resolve(item);
  }

  get isEmpty(): boolean {
    return this.#items.length === 0;
  }
}

async function listen(server: Server = createServer()) {
  const sockets = new Log<WebSocket>();
  const requests = new Log<IncomingMessage>();
  const messages = new Log<string>();
  const wss = new WebSocketServer({ server });
  wss.on("connection", (socket, request) => {
    socket.on("message", (data) => messages.add(String(data)));
    sockets.add(socket);
    requests.add(request);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closers.push(() => {
    for (const socket of wss.clients) socket.terminate();
    server.close();
  });
  return { url: toUrl(server), sockets, requests, messages };
}

function toUrl(server: { address: () => unknown }): string {
  return `ws://127.0.0.1:${(server.address() as AddressInfo).port}/v1/realtime`;
}

function connect(options: Partial<WebSocketStreamOptions> & { readonly url: string }) {
  const opened = new Log<true>();
  const messages = new Log<string>();
  const failures = new Log<ProviderError>();
  const stream = new WebSocketStream({
    provider: "acme/voice",
    stage: "speech-to-speech",
    clock: new SystemClock(),
    onOpen: () => opened.add(true),
    onMessage: (text) => messages.add(text),
    onFailed: (error) => failures.add(error),
    ...options,
  });
  closers.push(() => stream.close());
  return { stream, opened, messages, failures };
}

/** A server that refuses each connection with the next of these statuses, then lets it in. */
async function refusing(...statuses: number[]) {
  const server = createServer();
  const asked = { times: 0 };
  const wss = new WebSocketServer({ noServer: true });
  server.on("upgrade", (request, socket, head) => {
    asked.times++;
    const status = statuses.shift();
    if (status === undefined) return wss.handleUpgrade(request, socket, head, () => {});
    socket.end(`HTTP/1.1 ${status} No\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closers.push(() => {
    for (const socket of wss.clients) socket.terminate();
    server.close();
  });
  return { url: toUrl(server), asked };
}

describe("a connection", () => {
  it("carries headers, keeps what is sent before it is open in order, and hands on what comes", async () => {
    const server = await listen();
    const { stream, messages } = connect({ url: server.url, headers: { authorization: "Bearer key" } });
    for (const text of ["one", "two", "three"]) stream.send(text);
    expect((await server.requests.next()).headers.authorization).toBe("Bearer key");
    expect([await server.messages.next(), await server.messages.next(), await server.messages.next()]).toEqual([
      "one",
      "two",
      "three",
    ]);
    const socket = await server.sockets.next();
    socket.send("hello");
    socket.send(Buffer.from("grüße"), { binary: true });
    expect([await messages.next(), await messages.next()]).toEqual(["hello", "grüße"]);
  });

  it("is closed politely, once, and reports nothing afterwards", async () => {
    const server = await listen();
    const { stream, opened, failures, messages } = connect({ url: server.url });
    await opened.next();
    const socket = await server.sockets.next();
    const closed = new Promise((resolve) => socket.on("close", resolve));
    stream.send("last words");
    stream.close();
    stream.close();
    stream.send("too late");
    expect(await server.messages.next()).toBe("last words");
    expect(await closed).toBe(1000);
    expect([server.messages.isEmpty, messages.isEmpty, failures.isEmpty]).toEqual([true, true, true]);
  });

  it("can be given up before it is open", async () => {
    const server = await listen();
    const { stream, failures } = connect({ url: server.url });
    stream.close();
    const other = connect({ url: server.url });
    await other.opened.next();
    expect(failures.isEmpty).toBe(true);
  });

  it("that breaks is told once, with the reason the far end gave", async () => {
    const server = await listen();
    const { opened, failures } = connect({ url: server.url });
    await opened.next();
    (await server.sockets.next()).close(4001, "go away");
    expect(await failures.next()).toMatchObject({
      kind: "unreachable",
      isRetryable: true,
      message: "acme/voice: the connection was closed (4001, go away)",
    });
    expect(failures.isEmpty).toBe(true);
  });
});

describe("a connection that is refused", () => {
  it.each([
    [401, "unauthorized"],
    [403, "unauthorized"],
    [404, "bad-request"],
  ])("with HTTP %i is %s at once", async (status, kind) => {
    const { url, asked } = await refusing(status, status);
    const { failures } = connect({ url });
    expect(await failures.next()).toMatchObject({ kind, isRetryable: false, stage: "speech-to-speech" });
    expect(asked.times).toBe(1);
  });

  it.each([
    [429, "rate-limited"],
    [500, "internal"],
    [503, "overloaded"],
  ])("with HTTP %i is tried again, then %s", async (status, kind) => {
    const { url, asked } = await refusing(status, status);
    const { failures } = connect({ url });
    expect(await failures.next()).toMatchObject({ kind, isRetryable: true });
    expect(asked.times).toBe(2);
  });

  it("opens at the second attempt where the first met a hiccup", async () => {
    const { url } = await refusing(503);
    const { opened, failures } = connect({ url });
    await opened.next();
    expect(failures.isEmpty).toBe(true);
  });

  it("because nobody listens is unreachable", async () => {
    const { url } = await refusing();
    closers.pop()?.();
    const { failures } = connect({ url });
    expect(await failures.next()).toMatchObject({ kind: "unreachable" });
  });

  it("because the address is none names it", async () => {
    const { failures } = connect({ url: "not a url" });
    expect(await failures.next()).toMatchObject({ kind: "bad-request", message: expect.stringContaining("not a url") });
  });
});

describe("a far end that does not answer", () => {
  it("times out after the limit of every attempt", async () => {
    const connections = new Log<true>();
    const silent = createTcpServer(() => connections.add(true));
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    closers.push(() => silent.close());
    const clock = new FakeClock();
    const { failures } = connect({ url: toUrl(silent), clock, connectLimitMs: 1000 });
    await connections.next();
    await clock.advance(999);
    expect(failures.isEmpty).toBe(true);
    await clock.advance(1);
    await clock.advance(200);
    await connections.next();
    await clock.advance(1000);
    expect(await failures.next()).toMatchObject({ kind: "timeout", message: expect.stringContaining("1000 ms") });
  });

  it("to pings is gone, and one that does stays", async () => {
    const server = await listen();
    const clock = new FakeClock();
    const { opened, failures } = connect({ url: server.url, clock, pingEveryMs: 1000 });
    await opened.next();
    const socket = await server.sockets.next();
    for (let i = 0; i < 3; i++) {
      const pinged = new Promise((resolve) => socket.once("ping", resolve));
      await clock.advance(1000);
      await pinged;
      await roundTrip(socket);
    }
    expect(failures.isEmpty).toBe(true);
    socket.pause();
    await clock.advance(2000);
    expect(await failures.next()).toMatchObject({ kind: "unreachable" });
  });
});

describe("limits", () => {
  it("end a connection that sends too much at once", async () => {
    const server = await listen();
    const { opened, failures } = connect({ url: server.url, maxMessageBytes: 1000 });
    await opened.next();
    (await server.sockets.next()).send("x".repeat(1001));
    expect(await failures.next()).toMatchObject({ kind: "bad-response", isRetryable: false });
  });

  it("end a connection that sends what is no text", async () => {
    const server = await listen();
    const { opened, failures } = connect({ url: server.url });
    await opened.next();
    (await server.sockets.next()).send(Buffer.from([0xff, 0xfe, 0x00]));
    expect(await failures.next()).toMatchObject({ kind: "bad-response" });
  });

  it("end a stream that is sent more than it may keep", async () => {
    const server = await listen();
    const { stream, failures } = connect({ url: server.url, maxOutgoingBytes: 10 });
    stream.send("12345678");
    expect(failures.isEmpty).toBe(true);
    stream.send("123");
    stream.send("1");
    expect(await failures.next()).toMatchObject({ kind: "overloaded" });
    expect(failures.isEmpty).toBe(true);
  });
});

/** Everything that the far end has sent so far has come through once it hears an answer. */
async function roundTrip(socket: WebSocket): Promise<void> {
  const answered = new Promise((resolve) => socket.once("pong", resolve));
  socket.ping();
  await answered;
}
