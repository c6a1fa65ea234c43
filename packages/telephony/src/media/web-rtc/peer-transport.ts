/**
 * One browser's way to us, on one port: it checks the way (ICE), we agree on keys (DTLS), then the sound goes through.
 *
 *     waiting -- a check that chooses --> greeting -- DTLS done --> connected
 *        `----------- 10 s, or DTLS fails -----'--> failed
 */
import type { Clock } from "../../clock.ts";
import type { IceCredentials } from "../../sdp/ice-attributes.ts";
import type { MediaAgreement } from "../../sdp/media-agreement.ts";
import { IceLite } from "../ice-lite.ts";
import type { Endpoint, MediaTransport, TransportHandlers } from "../media-transport.ts";
import { PEER } from "./peer-agreement.ts";

/** How long a browser may take. */
const CONNECT_LIMIT_MS = 10_000;

export type Encryption = NonNullable<MediaAgreement["encryption"]>;

/** Makes keys with the far end; one per connection. */
export interface Handshake {
  /** Resolves once both sides have the keys. */
  readonly done: Promise<Encryption>;
  start(): void;
  receive(bytes: Uint8Array): void;
  close(): void;
}

export type PeerTransportOptions = {
  readonly clock: Clock;
  readonly ports: MediaTransport;
  readonly ice: { readonly local: IceCredentials; readonly remote: IceCredentials };
  readonly makeHandshake: (send: (bytes: Uint8Array) => void) => Handshake;
  /** Whose packets are looked at. */
  readonly isAllowed: (address: string) => boolean;
};

export class PeerTransport implements MediaTransport {
  readonly rtpPort: number;
  readonly rtcpPort: number;
  /** The keys, once the way is there. @throws PeerError */
  readonly connected: Promise<Encryption>;
  readonly #options: PeerTransportOptions;
  readonly #ice: IceLite;
  readonly #handshake: Handshake;
  readonly #outcome = Promise.withResolvers<Encryption>();
  readonly #cancelLimit: () => void;
  #handlers: TransportHandlers | undefined;
  #remote: Endpoint | undefined;
  #isClosed = false;

  constructor(options: PeerTransportOptions) {
    const { ports, clock, ice } = options;
    this.#options = options;
    this.rtpPort = ports.rtpPort;
    this.rtcpPort = ports.rtpPort;
    this.#ice = new IceLite(ice);
    this.#handshake = options.makeHandshake((bytes) => this.#send(bytes));
    this.connected = this.#outcome.promise;
    this.connected.catch(() => {});
    this.#cancelLimit = clock.after(CONNECT_LIMIT_MS, () => this.#fail("no_way", "The browser found no way here."));
    this.#handshake.done.then(
      (encryption) => {
        this.#cancelLimit();
        this.#outcome.resolve(encryption);
      },
      (error: unknown) => this.#fail("no_keys", error instanceof Error ? error.message : String(error)),
    );
    ports.open({ onRtp: (bytes, from) => this.#receive(bytes, from), onRtcp: () => {} });
  }

  open(handlers: TransportHandlers): void {
    this.#handlers = handlers;
  }

  sendRtp(bytes: Uint8Array): void {
    this.#send(bytes);
  }

  sendRtcp(bytes: Uint8Array): void {
    this.#send(bytes);
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#cancelLimit();
    this.#handshake.close();
    this.#options.ports.close();
    this.#outcome.reject(new PeerError("closed", "The connection was closed."));
  }

  /** RFC 7983: the first byte tells what a packet is. */
  #receive(bytes: Uint8Array, from: Endpoint): void {
    const first = bytes[0];
    if (first === undefined || this.#isClosed || !this.#options.isAllowed(from.address)) return;
    if (first < 4) this.#check(bytes, from);
    else if (first >= 20 && first < 64) this.#handshake.receive(bytes);
    else if (first >= 128 && first < 192) this.#handlers?.onRtp(bytes, PEER);
  }

  #check(bytes: Uint8Array, from: Endpoint): void {
    const answer = this.#ice.answer(bytes, from);
    if (answer === undefined) return;
    this.#options.ports.sendRtp(answer.response, from);
    if (!answer.isNominated) return;
    const isFirst = this.#remote === undefined;
    this.#remote = { address: from.address, port: from.port };
    if (isFirst) this.#handshake.start();
  }

  #send(bytes: Uint8Array): void {
    if (this.#remote && !this.#isClosed) this.#options.ports.sendRtp(bytes, this.#remote);
  }

  #fail(code: string, message: string): void {
    this.#outcome.reject(new PeerError(code, message));
  }
}

/** No connection came about, or it was closed before. */
class PeerError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = "PeerError";
    this.code = code;
  }
}
