import type { AddressInfo } from "node:net";
import { afterEach, expect, it } from "vitest";
import { type WebSocket as ServerSocket, WebSocketServer } from "ws";
import { CallAudio } from "./call-audio.ts";

const open = { type: "open", callId: "call_1", pace: "real" };
const cleanUp: (() => void)[] = [];
afterEach(() => {
  for (const run of cleanUp.splice(0)) run();
});

it("carries audio, orders and events both ways until the call is closed", async () => {
  const { log, closed, far } = await connect((socket) => {
    tell(socket, open);
    socket.send(Buffer.from(Int16Array.of(1, -2).buffer));
    tell(socket, { type: "clear" });
    tell(socket, { type: "event", entry: { seq: 1, atMs: 5, event: { type: "reply-ended", atMs: 5 }, effects: [] } });
    tell(socket, { type: "something-new" });
    socket.send("no json");
    socket.on("message", (data, isBinary) => {
      if (!isBinary && String(data).includes("hang-up")) tell(socket, { type: "closed", reason: "caller-hung-up" });
    });
  });
  expect(await closed).toEqual({ reason: "caller-hung-up" });
  expect(log).toEqual(["open call_1 real", "audio 1,-2", "clear", "event reply-ended"]);
  expect(far).toEqual([
    "audio 7,8",
    '{"type":"played","samples":2}',
    '{"type":"digit","digit":"5"}',
    '{"type":"hang-up"}',
  ]);
});

it("resumes a broken connection and says how much it has received", async () => {
  let connections = 0;
  const { log, closed, far } = await connect((socket) => {
    connections += 1;
    if (connections > 1) {
      socket.once("message", () => {
        socket.send(Buffer.from(Int16Array.of(4).buffer));
        tell(socket, { type: "closed", reason: "agent-hung-up" });
      });
      return;
    }
    tell(socket, open);
    socket.send(Buffer.from(Int16Array.of(1, 2, 3).buffer), () => socket.terminate());
  });
  expect(await closed).toEqual({ reason: "agent-hung-up" });
  expect(log).toEqual(["open call_1 real", "audio 1,2,3", "lost", "audio 4"]);
  expect(far.at(-1)).toBe('{"type":"resume","received":3}');
});

it("says why where the server complains and hangs up", async () => {
  const { closed } = await connect((socket) => {
    tell(socket, { type: "error", code: "unauthorized", message: "The token is wrong." });
    socket.close();
  });
  expect(await closed).toMatchObject({ error: { code: "unauthorized", message: "The token is wrong." } });
});

it("resumes after a complaint that was not the end", async () => {
  let connections = 0;
  const { closed } = await connect((socket) => {
    connections += 1;
    if (connections > 1) {
      tell(socket, { type: "closed", reason: "agent-hung-up" });
      return;
    }
    tell(socket, open);
    tell(socket, { type: "error", code: "bad_message", message: "Not understood." });
    socket.send(Buffer.from(Int16Array.of(1).buffer), () => socket.terminate());
  });
  expect(await closed).toEqual({ reason: "agent-hung-up" });
});

it("says so where nobody answers", async () => {
  const end = await new Promise((onClosed) => {
    const nothing = () => undefined;
    new CallAudio("ws://127.0.0.1:1/", {
      onOpen: nothing,
      onAudio: nothing,
      onClear: nothing,
      onEvent: nothing,
      onClosed,
    });
  });
  expect(end).toMatchObject({ error: { code: "unreachable" } });
});

async function connect(serve: (socket: ServerSocket) => void) {
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  const far: string[] = [];
  server.on("connection", (socket) => {
    socket.on("message", (data: Buffer, isBinary) => far.push(isBinary ? `audio ${samplesOf(data)}` : String(data)));
    serve(socket);
  });
  await new Promise<void>((resolve) => server.once("listening", resolve));
  const log: string[] = [];
  const closed = new Promise<object>((resolve) => {
    const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/v1/calls/call_1/audio?token=t`;
    const audio: CallAudio = new CallAudio(url, {
      onOpen: ({ callId, pace }) => {
        log.push(`open ${callId} ${pace}`);
        audio.send(Int16Array.of(7, 8));
      },
      onAudio: (samples) => log.push(`audio ${samples}`),
      onClear: () => {
        log.push("clear");
        audio.reportPlayed(audio.received);
        audio.pressDigit("5");
        audio.hangUp();
      },
      onEvent: ({ event }) => log.push(`event ${event.type}`),
      onLost: () => log.push("lost"),
      onClosed: resolve,
    });
    cleanUp.push(() => {
      audio.close();
      for (const client of server.clients) client.terminate();
      server.close();
    });
  });
  return { log, closed, far };
}

function tell(socket: ServerSocket, message: object): void {
  socket.send(JSON.stringify(message));
}

function samplesOf(data: Buffer): number[] {
  return Array.from({ length: data.length / 2 }, (_, i) => data.readInt16LE(2 * i));
}
