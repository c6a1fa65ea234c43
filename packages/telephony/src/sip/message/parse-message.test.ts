import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { request } from "../testing/messages.ts";
import { tortureBytes } from "../testing/torture-message.ts";
import { TORTURE_MESSAGES } from "../testing/torture-messages.ts";
import { parseMessage } from "./parse-message.ts";
import { serializeMessage } from "./serialize-message.ts";
import { bodyText, contactOf, cseqOf, fromOf, makeResponse, toOf, topViaOf } from "./sip-message.ts";
import { parseUri } from "./uri.ts";
import { parseVia } from "./via.ts";

const bytesOf = (text: string) => new TextEncoder().encode(text);

describe("the torture messages of RFC 4475", () => {
  it.each(TORTURE_MESSAGES)("$name is read as the RFC says", (torture) => {
    const result = parseMessage(tortureBytes(torture));
    expect(result.ok ? "ok" : result.error.status).toBe(torture.expected);
    if (result.ok) expect(parseMessage(serializeMessage(result.message)).ok).toBe(true);
  });

  it("reads the values of the short tortuous INVITE", () => {
    const result = parseMessage(tortureBytes(TORTURE_MESSAGES[0] ?? { lines: [] }));
    if (!result.ok || result.message.kind !== "request") throw new Error("not read");
    const { message } = result;
    expect(toOf(message).params.get("tag")).toBe("1918181833n");
    expect(fromOf(message)).toMatchObject({ name: 'J Rosenberg \\"', uri: "sip:jdrosen@example.com" });
    expect(cseqOf(message)).toEqual({ number: 9, method: "INVITE" });
    expect(message.headers.all("via").map((via) => parseVia(via).host)).toEqual([
      "192.0.2.2",
      "spindle.example.com",
      "192.168.255.111",
    ]);
    expect(message.headers.get("newfangledheader")).toBe("newfangled value continued newfangled value");
    expect(message.headers.get("Subject")).toBe("");
    expect(bodyText({ content: message.body })).toMatch(/^v=0/);
  });

  it.each([
    ["cparam01", "sip:+19725552222@gw1.example.net", true],
    ["cparam02", "sip:+19725552222@gw1.example.net;unknownparam", false],
    ["regescrt", "sip:user@example.com?Route=%3Csip:sip.example.com%3E", false],
  ])("gives the parameter of %s to whom it belongs", (wanted, uri, isOfHeader) => {
    const result = parseMessage(tortureBytes(TORTURE_MESSAGES.find(({ name }) => name === wanted) ?? { lines: [] }));
    const contact = result.ok ? contactOf(result.message) : undefined;
    expect([contact?.uri, contact?.params.has("unknownparam")]).toEqual([uri, isOfHeader]);
  });
});

