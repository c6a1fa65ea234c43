import { isToken, quote, splitOutside, unquote } from "./grammar.ts";
import { formatParams, type Params, parseParams } from "./params.ts";
import { excerpt, SipError } from "./sip-error.ts";

/** A From, To, Contact, Route… value: `"Name" <uri>;params`. The URI is kept as text. */
export type NameAddr = {
  readonly name?: string;
  readonly uri: string;
  readonly params: Params;
};

/**
 * Reads one name-addr or addr-spec; parameters after an addr-spec belong to the header (RFC 3261 section 20.10).
 * @throws SipError `bad_header`
 */
export function parseNameAddr(text: string, field = "address"): NameAddr {
  const [first = "", ...paramParts] = splitOutside(text, ";", field);
  const open = findBracket(first);
  if (open < 0) {
    if (first === "") throw new SipError({ code: "bad_header", field, message: `${field} is empty` });
    return { uri: first, params: parseParams(paramParts, field) };
  }
  const close = first.indexOf(">", open);
  const after = first.slice(close + 1).trim();
  if (close < 0 || after !== "") {
    throw new SipError({ code: "bad_header", field, message: `${field} ${excerpt(text)} is not a name-addr` });
  }
  const name = unquote(first.slice(0, open).trim());
  const uri = first.slice(open + 1, close).trim();
  return { ...(name !== "" && { name }), uri, params: parseParams(paramParts, field) };
}

/** Always in brackets; a name is quoted unless it is one token. */
export function formatNameAddr({ name, uri, params }: NameAddr): string {
  const shown = name === undefined || name === "" ? "" : `${isToken(name) ? name : quote(name)} `;
  return `${shown}<${uri}>${formatParams(params)}`;
}

/** Index of the `<` that stands outside quotes, or -1. */
function findBracket(text: string): number {
  let isQuoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (character === "\\" && isQuoted) at += 1;
    else if (character === '"') isQuoted = !isQuoted;
    else if (character === "<" && !isQuoted) return at;
  }
  return -1;
}
