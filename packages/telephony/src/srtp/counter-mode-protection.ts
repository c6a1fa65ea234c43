/** AES in counter mode with HMAC-SHA1 (RFC 3711 sections 4.1.1 and 4.2.1). */
import { createCipheriv, createHmac, createSecretKey, type KeyObject, timingSafeEqual } from "node:crypto";
import { readUint32, writeUint16, writeUint32 } from "../rtp/rtp-packet.ts";
import {
  CONTROL_HEADER_BYTES,
  ENCRYPTED_FLAG,
  INDEX_BYTES,
  type PacketIndex,
  type PacketProtection,
} from "./packet-protection.ts";
import type { SessionKeys } from "./srtp-keys.ts";

const BLOCK_BYTES = 16;
const MAX_BLOCKS = 100;
/** Also with the 32-bit suite: RFC 4568 section 6.2. */
const CONTROL_TAG_BYTES = 10;

export class CounterModeProtection implements PacketProtection {
  readonly #rtp: Keystream;
  readonly #control: Keystream;
  // Key objects: bytes would be made into one for every packet, at five times the cost.
  readonly #rtpKey: KeyObject;
  readonly #controlKey: KeyObject;
  readonly #tagBytes: number;
  readonly #rollover = new Uint8Array(4);

  constructor(rtp: SessionKeys, control: SessionKeys, tagBytes: number) {
    this.#rtp = new Keystream(rtp);
    this.#control = new Keystream(control);
    this.#rtpKey = createSecretKey(rtp.authentication);
    this.#controlKey = createSecretKey(control.authentication);
    this.#tagBytes = tagBytes;
  }

  seal(bytes: Uint8Array, headerLength: number, length: number, index: PacketIndex): number {
    this.#rtp.apply(bytes, headerLength, length, index.ssrc, index.rollover, index.sequence);
    bytes.set(this.#tag(bytes, length, index.rollover), length);
    return length + this.#tagBytes;
  }

  open(bytes: Uint8Array, headerLength: number, length: number, index: PacketIndex): number | undefined {
    const end = length - this.#tagBytes;
    if (end < headerLength) return undefined;
    if (!timingSafeEqual(this.#tag(bytes, end, index.rollover), bytes.subarray(end, length))) return undefined;
    this.#rtp.apply(bytes, headerLength, end, index.ssrc, index.rollover, index.sequence);
    return end;
  }

  sealControl(bytes: Uint8Array, length: number, ssrc: number, index: number): number {
    this.#control.apply(bytes, CONTROL_HEADER_BYTES, length, ssrc, index >>> 16, index & 0xffff);
    writeUint32(bytes, length, (index | ENCRYPTED_FLAG) >>> 0);
    const end = length + INDEX_BYTES;
    bytes.set(this.#controlTag(bytes, end), end);
    return end + CONTROL_TAG_BYTES;
  }

  openControl(bytes: Uint8Array, length: number, ssrc: number): { length: number; index: number } | undefined {
    const end = length - CONTROL_TAG_BYTES;
    const payloadEnd = end - INDEX_BYTES;
    if (payloadEnd < CONTROL_HEADER_BYTES) return undefined;
    if (!timingSafeEqual(this.#controlTag(bytes, end), bytes.subarray(end, length))) return undefined;
    const word = readUint32(bytes, payloadEnd);
    const index = word & 0x7fff_ffff;
    if (word >= ENCRYPTED_FLAG)
      this.#control.apply(bytes, CONTROL_HEADER_BYTES, payloadEnd, ssrc, index >>> 16, index & 0xffff);
    return { length: payloadEnd, index };
  }

  #tag(bytes: Uint8Array, length: number, rollover: number): Buffer {
    writeUint32(this.#rollover, 0, rollover);
    const hmac = createHmac("sha1", this.#rtpKey).update(bytes.subarray(0, length)).update(this.#rollover);
    return hmac.digest().subarray(0, this.#tagBytes);
  }

  #controlTag(bytes: Uint8Array, length: number): Buffer {
    const hmac = createHmac("sha1", this.#controlKey).update(bytes.subarray(0, length));
    return hmac.digest().subarray(0, CONTROL_TAG_BYTES);
  }
}

/** The counter blocks are encrypted one by one with a cipher that lasts: making one for each packet costs more than twice as much. */
class Keystream {
  readonly #cipher: ReturnType<typeof createCipheriv>;
  readonly #salt: Buffer;
  readonly #blocks = new Uint8Array(MAX_BLOCKS * BLOCK_BYTES);

  constructor(keys: SessionKeys) {
    this.#cipher = createCipheriv("aes-128-ecb", keys.cipher, null).setAutoPadding(false);
    this.#salt = keys.salt;
    for (let block = 0; block < MAX_BLOCKS; block++) writeUint16(this.#blocks, block * BLOCK_BYTES + 14, block);
  }

  /** `high` and `low` are the upper 32 and the lower 16 bits of the packet's index. */
  apply(bytes: Uint8Array, from: number, to: number, ssrc: number, high: number, low: number): void {
    const count = Math.ceil((to - from) / BLOCK_BYTES);
    if (count > MAX_BLOCKS) throw new RangeError(`A packet of ${to} bytes is longer than a datagram.`);
    const blocks = this.#blocks;
    for (let i = 0; i < 14; i++) blocks[i] = this.#salt[i] as number;
    writeUint32(blocks, 4, (readUint32(blocks, 4) ^ ssrc) >>> 0);
    writeUint32(blocks, 8, (readUint32(blocks, 8) ^ high) >>> 0);
    writeUint16(blocks, 12, (((blocks[12] as number) << 8) | (blocks[13] as number)) ^ low);
    for (let block = 1; block < count; block++) blocks.copyWithin(block * BLOCK_BYTES, 0, 14);
    const stream = this.#cipher.update(blocks.subarray(0, count * BLOCK_BYTES));
    for (let i = 0; i < to - from; i++) bytes[from + i] = (bytes[from + i] as number) ^ (stream[i] as number);
  }
}
