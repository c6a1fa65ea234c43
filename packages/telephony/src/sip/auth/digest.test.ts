import { describe, expect, it } from "vitest";
import { ManualClock } from "../../testing/manual-clock.ts";
import { request, response } from "../testing/messages.ts";
import { parseDigestHeader } from "./auth-header.ts";
import { digestResponse } from "./digest.ts";
import { DigestClient } from "./digest-client.ts";
import { DigestServer } from "./digest-server.ts";

const secrets = (username: string) => (username === "alice" ? { password: "secret" } : undefined);

/** A server and the client's dealings with it, one request at a time. */
function exchange(options: { password?: string; algorithms?: readonly ("MD5" | "SHA-256")[]; isProxy?: boolean } = {}) {
  const clock = new ManualClock(0);
  const { password = "secret", isProxy = false } = options;
  const server = new DigestServer({
    clock,
    realm: "example",
    maxNonces: 4,
    isProxy,
    ...(options.algorithms && { algorithms: options.algorithms }),
  });
  const client = new DigestClient([{ username: "alice", password }]);
  let attempt = 0;
  return {
    clock,
    client,
    server,
    /** Sends one request and learns from a challenge. */
    async step(method = "INVITE") {
      const sent = request(method);
      client.authorize(sent);
      const verdict = await server.check(sent, secrets);
      if (verdict.kind === "accepted") {
        attempt = 0;
        return "accepted";
      }
      attempt += 1;
      const refused = response(sent, verdict.status);
      for (const [name, values] of Object.entries(verdict.headers)) refused.headers.set(name, values);
      const next = client.learn(refused, attempt);
      return `${verdict.status} ${verdict.reason}, ${next.kind === "retry" ? "retry" : next.reason}`;
    },
  };
}

describe("digestResponse", () => {
  const example = {
    username: "Mufasa",
    realm: "http-auth@example.org",
    secret: { password: "Circle of Life" },
    method: "GET",
    uri: "/dir/index.html",
    nonce: "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v",
    nc: "00000001",
    cnonce: "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ",
    qop: "auth",
  } as const;

  it("agrees with the examples of RFC 7616 section 3.9.1", () => {
    expect(digestResponse({ ...example, algorithm: "MD5" })).toBe("8ca523f5e9506fed4657c9700eebdbec");
    expect(digestResponse({ ...example, algorithm: "SHA-256" })).toBe(
      "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1",
    );
  });

  it("takes the hash of user, realm and password in place of the password", () => {
    const ha1 = "3d78807defe7de2157e2b0b6573a855f";
    expect(digestResponse({ ...example, algorithm: "MD5", secret: { ha1 } })).toBe("8ca523f5e9506fed4657c9700eebdbec");
  });

  it("covers the body with auth-int", () => {
    const one = digestResponse({ ...example, algorithm: "MD5", qop: "auth-int", body: new Uint8Array([1]) });
    const other = digestResponse({ ...example, algorithm: "MD5", qop: "auth-int", body: new Uint8Array([2]) });
    expect(one).not.toBe(other);
  });
});

