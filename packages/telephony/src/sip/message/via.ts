import { formatParams, type Params, parseParamText } from "./params.ts";
import { excerpt, SipError } from "./sip-error.ts";
import { parseHostPort } from "./uri.ts";

/** One hop of a message: `SIP/2.0/UDP host:port;branch=…`. */
export type Via = {
  /** Default 2.0; a request of another is still told that it can't be read. */
  readonly version?: string;
  /** Upper case: UDP, TCP, TLS, … */
  readonly transport: string;
  readonly host: string;
  readonly port?: number;
  readonly params: Params;
};

/** Start of every branch that follows RFC 3261. */
export const BRANCH_COOKIE = "z9hG4bK";

/** @throws SipError `bad_header` */
export function parseVia(text: string): Via {
  const match = /^SIP\s*\/\s*(\d{1,3}\.\d{1,3})\s*\/\s*([A-Za-z0-9-]{1,20})\s+([^;]+)(.*)$/is.exec(text);
  const [, version, transport, sentBy, rest] = match ?? [];
  if (transport === undefined || sentBy === undefined) {
    throw new SipError({ code: "bad_header", field: "Via", message: `Via ${excerpt(text)} is not SIP/2.0/… host` });
  }
  return {
    ...(version !== undefined && version !== "2.0" && { version }),
    transport: transport.toUpperCase(),
    ...parseHostPort(sentBy.trim(), "Via"),
    params: parseParamText(rest ?? "", "Via"),
  };
}

export function formatVia({ version = "2.0", transport, host, port, params }: Via): string {
  return `SIP/${version}/${transport} ${host}${port === undefined ? "" : `:${port}`}${formatParams(params)}`;
}
