/** DTLS-SRTP (RFC 5764) as the side that begins. The library shakes hands; whose hand it is, is checked here. */
import { createHash, timingSafeEqual } from "node:crypto";
import { DtlsClient, keyLength, type SrtpProfile, saltLength, type Transport } from "werift";
import type { Fingerprint } from "../../sdp/web-rtc-offer.ts";
import type { SrtpSuite } from "../../srtp/srtp-suite.ts";
import type { Certificate } from "./certificate.ts";
import { isSignedKeyExchange } from "./key-exchange.ts";
import type { Encryption, Handshake } from "./peer-transport.ts";

/** RFC 5764 section 4.1.2 and RFC 7714 section 14.2, best first. */
const PROFILES: readonly (readonly [profile: SrtpProfile, suite: SrtpSuite])[] = [
  [7, "AEAD_AES_128_GCM"],
  [1, "AES_CM_128_HMAC_SHA1_80"],
];
const SERVER_KEY_EXCHANGE = 12;

export type DtlsHandshakeOptions = {
  readonly certificate: Certificate;
  /** Of the peer, by the signalling: its certificate must have one of them. */
  readonly fingerprints: readonly Fingerprint[];
  readonly send: (bytes: Uint8Array) => void;
};

export class DtlsHandshake implements Handshake {
  readonly done: Promise<Encryption>;
  readonly #outcome = Promise.withResolvers<Encryption>();
  readonly #options: DtlsHandshakeOptions;
  readonly #dtls: DtlsClient;
  /** What comes in is handed over here. */
  readonly #transport: Transport;
  #isStarted = false;
  #keyExchange: Buffer | undefined;

  constructor(options: DtlsHandshakeOptions) {
    const { certificate, send } = options;
    this.#options = options;
    this.done = this.#outcome.promise;
    this.done.catch(() => {});
    this.#transport = {
      type: "udp",
      address: { address: "", family: "IPv4", port: 0 },
      closed: false,
      onData: (): void => {},
      send: async (bytes: Buffer) => send(bytes),
      close: async () => {},
    };
    this.#dtls = new DtlsClient({
      transport: this.#transport,
      cert: certificate.certPem,
      key: certificate.keyPem,
      signatureHash: certificate.signatureHash,
      srtpProfiles: PROFILES.map(([profile]) => profile),
      extendedMasterSecret: true,
    });
    this.#watchKeyExchange();
    this.#dtls.onConnect.once(() => this.#finish());
    this.#dtls.onError.once((error) => this.#outcome.reject(error));
    this.#dtls.onClose.once(() => this.#outcome.reject(new Error("The browser ended the handshake.")));
  }

  start(): void {
    if (this.#isStarted) return;
    this.#isStarted = true;
    this.#dtls.connect().catch((error: unknown) => this.#outcome.reject(error));
  }

  receive(bytes: Uint8Array): void {
    // The bytes are reused; the library keeps them.
    this.#transport.onData(Buffer.from(bytes), ["", 0]);
  }

  close(): void {
    this.#transport.closed = true;
    this.#transport.onData = () => {};
    this.#outcome.reject(new Error("The connection was closed."));
  }

  /** The library takes any key, signed or not. There may be one only, which is checked in the end. */
  #watchKeyExchange(): void {
    const handle = this.#dtls.onHandleHandshakes;
    this.#dtls.onHandleHandshakes = async (handshakes) => {
      for (const { msg_type: type, fragment } of handshakes) {
        if (type !== SERVER_KEY_EXCHANGE) continue;
        this.#keyExchange ??= Buffer.from(fragment);
        if (!this.#keyExchange.equals(fragment)) this.#outcome.reject(new Error("The browser sent two keys."));
      }
      await handle(handshakes);
    };
  }

  #finish(): void {
    try {
      this.#outcome.resolve(this.#toEncryption());
    } catch (error) {
      this.#outcome.reject(error);
    }
  }

  #toEncryption(): Encryption {
    const { remoteCertificate, srtp, cipher } = this.#dtls;
    if (remoteCertificate === undefined || !this.#options.fingerprints.some((one) => isOf(one, remoteCertificate)))
      throw new Error("The browser's certificate is another than it said.");
    const randoms = [cipher.localRandom.serialize(), cipher.remoteRandom.serialize()] as const;
    if (!isSignedKeyExchange(this.#keyExchange, { certificate: remoteCertificate, randoms }))
      throw new Error("The browser's key is not signed with its certificate.");
    const [profile, suite] = PROFILES.find(([one]) => one === srtp.srtpProfile) ?? [];
    if (profile === undefined || suite === undefined) throw new Error("No way to protect the sound was agreed on.");
    const keys = this.#dtls.extractSessionKeys(keyLength(profile), saltLength(profile));
    return {
      suite,
      sendKey: Buffer.concat([keys.localKey, keys.localSalt]),
      receiveKey: Buffer.concat([keys.remoteKey, keys.remoteSalt]),
    };
  }
}

function isOf({ hash, hex }: Fingerprint, certificate: Uint8Array): boolean {
  const actual = createHash(hash).update(certificate).digest();
  const stated = Buffer.from(hex, "hex");
  return actual.length === stated.length && timingSafeEqual(actual, stated);
}
