import { Hono } from "hono";
import { expect, it } from "vitest";
import { createVisitorOf } from "./visitor-address.ts";

const PROXIES = ["127.0.0.0/8", "::1", "10.0.0.0/8", "192.0.2.1"];

async function visitor(remoteAddress: string | undefined, forwarded?: string): Promise<string> {
  const visitorOf = createVisitorOf(PROXIES);
  const app = new Hono().get("/", (c) => c.text(visitorOf(c) ?? "nobody"));
  const headers = forwarded === undefined ? {} : { "X-Forwarded-For": forwarded };
  const env = remoteAddress === undefined ? undefined : { incoming: { socket: { remoteAddress } } };
  return (await app.request("/", { headers }, env)).text();
}

it.each([
  ["who connects without a proxy", "203.0.113.7", undefined, "203.0.113.7"],
  ["IPv4 on an IPv6 socket", "::ffff:203.0.113.7", undefined, "203.0.113.7"],
  ["whom a trusted proxy names", "127.0.0.1", "203.0.113.7", "203.0.113.7"],
  ["whom the first of several trusted proxies names", "::1", "203.0.113.7, 192.0.2.1, 10.1.2.3", "203.0.113.7"],
  ["with a port, as some proxies write", "127.0.0.1", "203.0.113.7:4711", "203.0.113.7"],
  ["not whom a visitor claims to be, straight", "203.0.113.7", "198.51.100.1", "203.0.113.7"],
  ["not whom a visitor claims to be, through a proxy", "127.0.0.1", "198.51.100.1, 203.0.113.7", "203.0.113.7"],
  ["the proxy, when what it names is no address", "127.0.0.1", "unknown", "127.0.0.1"],
  ["the proxy, when it names nobody", "10.0.0.9", undefined, "10.0.0.9"],
  ["the household of an IPv6 address", "127.0.0.1", "[2001:db8:0:7:1::9]:4711", "2001:db8:0:7::/64"],
  ["and of its neighbour", "2001:db8:0:7::1%eth0", undefined, "2001:db8:0:7::/64"],
  ["a short IPv6 address", "fd00::1", undefined, "fd00:0:0:0::/64"],
])("is %s", async (_, peer, forwarded, expected) => {
  expect(await visitor(peer, forwarded)).toBe(expected);
});

it("is nobody where there is no socket", async () => {
  expect(await visitor(undefined, "203.0.113.7")).toBe("nobody");
});
