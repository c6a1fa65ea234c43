/** The WebSockets of carriers' streams: /carriers/streams/{token}, and /carriers/asterisk. */

import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import { type RawData, type WebSocket, WebSocketServer } from "ws";
import { CARRIER_PATHS } from "../carriers/carrier-urls.ts";
import type { AsteriskDesk } from "../legs/asterisk/asterisk-desk.ts";
import { type CarrierDesk, STREAM_PATH } from "../legs/carriers/carrier-desk.ts";
import type { CarrierLine, StreamSocket } from "../legs/carriers/carrier-line.ts";
import type { Log } from "../telemetry/log.ts";
import type { WallClock } from "../wall-clock.ts";

/** More than any carrier sends in one: Asterisk stops at 65,500. */
const MAX_MESSAGE_BYTES = 65_536;
/** A carrier that doesn't read is as good as gone: half a minute of sound. */
const MAX_UNSENT_BYTES = 500_000;
/** Sound comes 50 times a second. */
const MAX_MESSAGES_A_SECOND = 500;
/** A carrier that sends nothing between two looks, and answers no ping, is out of reach. */
const LOOK_EVERY_MS = 10_000;

export type CarrierStreamDeps = {
  readonly desk: Pick<CarrierDesk, "connect">;
  readonly asterisk: AsteriskDesk;
  readonly clock: WallClock;
  readonly log: Log;
};

/** Whether an upgrade is for `serveCarrierStreams`. */
export function isCarrierStream({ url = "" }: IncomingMessage): boolean {
  return url.startsWith(CARRIER_PATHS);
}

/** Serves carriers' streams on `server`, and nothing else. */
export function serveCarrierStreams(server: Server, deps: CarrierStreamDeps): void {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE_BYTES, perMessageDeflate: false });
  server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (!isCarrierStream(request)) return;
    socket.on("error", () => socket.destroy());
    admit(request, deps).then(
      (connect) => {
        if (typeof connect === "number") return refuse(socket, connect);
        sockets.handleUpgrade(request, socket, head, (webSocket) => serve(webSocket, connect, deps.clock));
      },
      (error: unknown) => {
        deps.log.error({ error: String(error) }, "A carrier's stream could not be connected");
        refuse(socket, 503);
      },
    );
  });
}

/** Gives the connection its call; undefined when there is none any more. */
type Connect = (socket: StreamSocket) => CarrierLine | undefined;

async function admit(request: IncomingMessage, { desk, asterisk }: CarrierStreamDeps): Promise<Connect | number> {
  const url = URL.parse(request.url ?? "", "http://host");
  if (url?.pathname.startsWith(STREAM_PATH)) {
    const token = url.pathname.slice(STREAM_PATH.length);
    return (socket) => desk.connect(token, socket);
  }
  if (url?.pathname !== `${CARRIER_PATHS}asterisk`) return 404;
  // A page in a browser on an allowed machine is no Asterisk.
  if (request.headers.origin !== undefined) return 403;
  const [to, from] = [url.searchParams.get("to") ?? "", url.searchParams.get("from") ?? ""];
  const taken = await asterisk.take("asterisk", { address: request.socket.remoteAddress ?? "", to, from });
  if ("refused" in taken) return taken.status;
  return (socket) => (taken.line.connect(socket) ? taken.line : undefined);
}

function refuse(socket: Duplex, status: number): void {
  socket.end(`HTTP/1.1 ${status} Refused\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

function serve(webSocket: WebSocket, connect: Connect, clock: WallClock): void {
  webSocket.on("error", () => webSocket.terminate());
  const line = connect(toStreamSocket(webSocket));
  if (!line) return webSocket.close(1008, "no call waits for this stream");
  const watch = watchOver(webSocket, clock);
  webSocket.on("message", (data: RawData, isBinary: boolean) => {
    if (watch.countMessage()) line.hear(isBinary ? toBytes(data) : String(data));
  });
  webSocket.on("close", (code) => {
    watch.stop();
    line.lose(code === 1000 || code === 1001 || code === 1005);
  });
}

/** Ends connections that flood, and those that have gone silent. */
function watchOver(webSocket: WebSocket, clock: WallClock) {
  let isAlive = true;
  let count = 0;
  webSocket.on("pong", () => {
    isAlive = true;
  });
  const stopCounting = clock.every(1_000, () => {
    count = 0;
  });
  const stopLooking = clock.every(LOOK_EVERY_MS, () => {
    if (!isAlive) return webSocket.terminate();
    isAlive = false;
    webSocket.ping();
  });
  return {
    /** False for one too many. */
    countMessage(): boolean {
      isAlive = true;
      count++;
      if (count <= MAX_MESSAGES_A_SECOND) return true;
      webSocket.terminate();
      return false;
    },
    stop() {
      stopCounting();
      stopLooking();
    },
  };
}

function toStreamSocket(webSocket: WebSocket): StreamSocket {
  return {
    send(message) {
      if (webSocket.readyState !== webSocket.OPEN) return;
      if (webSocket.bufferedAmount > MAX_UNSENT_BYTES) return webSocket.terminate();
      webSocket.send(message);
    },
    close: () => webSocket.close(1000),
  };
}

/** A copy of its own, for another thread. */
function toBytes(data: RawData): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data as Uint8Array));
}
