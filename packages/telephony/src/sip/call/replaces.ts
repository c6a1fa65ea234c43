import { parseParamText } from "../message/params.ts";
import { SipError } from "../message/sip-error.ts";
import { unescapeUri } from "../message/uri.ts";

/** The call that a new one takes the place of, named from the receiver's side (RFC 3891). */
export type Replaces = {
  readonly callId: string;
  /** The receiver's own tag. */
  readonly toTag: string;
  readonly fromTag: string;
  /** Only while that call isn't answered. */
  readonly isEarlyOnly: boolean;
};

/** @throws SipError `bad_header` */
export function parseReplaces(text: string): Replaces {
  const cut = text.indexOf(";");
  const callId = text.slice(0, Math.max(0, cut)).trim();
  const params = parseParamText(text.slice(cut + 1), "Replaces");
  const toTag = params.get("to-tag");
  const fromTag = params.get("from-tag");
  if (callId === "" || toTag === undefined || fromTag === undefined) {
    const message = "Replaces needs a Call-ID, a to-tag and a from-tag";
    throw new SipError({ code: "bad_header", field: "Replaces", message });
  }
  return { callId, toTag, fromTag, isEarlyOnly: params.has("early-only") };
}

export function formatReplaces({ callId, toTag, fromTag, isEarlyOnly }: Replaces): string {
  return `${callId};to-tag=${toTag};from-tag=${fromTag}${isEarlyOnly ? ";early-only" : ""}`;
}

/** A Refer-To URI taken apart: where to call, and with which headers. Only harmless headers are let through. */
export function readReferTo(uri: string): { target: string; headers: Readonly<Record<string, string>> } {
  const question = uri.indexOf("?");
  if (question < 0) return { target: uri, headers: {} };
  const headers: Record<string, string> = {};
  for (const pair of uri.slice(question + 1).split("&")) {
    const equals = pair.indexOf("=");
    const name = unescapeUri(pair.slice(0, Math.max(0, equals))).toLowerCase();
    const value = unescapeUri(pair.slice(equals + 1));
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
    if (/^(replaces|require|user-to-user|x-[a-z0-9-]+)$/.test(name) && !/[\x00-\x1f]/.test(value))
      headers[name] = value;
  }
  return { target: uri.slice(0, question), headers };
}
