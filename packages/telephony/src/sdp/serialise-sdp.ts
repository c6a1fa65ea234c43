import { SdpError } from "./sdp-error.ts";
import type { MediaDescription, SdpAddress, SdpAttribute, SessionDescription } from "./session-description.ts";

/**
 * Writes a description with CR LF line ends, as RFC 8866 orders the lines.
 * @throws SdpError for a value with a line break in it, which would write lines of its own
 */
export function serialiseSdp(description: SessionDescription): string {
  const { origin, name, connection, attributes, media } = description;
  const lines = [
    "v=0",
    `o=${origin.username} ${origin.sessionId} ${origin.sessionVersion} ${address(origin)}`,
    `s=${name}`,
    ...(connection ? [`c=${address(connection)}`] : []),
    "t=0 0",
    ...attributes.map(attribute),
    ...media.flatMap(stream),
  ];
  for (const line of lines) {
    if (/[\r\n\0]/.test(line))
      throw new SdpError("unwritable_value", `a line break or NUL inside ${line.slice(0, 20)}…`);
  }
  return `${lines.join("\r\n")}\r\n`;
}

function stream({ kind, port, protocol, formats, connection, attributes }: MediaDescription): string[] {
  return [
    `m=${kind} ${port} ${protocol} ${formats.join(" ")}`,
    ...(connection ? [`c=${address(connection)}`] : []),
    ...attributes.map(attribute),
  ];
}

function address(of: SdpAddress): string {
  return `IN ${of.family} ${of.address}`;
}

function attribute({ name, value }: SdpAttribute): string {
  return value === undefined ? `a=${name}` : `a=${name}:${value}`;
}
