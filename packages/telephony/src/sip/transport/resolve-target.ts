import { isIP } from "node:net";
import { hostAddress, type SipUri } from "../message/uri.ts";
import type { Target, TransportProtocol } from "./network.ts";

/** Name lookups, so that tests need no network. */
export interface NameLookup {
  /** IP addresses of a host name; empty when there are none. */
  addresses(name: string): Promise<readonly string[]>;
  /** SRV records, best first; empty when there are none. */
  services(name: string): Promise<readonly { readonly name: string; readonly port: number }[]>;
}

/** At most so many addresses are tried for one request. */
const MAX_TARGETS = 8;

/**
 * Where a URI's requests go, best first (RFC 3263, without NAPTR): the named port or address, else SRV, else A/AAAA.
 * Empty when the name leads nowhere or the URI is a telephone number.
 */
export async function resolveTargets(uri: SipUri, lookup: NameLookup): Promise<readonly Target[]> {
  if (uri.scheme === "tel") return [];
  const protocol = protocolOf(uri);
  const host = hostAddress(uri.params.get("maddr") ?? uri.host);
  const defaultPort = protocol === "tls" ? 5061 : 5060;
  if (isIP(host) !== 0) return [{ protocol, address: host, port: uri.port ?? defaultPort, serverName: host }];
  const found: Target[] = [];
  if (uri.port === undefined) {
    for (const service of await lookup.services(`${SERVICE_PREFIX[protocol]}.${host}`)) {
      if (found.length >= MAX_TARGETS) break;
      const addresses = await lookup.addresses(service.name);
      for (const address of addresses) found.push({ protocol, address, port: service.port, serverName: host });
    }
  }
  if (found.length === 0) {
    for (const address of await lookup.addresses(host)) {
      found.push({ protocol, address, port: uri.port ?? defaultPort, serverName: host });
    }
  }
  return found.slice(0, MAX_TARGETS);
}

function protocolOf(uri: SipUri): TransportProtocol {
  if (uri.scheme === "sips") return "tls";
  const named = uri.params.get("transport")?.toLowerCase();
  return named === "tcp" || named === "tls" ? named : "udp";
}

const SERVICE_PREFIX: Readonly<Record<TransportProtocol, string>> = {
  udp: "_sip._udp",
  tcp: "_sip._tcp",
  tls: "_sips._tcp",
};
