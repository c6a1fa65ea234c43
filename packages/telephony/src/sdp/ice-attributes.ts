/** What an ICE-lite side needs of the attributes of RFC 8839. */

import type { SessionDescription } from "./session-description.ts";
import { attributeValues, findAttribute, type MediaDescription, type SdpAttribute } from "./session-description.ts";

export type IceCredentials = { readonly usernameFragment: string; readonly password: string };

export type IceCandidate = {
  readonly component: number;
  readonly address: string;
  readonly port: number;
  readonly priority: number;
};

/** The peer's credentials, from the stream or else the session; undefined where it doesn't speak ICE. */
export function readIceCredentials(session: SessionDescription, media: MediaDescription): IceCredentials | undefined {
  const usernameFragment = findAttribute(media, "ice-ufrag") ?? findAttribute(session, "ice-ufrag");
  const password = findAttribute(media, "ice-pwd") ?? findAttribute(session, "ice-pwd");
  if (!(usernameFragment && password)) return undefined;
  if (!isIceWord(usernameFragment, 4) || !isIceWord(password, 22)) return undefined;
  return { usernameFragment, password };
}

/** The peer's UDP candidates, best first; unreadable ones are left out, and all above 32. */
export function readCandidates(media: MediaDescription): IceCandidate[] {
  return attributeValues(media, "candidate")
    .slice(0, 32)
    .map(readCandidate)
    .filter((candidate) => candidate !== undefined)
    .toSorted((a, b) => b.priority - a.priority);
}

/** A lite side offers its one address and answers checks (RFC 8445 section 2.5). */
export function writeIceLite(
  credentials: IceCredentials,
  at: { readonly address: string; readonly port: number; readonly rtcpPort: number | undefined },
): SdpAttribute[] {
  const host = (component: number, port: number) => ({
    name: "candidate",
    value: `1 ${component} UDP ${hostPriority(component)} ${at.address} ${port} typ host`,
  });
  return [
    { name: "ice-ufrag", value: credentials.usernameFragment },
    { name: "ice-pwd", value: credentials.password },
    host(1, at.port),
    ...(at.rtcpPort === undefined ? [] : [host(2, at.rtcpPort)]),
  ];
}

/** RFC 8445 section 5.1.2.1 with type preference 126 and the highest local preference. */
function hostPriority(component: number): number {
  return 126 * 2 ** 24 + 65_535 * 2 ** 8 + (256 - component);
}

function readCandidate(value: string): IceCandidate | undefined {
  const [, component, transport, priority, address, port] = value.trim().split(/\s+/);
  if (transport?.toUpperCase() !== "UDP" || !address || !/^[0-9A-Fa-f.:]{2,45}$/.test(address)) return undefined;
  const numbers = [component, priority, port].map(Number);
  if (!numbers.every((number) => Number.isInteger(number) && number > 0)) return undefined;
  const [componentId = 0, rank = 0, portNumber = 0] = numbers;
  return portNumber > 65_535 ? undefined : { component: componentId, address, port: portNumber, priority: rank };
}

function isIceWord(word: string, least: number): boolean {
  return word.length >= least && word.length <= 256 && /^[A-Za-z0-9+/]+$/.test(word);
}