describe("parseMessage", () => {
  it("drops what follows the body's length", () => {
    const result = parseMessage(bytesOf(`${head("Content-Length: 3")}abcdef`));
    expect(result.ok && bodyText({ content: result.message.body })).toBe("abc");
  });

  it("hands over what it understood of a faulty request, so that it can be answered", () => {
    const result = parseMessage(bytesOf(head("Content-Length: -1")));
    expect(!result.ok && result.error.code).toBe("bad_body_length");
    if (result.ok || !result.request) throw new Error("nothing to answer");
    expect(makeResponse(result.request, { status: 400, toTag: "t" }).headers.get("call-id")).toBe("c1");
  });

  it.each([
    ["too_many_headers", 513, head(Array.from({ length: 300 }, (_, at) => `X-${at}: 1`).join("\r\n"))],
    ["too_many_headers", 513, head(`Supported: ${"a,".repeat(300)}a`)],
    ["message_too_large", 513, head(`X-Long: ${"x".repeat(40_000)}`)],
    ["message_too_large", 513, head("Content-Length: 99999999")],
    ["bad_header", 400, head("X-Lone: a\nb")],
    ["bad_header", 400, head("no colon here")],
    ["bad_header", 400, head("Max-Forwards: 256")],
    ["bad_start_line", 400, "NOT SIP\r\n\r\n"],
    ["empty_message", 400, "\r\n\r\n"],
  ])("tells %s with status %i", (code, status, text) => {
    const result = parseMessage(bytesOf(text));
    expect(!result.ok && [result.error.code, result.error.status]).toEqual([code, status]);
  });

  it("reads what it writes", () => {
    const original = request("INVITE", { "X-Custom": "äöü", Contact: "<sip:a@h>, <sip:b@h>" }, "v=0");
    const again = parseMessage(serializeMessage(original));
    if (!again.ok || again.message.kind !== "request") throw new Error("not read");
    expect(again.message.headers.get("x-custom")).toBe("äöü");
    expect(again.message.headers.all("contact")).toEqual(["<sip:a@h>", "<sip:b@h>"]);
    expect(bodyText({ content: again.message.body })).toBe("v=0");
    expect(topViaOf(again.message).port).toBe(5060);
  });

  it("never throws, whatever comes", () => {
    const seed = Number(process.env["EARSHOT_TEST_SEED"] ?? Date.now() % 2 ** 31);
    const valid = TORTURE_MESSAGES.map(tortureBytes);
    const mutated = fc
      .tuple(fc.constantFrom(...valid), fc.array(fc.tuple(fc.nat(2000), fc.nat(255), fc.nat(3)), { maxLength: 12 }))
      .map(([bytes, edits]) => mutate(bytes, edits));
    try {
      fc.assert(
        fc.property(mutated, (bytes) => {
          const result = parseMessage(bytes);
          if (!result.ok) expect(result.error.status).toBeGreaterThanOrEqual(400);
          else expect(parseMessage(serializeMessage(result.message)).ok).toBe(true);
        }),
        { numRuns: 3_000, seed },
      );
    } catch (cause) {
      throw new Error(`Seed ${seed} (EARSHOT_TEST_SEED=${seed} repeats it)`, { cause });
    }
  });
});

describe("parseUri", () => {
  it("takes a URI apart", () => {
    expect(parseUri("sip:+4930123;ext=7:pw@[2001:db8::1]:5070;transport=tcp;lr?Subject=x")).toEqual({
      scheme: "sip",
      user: "+4930123;ext=7",
      password: "pw",
      host: "[2001:db8::1]",
      port: 5070,
      params: new Map([
        ["transport", "tcp"],
        ["lr", undefined],
      ]),
      headers: "Subject=x",
    });
    expect(parseUri("tel:+49-30-123;phone-context=x").user).toBe("+49-30-123");
  });

  it.each([
    "",
    "sip:",
    "sip:@host",
    "sip:a@b c",
    "sip:a@host:70000",
    "bob@example.com",
    "sip:a@[::1",
    "sip:a@h\r\nX: y",
  ])("refuses %j", (text) => {
    expect(() => parseUri(text)).toThrow();
  });
});

function head(line: string): string {
  const lines = ["Via: SIP/2.0/UDP h;branch=z9hG4bK1", "From: <sip:a@h>;tag=1", "To: <sip:b@h>", "Call-ID: c1"];
  return `OPTIONS sip:b@h SIP/2.0\r\n${lines.join("\r\n")}\r\nCSeq: 1 OPTIONS\r\n${line}\r\n\r\n`;
}

/** Overwrites, inserts, deletes or repeats at the places given. */
function mutate(bytes: Uint8Array, edits: readonly (readonly [number, number, number])[]): Uint8Array {
  const out = [...bytes];
  for (const [where, value, kind] of edits) {
    const at = where % (out.length + 1);
    if (kind === 0) out[at] = value;
    else if (kind === 1) out.splice(at, 0, value);
    else if (kind === 2) out.splice(at, 1 + (value % 20));
    else out.splice(at, 0, ...out.slice(at, at + value));
  }
  return new Uint8Array(out);
}
