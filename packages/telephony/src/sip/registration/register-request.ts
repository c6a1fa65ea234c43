import { parseWhole } from "../message/grammar.ts";
import { parseNameAddr } from "../message/name-addr.ts";
import { SipError } from "../message/sip-error.ts";
import { callIdOf, cseqOf, type SipRequest, toOf } from "../message/sip-message.ts";
import { parseUri, type SipUri, userOf } from "../message/uri.ts";
import type { Source } from "../transport/network.ts";
import type { Binding } from "./location-store.ts";

/** What a REGISTER asks for (RFC 3261 section 10.3). */
export type RegisterRequest =
  | { readonly kind: "query"; readonly aor: string }
  | { readonly kind: "remove-all"; readonly aor: string }
  | { readonly kind: "change"; readonly aor: string; readonly contacts: readonly ContactChange[] };

export type ContactChange = {
  readonly contact: string;
  /** 0: take it away; undefined: the registrar chooses. */
  readonly expiresMs: number | undefined;
  readonly priority: number;
  readonly instanceId: string | undefined;
};

const MAX_SECONDS = 2 ** 32 - 1;

/** @throws SipError when an address or the use of `*` is wrong */
export function readRegister(request: SipRequest): RegisterRequest {
  const { headers } = request;
  const aor = canonicalAor(parseUri(toOf(request).uri, "To"));
  const common = secondsToMs(headers.get("expires"));
  const contacts = headers.all("contact");
  if (contacts.length === 0) return { kind: "query", aor };
  if (contacts.includes("*")) {
    if (contacts.length === 1 && common === 0) return { kind: "remove-all", aor };
    throw new SipError({ code: "bad_header", field: "Contact", message: "Contact * stands alone and with Expires: 0" });
  }
  return { kind: "change", aor, contacts: contacts.map((text) => readContact(text, common)) };
}

/** `user@domain`, the domain in lower case; ports and parameters don't make another address. */
function canonicalAor(uri: SipUri): string {
  return `${userOf(uri)}@${uri.host.toLowerCase()}`;
}

/** The binding that a change makes. */
export function toBinding(options: {
  change: ContactChange;
  request: SipRequest;
  source: Source;
  expiresAtMs: number;
}): Binding {
  const { change, request, source, expiresAtMs } = options;
  const { contact, priority, instanceId } = change;
  return {
    contact,
    callId: callIdOf(request),
    cseq: cseqOf(request).number,
    expiresAtMs,
    priority,
    userAgent: request.headers.get("user-agent")?.slice(0, 200),
    instanceId,
    path: request.headers.all("path"),
    source,
  };
}

function readContact(text: string, commonMs: number | undefined): ContactChange {
  const { uri, params } = parseNameAddr(text, "Contact");
  parseUri(uri, "Contact");
  const priority = Number(params.get("q") ?? 1);
  return {
    contact: uri,
    expiresMs: secondsToMs(params.get("expires")) ?? commonMs,
    priority: priority >= 0 && priority <= 1 ? priority : 1,
    instanceId: params.get("+sip.instance")?.slice(0, 200),
  };
}

/** Broken values count as absent (RFC 3261 section 20.19). */
function secondsToMs(text: string | undefined): number | undefined {
  const seconds = parseWhole(text ?? "", MAX_SECONDS);
  return seconds === undefined ? undefined : seconds * 1000;
}
