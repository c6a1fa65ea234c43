/** The part of STUN (RFC 5389) that an ICE-lite side needs: binding requests in, their answers out. */
import { createHmac, timingSafeEqual } from "node:crypto";
import { isIPv6 } from "node:net";
import { crc32 } from "node:zlib";
import { readUint16, readUint32, writeUint16, writeUint32 } from "../rtp/rtp-packet.ts";

const HEADER_BYTES = 20;
const COOKIE = 0x2112_a442;
const FINGERPRINT_MASK = 0x5354_554e;
const BINDING_REQUEST = 0x0001;
const BINDING_SUCCESS = 0x0101;
const BINDING_ERROR = 0x0111;
const USERNAME = 0x0006;
const MESSAGE_INTEGRITY = 0x0008;
const ERROR_CODE = 0x0009;
const XOR_MAPPED_ADDRESS = 0x0020;
const USE_CANDIDATE = 0x0025;
const ICE_CONTROLLED = 0x8029;
const FINGERPRINT = 0x8028;
const INTEGRITY_BYTES = 24;
const FINGERPRINT_BYTES = 8;
const MAX_ATTRIBUTES = 32;

export type BindingRequest = {
  readonly transaction: Uint8Array;
  readonly username: string;
  readonly isNominating: boolean;
  /** The peer believes itself the controlled side, as we do. */
  readonly isControlled: boolean;
};

/** Reads a binding request and checks it with our password. Undefined for anything else, or when it isn't genuine. */
export function readBindingRequest(bytes: Uint8Array, password: string): BindingRequest | undefined {
  if (bytes.length < HEADER_BYTES + INTEGRITY_BYTES || readUint16(bytes, 0) !== BINDING_REQUEST) return undefined;
  if (readUint16(bytes, 2) !== bytes.length - HEADER_BYTES || readUint32(bytes, 4) !== COOKIE) return undefined;
  const attributes = readAttributes(bytes);
  const integrity = attributes?.get(MESSAGE_INTEGRITY);
  const username = attributes?.get(USERNAME);
  const fingerprint = attributes?.get(FINGERPRINT);
  if (!(attributes && integrity && username && fingerprint)) return undefined;
  if (integrity.length !== 20 || fingerprint.length !== 4) return undefined;
  if (!hasFingerprint(bytes, fingerprint)) return undefined;
  const expected = integrityOf(bytes, integrity.at - 4, password);
  if (!timingSafeEqual(expected, bytes.subarray(integrity.at, integrity.at + 20))) return undefined;
  return {
    transaction: Uint8Array.from(bytes.subarray(8, HEADER_BYTES)),
    username: new TextDecoder().decode(bytes.subarray(username.at, username.at + username.length)),
    isNominating: attributes.has(USE_CANDIDATE),
    isControlled: attributes.has(ICE_CONTROLLED),
  };
}

/** "This is where your packet came from", under our password. */
export function writeBindingSuccess(
  transaction: Uint8Array,
  from: { readonly address: string; readonly port: number },
  password: string,
): Uint8Array {
  return finish(BINDING_SUCCESS, transaction, [attribute(XOR_MAPPED_ADDRESS, xorAddress(transaction, from))], password);
}

/** "We can't both be controlled" (487): the peer takes the other role. */
export function writeRoleConflict(transaction: Uint8Array, password: string): Uint8Array {
  const value = new Uint8Array([0, 0, 4, 87, ...new TextEncoder().encode("Role Conflict")]);
  return finish(BINDING_ERROR, transaction, [attribute(ERROR_CODE, value)], password);
}

/** A binding request as a peer makes it. */
export function writeBindingRequest(
  transaction: Uint8Array,
  request: { readonly username: string; readonly isNominating?: boolean; readonly isControlled?: boolean },
  password: string,
): Uint8Array {
  const attributes = [
    attribute(USERNAME, new TextEncoder().encode(request.username)),
    ...(request.isNominating ? [attribute(USE_CANDIDATE, new Uint8Array(0))] : []),
    ...(request.isControlled ? [attribute(ICE_CONTROLLED, new Uint8Array(8))] : []),
  ];
  return finish(BINDING_REQUEST, transaction, attributes, password);
}

