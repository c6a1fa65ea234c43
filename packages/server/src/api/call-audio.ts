/** The WebSocket of a call's audio: /v1/calls/{id}/audio?token=… */

import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import type { Samples } from "@earshot/engine";
import { type RawData, type WebSocket, WebSocketServer } from "ws";
import type { AudioSocket } from "../call-thread/audio-line.ts";
import type { CallThread } from "../call-thread/call-thread.ts";
import { admitCaller } from "../calls/call-token.ts";
import type { CallStore } from "../calls/store.ts";
import type { Log } from "../telemetry/log.ts";
import type { WallClock } from "../wall-clock.ts";
import type { IceServer } from "../web-calls/ice-servers.ts";
import { isCarrierStream } from "./carrier-streams.ts";

/** Two seconds of audio in one message, and any control message. */
const MAX_MESSAGE_BYTES = 64_000;
/** A far end that doesn't read is as good as gone. */
const MAX_UNSENT_BYTES = 2_000_000;
/** A far end that answers no ping between two of them is out of reach, though nobody has closed the connection. */
const PING_EVERY_MS = 5_000;
/** Between two pings, of a call that keeps real time: eight times as much as its sound and all it reports need. */
const MAX_MESSAGES = 4_000;
const MAX_BYTES = 1_600_000;
const POLICY_VIOLATION = 1008;
const PATH = /^\/v1\/calls\/([a-z0-9_]{1,64})\/audio$/;

export type CallAudioDeps = {
  readonly calls: CallStore;
  readonly thread: Pick<CallThread, "connect">;
  readonly log: Log;
  readonly clock: WallClock;
  /** Whether a request may name this host; see the API's own guard. */
  readonly isHostAllowed: (host: string | undefined) => boolean;
  /** What a browser is told for WebRTC; absent: there is none. */
  readonly iceServersFor?: (callId: string) => readonly IceServer[];
};

type Admitted = { readonly callId: string; readonly resumeToken?: string };

/** Serves calls' audio on `server`; other upgrades are refused, but for those of carriers. */
export function serveCallAudio(server: Server, deps: CallAudioDeps): void {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE_BYTES, perMessageDeflate: false });
  server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (isCarrierStream(request)) return;
    socket.on("error", () => socket.destroy());
    admit(request, deps).then(
      (admitted) => {
        if (typeof admitted === "number") refuse(socket, admitted);
        else sockets.handleUpgrade(request, socket, head, (webSocket) => serve(webSocket, admitted, deps));
      },
      (error: unknown) => {
        deps.log.error({ error: String(error) }, "A call's audio could not be connected");
        refuse(socket, 503);
      },
    );
  });
}

/** The call that the token opens, or the HTTP status that says why not. */
async function admit(request: IncomingMessage, deps: CallAudioDeps): Promise<Admitted | number> {
  if (!deps.isHostAllowed(request.headers.host)) return 403;
  const url = URL.parse(request.url ?? "", "http://host");
  const callId = PATH.exec(url?.pathname ?? "")?.[1];
  if (callId === undefined) return 404;
  const token = url?.searchParams.get("token") ?? "";
  const admitted = await admitCaller(deps, callId, token);
  return admitted === undefined ? 401 : { callId, ...admitted };
}

function refuse(socket: Duplex, status: number): void {
  const reasons: Record<number, string> = { 401: "Unauthorized", 403: "Forbidden", 404: "Not Found" };
  const reason = reasons[status] ?? "Service Unavailable";
  socket.end(`HTTP/1.1 ${status} ${reason}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

function serve(webSocket: WebSocket, { callId, resumeToken }: Admitted, deps: CallAudioDeps): void {
  const flood = new Flood();
  const line = deps.thread.connect(
    callId,
    toAudioSocket(webSocket, ({ pace }) => {
      flood.isWatched = pace === "real";
      return {
        ...(resumeToken === undefined ? {} : { resumeToken }),
        ...(deps.iceServersFor === undefined || pace !== "real" ? {} : { iceServers: deps.iceServersFor(callId) }),
      };
    }),
  );
  if (!line) {
    webSocket.send(JSON.stringify({ type: "error", code: "call_over", message: "This call has ended." }));
    webSocket.close(1000);
    return;
  }
  webSocket.on("message", (data: RawData, isBinary: boolean) => {
    if (flood.adds(data)) return breakOff(webSocket);
    if (isBinary) line.receiveAudio(toSamples(data));
    else line.receiveText(String(data));
  });
  const stopPinging = keepAlive(webSocket, deps.clock, () => flood.forget());
  webSocket.on("close", () => {
    stopPinging();
    line.close();
  });
  webSocket.on("error", () => webSocket.terminate());
}

/** What a far end sends beyond all reason costs every other call of the node. */
class Flood {
  isWatched = false;
  #messages = 0;
  #bytes = 0;

  /** Whether it is too much with this. */
  adds(data: RawData): boolean {
    this.#messages += 1;
    this.#bytes += Array.isArray(data) ? data.reduce((sum, { length }) => sum + length, 0) : data.byteLength;
    return this.isWatched && (this.#messages > MAX_MESSAGES || this.#bytes > MAX_BYTES);
  }

  forget(): void {
    this.#messages = 0;
    this.#bytes = 0;
  }
}

function breakOff(webSocket: WebSocket): void {
  if (webSocket.readyState !== webSocket.OPEN) return;
  const message = "Far more came than a call needs. Send audio at the pace of speech, and reports with it.";
  webSocket.send(JSON.stringify({ type: "error", code: "too_many_messages", message }));
  webSocket.close(POLICY_VIOLATION);
}

function keepAlive(webSocket: WebSocket, clock: WallClock, onBeat: () => void): () => void {
  let isAlive = true;
  webSocket.on("pong", () => {
    isAlive = true;
  });
  return clock.every(PING_EVERY_MS, () => {
    onBeat();
    if (!isAlive) return webSocket.terminate();
    isAlive = false;
    webSocket.ping();
  });
}

/** @param greet what of this connection is told with the call's own first message */
function toAudioSocket(webSocket: WebSocket, greet: (open: Readonly<Record<string, unknown>>) => object): AudioSocket {
  const isOpen = () => {
    if (webSocket.bufferedAmount > MAX_UNSENT_BYTES) webSocket.terminate();
    return webSocket.readyState === webSocket.OPEN;
  };
  return {
    sendAudio: (samples) => {
      if (isOpen()) webSocket.send(new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength));
    },
    sendText: (message) => {
      if (isOpen())
        webSocket.send(JSON.stringify(message["type"] === "open" ? { ...message, ...greet(message) } : message));
    },
    close: () => webSocket.close(1000),
  };
}

/** A copy in a buffer of its own, which can travel to another thread; an odd last byte is dropped. */
function toSamples(data: RawData): Samples {
  const bytes = Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data as Uint8Array);
  const samples = new Int16Array(bytes.length >> 1);
  new Uint8Array(samples.buffer).set(bytes.subarray(0, samples.byteLength));
  return samples;
}
