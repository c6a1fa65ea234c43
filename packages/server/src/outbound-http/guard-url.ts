/** Keeps requests to URLs that users gave from reaching into the network that the server stands in (SSRF). */
import { type LookupAddress, lookup } from "node:dns";
import type { LookupFunction } from "node:net";
import ipaddr from "ipaddr.js";
import { Agent, type Dispatcher } from "undici";

/** Why a URL isn't called, in words for the agent's author. */
export class ForbiddenUrlError extends Error {
  override readonly name = "ForbiddenUrlError";
}

export interface UrlGuard {
  /**
   * Connects to allowed addresses only. The addresses that were checked are the ones connected to, so a name that
   * resolves to something else a moment later gains nothing.
   */
  readonly dispatcher: Dispatcher;
  /** @throws ForbiddenUrlError for what needs no look-up to be refused */
  check(url: string): URL;
  close(): Promise<void>;
}

export type ResolveHost = (
  hostname: string,
  done: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

const CONNECT_TIMEOUT_MS = 5_000;
const MAX_RESPONSE_BYTES = 1_000_000;

/**
 * @param options `allow`: hosts, addresses or CIDR ranges that may be reached although they are private;
 *   `resolve`: how names become addresses, the system's way by default; `maxResponseBytes`: 1 MB by default
 */
export function createUrlGuard(options: {
  readonly allow: readonly string[];
  readonly resolve?: ResolveHost;
  readonly maxResponseBytes?: number;
}): UrlGuard {
  const resolve = options.resolve ?? ((hostname, done) => lookup(hostname, { all: true }, done));
  const allow = parseAllowList(options.allow);

  const guardedLookup: LookupFunction = (hostname, lookupOptions, done) => {
    resolve(hostname, (error, addresses) => {
      if (error !== null) return done(error, "", 0);
      const isHostAllowed = allow.hosts.has(hostname.toLowerCase());
      const refused = isHostAllowed ? undefined : addresses.find(({ address }) => !isAllowedAddress(address, allow));
      const [first] = addresses;
      if (refused !== undefined || first === undefined) return done(forbidden(hostname), "", 0);
      if (lookupOptions.all) return done(null, addresses);
      return done(null, first.address, first.family);
    });
  };
  const agent = new Agent({
    connect: { lookup: guardedLookup, timeout: CONNECT_TIMEOUT_MS },
    connections: 32,
    pipelining: 1,
    maxResponseSize: options.maxResponseBytes ?? MAX_RESPONSE_BYTES,
  });

  return {
    dispatcher: agent,
    check(text) {
      if (!URL.canParse(text)) throw new ForbiddenUrlError("it is not a URL");
      const url = new URL(text);
      if (!["http:", "https:"].includes(url.protocol)) throw new ForbiddenUrlError("only http and https are called");
      if (url.username !== "" || url.password !== "")
        throw new ForbiddenUrlError("it must not hold a user or password");
      const host = url.hostname.replace(/^\[|\]$/g, "").replace(/\.$/, "");
      const isRefused = ipaddr.isValid(host) && !allow.hosts.has(host) && !isAllowedAddress(host, allow);
      if (isRefused) throw forbidden(host);
      return url;
    },
    async close() {
      await agent.destroy();
    },
  };
}

type Address = ipaddr.IPv4 | ipaddr.IPv6;
type AllowList = { readonly hosts: ReadonlySet<string>; readonly ranges: readonly [Address, number][] };

function parseAllowList(entries: readonly string[]): AllowList {
  const hosts = new Set<string>();
  const ranges: [Address, number][] = [];
  for (const entry of entries) {
    if (ipaddr.isValidCIDR(entry)) ranges.push(ipaddr.parseCIDR(entry));
    else if (ipaddr.isValid(entry)) {
      const address = ipaddr.process(entry);
      ranges.push([address, address.kind() === "ipv4" ? 32 : 128]);
    } else hosts.add(entry.toLowerCase());
  }
  return { hosts, ranges };
}

/** Public unicast, or listed. An IPv4 address dressed up as IPv6 counts as what it is. */
function isAllowedAddress(text: string, allow: AllowList): boolean {
  if (!ipaddr.isValid(text)) return false;
  const address = ipaddr.process(text);
  if (address.range() === "unicast") return true;
  return allow.ranges.some(([range, bits]) => range.kind() === address.kind() && address.match(range, bits));
}

function forbidden(host: string): ForbiddenUrlError {
  return new ForbiddenUrlError(
    `${host} is a private address; list it in EARSHOT_ALLOW_PRIVATE_URLS if webhooks may reach it`,
  );
}
