/** Listens for Asterisk's AudioSocket: TCP, one connection a call. */

import { createServer, type Server, type Socket } from "node:net";
import type { Log } from "../../telemetry/log.ts";
import type { WallClock } from "../../wall-clock.ts";
import type { CarrierLine, StreamSocket } from "../carriers/carrier-line.ts";
import type { AsteriskDesk } from "./asterisk-desk.ts";
import { HANG_UP, HEADER_BYTES, toPacket, UUID } from "./audiosocket-stream.ts";
import { type Awake, keepAwake } from "./keep-awake.ts";
import { PacketReader } from "./packet-reader.ts";
import { readCallUuid } from "./read-call-uuid.ts";

/** Asterisk says at once whose call it is. */
const UUID_WITHIN_MS = 5_000;
/** Neither way: the call is gone. */
const SILENT_AFTER_MS = 30_000;
const MAX_UNSENT_BYTES = 500_000;
/** Before their call is known. */
const MAX_CONNECTIONS_WAITING = 100;

export type AudioSocketOptions = {
  readonly desk: AsteriskDesk;
  readonly host: string;
  /** 0 takes any free one. */
  readonly port: number;
  readonly clock: WallClock;
  readonly log: Log;
};

export class AudioSocketServer {
  readonly #options: AudioSocketOptions;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #waiting = 0;

  constructor(options: AudioSocketOptions) {
    this.#options = options;
    this.#server = createServer({ noDelay: true }, (socket) => this.#accept(socket));
  }

  /** Rejects with the system's error when the port can't be had. @returns the port */
  start(): Promise<number> {
    const { host, port } = this.#options;
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    this.#server.once("error", reject);
    this.#server.listen(port, host, () => {
      const address = this.#server.address();
      resolve(typeof address === "object" && address !== null ? address.port : port);
    });
    return promise;
  }

  /** Ends all calls. Idempotent. */
  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #accept(socket: Socket): void {
    socket.on("error", () => socket.destroy());
    if (
      !this.#options.desk.isAllowed("audiosocket", socket.remoteAddress ?? "") ||
      this.#waiting >= MAX_CONNECTIONS_WAITING
    ) {
      this.#options.log.info({ address: socket.remoteAddress }, "An AudioSocket connection was refused");
      socket.destroy();
      return;
    }
    this.#sockets.add(socket);
    this.#waiting++;
    let isWaiting = true;
    const stopWaiting = () => {
      if (isWaiting) this.#waiting--;
      isWaiting = false;
    };
    const cancelLimit = this.#options.clock.after(UUID_WITHIN_MS, () => socket.destroy());
    socket.once("close", () => {
      cancelLimit();
      stopWaiting();
      this.#sockets.delete(socket);
    });
    this.#listen(socket, () => {
      cancelLimit();
      stopWaiting();
    });
  }

  #listen(socket: Socket, onKnown: () => void): void {
    const reader = new PacketReader();
    let line: CarrierLine | undefined;
    let awake: Awake | undefined;
    const hear = (to: CarrierLine, packet: Uint8Array<ArrayBuffer>) => {
      awake?.heard(packet);
      to.hear(packet);
    };
    socket.setTimeout(SILENT_AFTER_MS, () => socket.destroy());
    socket.on("data", (bytes: Buffer) => {
      const packets = reader.push(bytes);
      if (line) for (const packet of packets) hear(line, packet);
      else if (packets.length > 0) {
        const [first, ...rest] = packets;
        // Nothing more is read before the call is there to hear it.
        socket.pause();
        const stream = toStreamSocket(socket, () => awake?.sent());
        void this.#take(socket, first, stream).then((taken) => {
          onKnown();
          line = taken;
          if (!taken) socket.end(toPacket(HANG_UP, new Uint8Array(0)));
          else if (!socket.destroyed)
            awake = keepAwake(this.#options.clock, { hear: (packet) => taken.hear(packet), send: stream.send });
          for (const packet of rest) if (taken) hear(taken, packet);
          socket.resume();
        });
      }
    });
    socket.on("close", (hasError) => {
      awake?.stop();
      line?.lose(!hasError);
    });
  }

  /** The call that the first packet names; undefined when there is none. Never rejects. */
  async #take(socket: Socket, packet: Uint8Array | undefined, stream: StreamSocket): Promise<CarrierLine | undefined> {
    const { desk, log } = this.#options;
    const call = packet?.[0] === UUID ? readCallUuid(packet.subarray(HEADER_BYTES)) : undefined;
    if (call === undefined) {
      log.info({ address: socket.remoteAddress }, "An AudioSocket connection names no number in its UUID");
      return undefined;
    }
    try {
      const taken = await desk.take("audiosocket", { address: socket.remoteAddress ?? "", ...call });
      if ("refused" in taken) return undefined;
      return taken.line.connect(stream) ? taken.line : undefined;
    } catch (error) {
      log.error({ error: String(error) }, "An AudioSocket call could not be taken");
      return undefined;
    }
  }
}

function toStreamSocket(socket: Socket, onSent: () => void): StreamSocket {
  return {
    send(message) {
      onSent();
      if (typeof message === "string" || !socket.writable) return;
      if (socket.writableLength > MAX_UNSENT_BYTES) socket.destroy();
      else socket.write(message);
    },
    close: () => socket.end(),
  };
}
