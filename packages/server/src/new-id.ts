import { customAlphabet } from "nanoid";

const ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyz";
const TIME_DIGITS = 9;
const random = customAlphabet(ALPHABET, 14);

/**
 * An id such as "call_0mh3k2x9a4…": it sorts by the time it was made (to the millisecond), and its 14 random
 * characters (72 bits) can't be guessed.
 */
export function newId(prefix: string, nowMs: number): string {
  return `${prefix}_${nowMs.toString(36).padStart(TIME_DIGITS, "0")}${random()}`;
}
