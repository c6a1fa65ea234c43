import { randomBytes } from "node:crypto";

const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
const DIGITS = new Map([...ALPHABET].map((digit, value) => [digit, BigInt(value)]));
const LENGTH = 26;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const ID = /^[a-z]+_([0-7][0-9a-hjkmnp-tv-z]{25})$/;

/**
 * An id such as "call_01k9q0…": a prefix and a UUIDv7 in 26 characters (the TypeID specification, v0.3). It sorts by the
 * time it was made (to the millisecond), and its 74 random bits can't be guessed.
 */
export function newId(prefix: string, nowMs: number): string {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(nowMs, 0, 6);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x70;
  return finish(prefix, bytes);
}

let last = { ms: 0, count: 0 };

/** How far the clock may go back before the order of ids follows it. */
const SLACK_MS = 1000;

/**
 * Like `newId`, and sorted in the order in which this process made them, also within a millisecond: 12 of the random
 * bits count (RFC 9562, section 6.2, method 1).
 */
export function newOrderedId(prefix: string, nowMs: number): string {
  const isLater = nowMs > last.ms || nowMs < last.ms - SLACK_MS;
  if (isLater) last = { ms: nowMs, count: 0 };
  else last = last.count === 0xfff ? { ms: last.ms + 1, count: 0 } : { ms: last.ms, count: last.count + 1 };
  const bytes = randomBytes(16);
  bytes.writeUIntBE(last.ms, 0, 6);
  bytes.writeUInt16BE(0x7000 | last.count, 6);
  return finish(prefix, bytes);
}

/** Sorts before all ids that are made at `atMs` or later, and after all earlier ones. */
export function firstIdAt(prefix: string, atMs: number): string {
  return `${prefix}_${encode(BigInt(Math.max(0, atMs)) << 80n)}`;
}

/** When an id was made, in ms since 1970: of ordered ones, later than or with all before it. Undefined for what isn't an id of ours. */
export function timeOfId(id: string): number | undefined {
  const uuid = toUuid(id);
  return uuid === undefined ? undefined : Number.parseInt(uuid.replace("-", "").slice(0, 12), 16);
}

/** The same id as a UUID, for vendors whose ids are UUIDs; undefined for what isn't an id of ours. */
export function toUuid(id: string): string | undefined {
  const text = ID.exec(id)?.[1];
  if (text === undefined) return undefined;
  let value = 0n;
  for (const digit of text) value = value * 32n + (DIGITS.get(digit) ?? 0n);
  const hex = value.toString(16).padStart(32, "0");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/** The reverse of `toUuid`; undefined for what isn't a UUID. */
export function fromUuid(prefix: string, uuid: string): string | undefined {
  const lower = uuid.toLowerCase();
  return UUID.test(lower) ? `${prefix}_${encode(BigInt(`0x${lower.replaceAll("-", "")}`))}` : undefined;
}

/** The same id under another vendor's prefix. */
export function withPrefix(prefix: string, id: string): string {
  return `${prefix}_${id.slice(id.indexOf("_") + 1)}`;
}

function finish(prefix: string, bytes: Buffer): string {
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return `${prefix}_${encode(BigInt(`0x${bytes.toString("hex")}`))}`;
}

function encode(value: bigint): string {
  let rest = value;
  const digits: string[] = [];
  for (let index = 0; index < LENGTH; index++) {
    digits.push(ALPHABET[Number(rest & 31n)] ?? "");
    rest >>= 5n;
  }
  return digits.reverse().join("");
}