describe("digest authentication", () => {
  it.each([[["MD5"]], [["SHA-256"]], [["SHA-256", "MD5"]]] as const)(
    "lets the right password in with %j",
    async (algorithms) => {
      const { step } = exchange({ algorithms });
      expect(await step()).toBe("401 no_credentials, retry");
      expect(await step()).toBe("accepted");
      expect(await step("BYE")).toBe("accepted");
    },
  );

  it("answers a proxy in its own header", async () => {
    const { step, client } = exchange({ isProxy: true });
    expect(await step()).toBe("407 no_credentials, retry");
    expect(await step()).toBe("accepted");
    const next = request("BYE");
    client.authorize(next);
    expect(next.headers.has("authorization")).toBe(false);
    expect(parseDigestHeader(next.headers.get("proxy-authorization") ?? "")?.get("nc")).toBe("00000002");
  });

  it("gives up on a wrong password at the second refusal", async () => {
    const { step } = exchange({ password: "wrong" });
    expect(await step()).toBe("401 no_credentials, retry");
    expect(await step()).toBe("401 wrong_credentials, wrong_credentials");
  });

  it("tries again with a new nonce when the old one is stale", async () => {
    const { step, clock } = exchange();
    await step();
    expect(await step()).toBe("accepted");
    await clock.pass(301_000);
    expect(await step()).toBe("401 stale_nonce, retry");
    expect(await step()).toBe("accepted");
  });

  it("refuses the same credentials twice", async () => {
    const { step, client, server } = exchange();
    await step();
    const sent = request();
    client.authorize(sent);
    expect((await server.check(sent, secrets)).kind).toBe("accepted");
    expect(await server.check(sent, secrets)).toMatchObject({ kind: "challenge", reason: "stale_nonce" });
  });

  it("refuses credentials made for another method, user or address, or with a forged nonce", async () => {
    const { step, client, server } = exchange();
    await step();
    const sent = request();
    client.authorize(sent);
    const header = sent.headers.get("authorization") ?? "";
    const tampered = async (from: string | RegExp, to: string, method = "INVITE") => {
      const other = request(method);
      other.headers.set("authorization", header.replace(from, to));
      const verdict = await server.check(other, secrets);
      return verdict.kind === "challenge" ? verdict.reason : verdict.kind;
    };
    expect(await tampered("x", "x", "BYE")).toBe("wrong_credentials");
    expect(await tampered('username="alice"', 'username="bob"')).toBe("wrong_credentials");
    expect(await tampered("bob@example.com", "eve@example.com")).toBe("wrong_credentials");
    expect(await tampered(/nonce="[^"]*/, 'nonce="0.abc.def')).toBe("no_credentials");
    expect(await tampered("", "")).toBe("accepted");
  });

  it("remembers a bounded number of nonces and calls the older stale", async () => {
    const { server, clock } = exchange();
    const clients = Array.from({ length: 6 }, () => exchange());
    const results: string[] = [];
    const used: ReturnType<typeof request>[] = [];
    for (const { client } of clients) {
      await clock.pass(10);
      const challenge = await server.check(request(), secrets);
      if (challenge.kind !== "challenge") throw new Error("let in without credentials");
      const refused = response(request(), 401);
      for (const [name, values] of Object.entries(challenge.headers)) refused.headers.set(name, values);
      client.learn(refused, 1);
      const sent = request();
      client.authorize(sent);
      used.push(sent);
      results.push((await server.check(sent, secrets)).kind);
    }
    expect(new Set(results)).toEqual(new Set(["accepted"]));
    for (const sent of used) expect(await server.check(sent, secrets)).toMatchObject({ reason: "stale_nonce" });
  });

  it("answers only challenges of its realm, and none it can't compute", () => {
    const client = new DigestClient([{ username: "a", password: "b", realm: "mine" }]);
    const challenge = (value: string) => client.learn(response(request(), 401, { "WWW-Authenticate": value }), 1);
    expect(challenge('Digest realm="other", nonce="1"')).toEqual({ kind: "give-up", reason: "no_credentials" });
    expect(challenge('Digest realm="mine", nonce="1", algorithm=ROT13')).toEqual({
      kind: "give-up",
      reason: "unknown_challenge",
    });
    expect(challenge("NTLM abc")).toEqual({ kind: "give-up", reason: "unknown_challenge" });
    expect(challenge('Digest realm="mine", nonce="1", qop="auth-int"')).toEqual({ kind: "retry" });
  });

  it("takes up the next nonce a server names", () => {
    const client = new DigestClient([{ username: "a", password: "b" }]);
    client.learn(response(request(), 401, { "WWW-Authenticate": 'Digest realm="r", nonce="1", qop="auth"' }), 1);
    client.learnNextNonce(response(request(), 200, { "Authentication-Info": 'nextnonce="2", qop=auth' }));
    const sent = request();
    client.authorize(sent);
    expect(parseDigestHeader(sent.headers.get("authorization") ?? "")?.get("nonce")).toBe("2");
  });
});
