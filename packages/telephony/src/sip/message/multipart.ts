import { canonicalName } from "./header-names.ts";
import { parseParamText } from "./params.ts";
import { SipError } from "./sip-error.ts";
import type { SipBody } from "./sip-message.ts";

/** Parts looked at in one body. */
const MAX_PARTS = 16;

/**
 * The body itself when it is of `contentType`, or the first such part of a multipart body (RFC 5621), e.g. the SDP
 * beside a location. Undefined when there is none or the body is broken.
 */
export function findPart(body: SipBody, contentType: string): SipBody | undefined {
  const [own = ""] = body.contentType.split(";");
  if (own.trim().toLowerCase() === contentType) return body;
  if (!/^\s*multipart\//i.test(own)) return undefined;
  const boundary = findBoundary(body.contentType);
  if (boundary === undefined) return undefined;
  // Latin-1 keeps each byte one character, so that a part's bytes come out as they went in.
  const text = new TextDecoder("latin1").decode(body.content);
  const pieces = `\r\n${text}`.split(`\r\n--${boundary}`).slice(1, MAX_PARTS + 1);
  for (const piece of pieces) {
    if (piece.startsWith("--")) break;
    const part = readPart(piece);
    if (part?.contentType.split(";")[0]?.trim().toLowerCase() === contentType) return part;
  }
  return undefined;
}

function findBoundary(contentType: string): string | undefined {
  try {
    const boundary = parseParamText(contentType.slice(contentType.indexOf(";") + 1), "Content-Type").get("boundary");
    return boundary === "" ? undefined : boundary;
  } catch (error) {
    if (error instanceof SipError) return undefined;
    throw error;
  }
}

function readPart(piece: string): SipBody | undefined {
  const headEnd = piece.indexOf("\r\n\r\n");
  if (headEnd < 0) return undefined;
  const types = piece
    .slice(0, headEnd)
    .split("\r\n")
    .map((line) => line.split(":"))
    .filter(([name = ""]) => canonicalName(name.trim()) === "content-type");
  const contentType = types[0]?.slice(1).join(":").trim() ?? "text/plain";
  return { contentType, content: Uint8Array.from(piece.slice(headEnd + 4), (one) => one.charCodeAt(0) & 0xff) };
}
