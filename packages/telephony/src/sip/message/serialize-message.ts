import { shownName } from "./header-names.ts";
import { excerpt, SipError } from "./sip-error.ts";
import type { SipMessage } from "./sip-message.ts";

const encoder = new TextEncoder();

/**
 * The bytes of a message; Content-Length is always written, from the body.
 * @throws SipError `header_injection` when the method or URI could break the start line
 */
export function serializeMessage(message: SipMessage): Uint8Array {
  let head = message.kind === "request" ? requestLine(message) : `SIP/2.0 ${message.status} ${message.reason}\r\n`;
  for (const [name, values] of message.headers.entries()) {
    if (name === "content-length") continue;
    const shown = shownName(name);
    for (const value of values) head += `${shown}: ${value}\r\n`;
  }
  head += `Content-Length: ${message.body.length}\r\n\r\n`;
  const start = encoder.encode(head);
  const bytes = new Uint8Array(start.length + message.body.length);
  bytes.set(start);
  bytes.set(message.body, start.length);
  return bytes;
}

function requestLine({ method, uri }: { method: string; uri: string }): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
  if (/[\s\x00-\x1f]/.test(method) || /[\s\x00-\x1f]/.test(uri)) {
    throw new SipError({
      code: "header_injection",
      field: "Request-URI",
      message: `${excerpt(method)} ${excerpt(uri)}: neither may hold white space or control characters`,
    });
  }
  return `${method} ${uri} SIP/2.0\r\n`;
}
