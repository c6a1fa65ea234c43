/** Who is at the other end of a request, behind proxies too. */
import { isIP, isIPv6 } from "node:net";
import { AllowList } from "@earshot/telephony";
import type { Context } from "hono";

/** An IPv4 address, or the /64 of an IPv6 address, which is one household's; undefined where there is no socket. */
export type VisitorOf = (c: Context) => string | undefined;

/** As @hono/node-server hands them over. */
type Bindings =
  | { readonly incoming?: { readonly socket?: { readonly remoteAddress?: string | undefined } } }
  | undefined;

const MAX_HOPS = 20;

/**
 * Each proxy appends whom it heard to X-Forwarded-For: read from its end, the first address that isn't a trusted
 * proxy's is the visitor's. What stands before that anybody may have written.
 * @param trustedProxies addresses and CIDR ranges
 */
export function createVisitorOf(trustedProxies: readonly string[]): VisitorOf {
  let trusted: AllowList | undefined;
  return (c) => {
    trusted ??= new AllowList(trustedProxies);
    const peer = (c.env as Bindings)?.incoming?.socket?.remoteAddress;
    if (peer === undefined) return undefined;
    let address = toAddress(peer) ?? peer;
    const hops = (c.req.header("X-Forwarded-For") ?? "").split(",").slice(-MAX_HOPS);
    while (trusted.has(address)) {
      const before = toAddress(hops.pop() ?? "");
      if (before === undefined) break;
      address = before;
    }
    return isIPv6(address) ? toNetwork(address) : address;
  };
}

/** Without port, brackets and zone; IPv4 in IPv6 as IPv4. */
function toAddress(text: string): string | undefined {
  const trimmed = text.trim();
  const bare = /^\[([^\]]+)\]/.exec(trimmed)?.[1] ?? /^(\d+(?:\.\d+){3}):\d+$/.exec(trimmed)?.[1] ?? trimmed;
  const address = bare.replace(/%.*$/, "").replace(/^::ffff:(?=\d+\.)/i, "");
  return isIP(address) === 0 ? undefined : address;
}

function toNetwork(address: string): string {
  const [, canonical = address] = /^\[(.*)\]$/.exec(new URL(`http://[${address}]`).hostname) ?? [];
  const [head = "", tail] = canonical.split("::");
  const [left, right] = [head.split(":").filter(Boolean), (tail ?? "").split(":").filter(Boolean)];
  const zeros = tail === undefined ? [] : Array<string>(8 - left.length - right.length).fill("0");
  return `${[...left, ...zeros, ...right].slice(0, 4).join(":")}::/64`;
}
