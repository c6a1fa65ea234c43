import { SipError } from "./sip-error.ts";

const TOKEN = /^[A-Za-z0-9\-.!%*_+`'~]+$/;

/** True for a token of RFC 3261 section 25.1. */
export function isToken(text: string): boolean {
  return TOKEN.test(text);
}

/**
 * Splits at a separator that stands outside quotes and angle brackets; the parts are trimmed, empty ones dropped.
 * @throws SipError `bad_header` when a quote or bracket stays open
 */
export function splitOutside(text: string, separator: "," | ";", field: string): string[] {
  const parts: string[] = [];
  let start = 0;
  for (const match of text.matchAll(PIECE)) {
    const piece = match[0];
    if (piece === '"' || piece === "<") {
      const what = piece === "<" ? "bracket" : "quote";
      throw new SipError({ code: "bad_header", field, message: `${field} has an open ${what}` });
    }
    if (piece !== separator) continue;
    parts.push(text.slice(start, match.index).trim());
    start = match.index + 1;
  }
  parts.push(text.slice(start).trim());
  return parts.filter((part) => part !== "");
}

/** A quoted string, something in brackets, a separator, or the start of what never ends. */
const PIECE = /"(?:[^"\\]|\\.)*"|<[^>]*>|[,;"<]/gs;

/** The text inside a quoted string, or the text itself. */
export function unquote(text: string): string {
  if (text.length < 2 || !text.startsWith('"') || !text.endsWith('"')) return text;
  return text.slice(1, -1).replace(/\\(.)/gs, "$1");
}

/** A quoted string. */
export function quote(text: string): string {
  return `"${text.replace(/["\\]/g, "\\$&")}"`;
}

/** A whole number without sign, or undefined. */
export function parseWhole(text: string, max: number): number | undefined {
  if (!/^\d{1,16}$/.test(text)) return undefined;
  const value = Number(text);
  return value <= max ? value : undefined;
}