type Place = { readonly at: number; readonly length: number };

/** Where each attribute's value is; what stands behind the integrity, but for the fingerprint, counts for nothing. */
function readAttributes(bytes: Uint8Array): Map<number, Place> | undefined {
  const found = new Map<number, Place>();
  for (let at = HEADER_BYTES; at < bytes.length; ) {
    if (at + 4 > bytes.length || found.size >= MAX_ATTRIBUTES) return undefined;
    const type = readUint16(bytes, at);
    const length = readUint16(bytes, at + 2);
    if (at + 4 + length > bytes.length) return undefined;
    const counts = !found.has(MESSAGE_INTEGRITY) || type === FINGERPRINT;
    if (counts && !found.has(type)) found.set(type, { at: at + 4, length });
    at += 4 + 4 * Math.ceil(length / 4);
  }
  return found;
}

/** The length in the header counts up to and with the integrity attribute, whatever follows. */
function integrityOf(bytes: Uint8Array, end: number, password: string): Buffer {
  const covered = Uint8Array.from(bytes.subarray(0, end));
  writeUint16(covered, 2, end - HEADER_BYTES + INTEGRITY_BYTES);
  return createHmac("sha1", password).update(covered).digest();
}

function hasFingerprint(bytes: Uint8Array, { at, length }: Place): boolean {
  if (length !== 4 || at + 4 !== bytes.length) return false;
  return readUint32(bytes, at) === (crc32(bytes.subarray(0, at - 4)) ^ FINGERPRINT_MASK) >>> 0;
}

function finish(type: number, transaction: Uint8Array, attributes: Uint8Array[], password: string): Uint8Array {
  const body = Buffer.concat(attributes);
  const integrityAt = HEADER_BYTES + body.length;
  const bytes = new Uint8Array(integrityAt + INTEGRITY_BYTES + FINGERPRINT_BYTES);
  writeUint16(bytes, 0, type);
  writeUint32(bytes, 4, COOKIE);
  bytes.set(transaction, 8);
  bytes.set(body, HEADER_BYTES);
  bytes.set(attribute(MESSAGE_INTEGRITY, integrityOf(bytes, integrityAt, password)), integrityAt);
  writeUint16(bytes, 2, bytes.length - HEADER_BYTES);
  const fingerprintAt = integrityAt + INTEGRITY_BYTES;
  const fingerprint = new Uint8Array(4);
  writeUint32(fingerprint, 0, (crc32(bytes.subarray(0, fingerprintAt)) ^ FINGERPRINT_MASK) >>> 0);
  bytes.set(attribute(FINGERPRINT, fingerprint), fingerprintAt);
  return bytes;
}

function attribute(type: number, value: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(4 + 4 * Math.ceil(value.length / 4));
  writeUint16(bytes, 0, type);
  writeUint16(bytes, 2, value.length);
  bytes.set(value, 4);
  return bytes;
}

function xorAddress(transaction: Uint8Array, { address, port }: { address: string; port: number }): Uint8Array {
  const octets = isIPv6(address) ? ipv6Octets(address) : address.split(".").map(Number);
  const value = new Uint8Array(4 + octets.length);
  value[1] = octets.length === 16 ? 2 : 1;
  writeUint16(value, 2, port ^ (COOKIE >>> 16));
  const mask = [0x21, 0x12, 0xa4, 0x42, ...transaction];
  octets.forEach((octet, index) => {
    value[4 + index] = octet ^ (mask[index] as number);
  });
  return value;
}

function ipv6Octets(address: string): number[] {
  const [plain = ""] = address.split("%", 1);
  const [head = "", tail] = plain.split("::");
  const groups = (text: string) => (text === "" ? [] : text.split(":").flatMap(groupOctets));
  const first = groups(head);
  if (tail === undefined) return first;
  const last = groups(tail);
  return [...first, ...Array<number>(16 - first.length - last.length).fill(0), ...last];
}

/** Two octets, or the four of an embedded IPv4 address. */
function groupOctets(group: string): number[] {
  if (group.includes(".")) return group.split(".").map(Number);
  const value = Number.parseInt(group, 16);
  return [value >> 8, value & 255];
}
