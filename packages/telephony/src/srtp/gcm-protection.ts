/** AES in Galois/counter mode (RFC 7714). */
import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject } from "node:crypto";
import { readUint32, writeUint16, writeUint32 } from "../rtp/rtp-packet.ts";
import {
  CONTROL_HEADER_BYTES,
  ENCRYPTED_FLAG,
  INDEX_BYTES,
  type PacketIndex,
  type PacketProtection,
} from "./packet-protection.ts";
import type { SessionKeys } from "./srtp-keys.ts";

const ALGORITHM = "aes-128-gcm";
const TAG_BYTES = 16;

type Keys = { readonly cipher: KeyObject; readonly salt: Uint8Array };

export class GcmProtection implements PacketProtection {
  readonly #rtp: Keys;
  readonly #control: Keys;
  readonly #iv = new Uint8Array(12);
  readonly #controlHeader = new Uint8Array(CONTROL_HEADER_BYTES + INDEX_BYTES);

  constructor(rtp: SessionKeys, control: SessionKeys) {
    this.#rtp = { cipher: createSecretKey(rtp.cipher), salt: rtp.salt };
    this.#control = { cipher: createSecretKey(control.cipher), salt: control.salt };
  }

  seal(bytes: Uint8Array, headerLength: number, length: number, index: PacketIndex): number {
    this.#setRtpIv(index);
    return this.#seal(this.#rtp, bytes, headerLength, length, bytes.subarray(0, headerLength));
  }

  open(bytes: Uint8Array, headerLength: number, length: number, index: PacketIndex): number | undefined {
    this.#setRtpIv(index);
    return this.#open(this.#rtp, bytes, headerLength, length, bytes.subarray(0, headerLength));
  }

  sealControl(bytes: Uint8Array, length: number, ssrc: number, index: number): number {
    const word = (index | ENCRYPTED_FLAG) >>> 0;
    this.#setControlIv(ssrc, index);
    const end = this.#seal(this.#control, bytes, CONTROL_HEADER_BYTES, length, this.#controlAad(bytes, word));
    writeUint32(bytes, end, word);
    return end + INDEX_BYTES;
  }

  openControl(bytes: Uint8Array, length: number, ssrc: number): { length: number; index: number } | undefined {
    const end = length - INDEX_BYTES;
    if (end < CONTROL_HEADER_BYTES + TAG_BYTES) return undefined;
    const word = readUint32(bytes, end);
    // Authentication without encryption is for streams that agreed on it; none of ours does.
    if (word < ENCRYPTED_FLAG) return undefined;
    const index = word & 0x7fff_ffff;
    this.#setControlIv(ssrc, index);
    const opened = this.#open(this.#control, bytes, CONTROL_HEADER_BYTES, end, this.#controlAad(bytes, word));
    return opened === undefined ? undefined : { length: opened, index };
  }

  #seal(keys: Keys, bytes: Uint8Array, from: number, to: number, aad: Uint8Array): number {
    const cipher = createCipheriv(ALGORITHM, keys.cipher, this.#iv).setAAD(aad);
    bytes.set(cipher.update(bytes.subarray(from, to)), from);
    cipher.final();
    bytes.set(cipher.getAuthTag(), to);
    return to + TAG_BYTES;
  }

  #open(keys: Keys, bytes: Uint8Array, from: number, to: number, aad: Uint8Array): number | undefined {
    const end = to - TAG_BYTES;
    if (end < from) return undefined;
    const cipher = createDecipheriv(ALGORITHM, keys.cipher, this.#iv, { authTagLength: TAG_BYTES });
    cipher.setAAD(aad).setAuthTag(bytes.subarray(end, to));
    const opened = cipher.update(bytes.subarray(from, end));
    try {
      cipher.final();
    } catch {
      return undefined;
    }
    bytes.set(opened, from);
    return end;
  }

  #setRtpIv({ ssrc, rollover, sequence }: PacketIndex): void {
    this.#setIv(this.#rtp, ssrc, rollover);
    const last = (((this.#iv[10] as number) << 8) | (this.#iv[11] as number)) ^ sequence;
    writeUint16(this.#iv, 10, last);
  }

  #setControlIv(ssrc: number, index: number): void {
    const iv = this.#iv;
    this.#setIv(this.#control, ssrc, 0);
    writeUint32(iv, 8, (readUint32(iv, 8) ^ index) >>> 0);
  }

  /** Two zero bytes, the source and the rollover counter, laid over the salt. */
  #setIv({ salt }: Keys, ssrc: number, rollover: number): void {
    const iv = this.#iv;
    iv.set(salt);
    writeUint32(iv, 2, (readUint32(iv, 2) ^ ssrc) >>> 0);
    writeUint32(iv, 6, (readUint32(iv, 6) ^ rollover) >>> 0);
  }

  #controlAad(bytes: Uint8Array, word: number): Uint8Array {
    this.#controlHeader.set(bytes.subarray(0, CONTROL_HEADER_BYTES));
    writeUint32(this.#controlHeader, CONTROL_HEADER_BYTES, word);
    return this.#controlHeader;
  }
}
