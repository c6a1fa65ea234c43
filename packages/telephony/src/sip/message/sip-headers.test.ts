import { describe, expect, it } from "vitest";
import { formatNameAddr, parseNameAddr } from "./name-addr.ts";
import { serializeMessage } from "./serialize-message.ts";
import { SipHeaders } from "./sip-headers.ts";
import { makeRequest } from "./sip-message.ts";

describe("SipHeaders", () => {
  it("finds a header under its compact form and in any case", () => {
    const headers = new SipHeaders().add("v", "one").add("VIA", "two");
    expect(headers.all("Via")).toEqual(["one", "two"]);
    expect(headers.get("V")).toBe("one");
  });

  it.each(["a\r\nEvil: 1", "a\nb", "a\rb", "a\0b"])("lets no line end in through the value %j", (value) => {
    expect(() => new SipHeaders().set("X-A", value)).toThrow(/one line/);
    expect(() => new SipHeaders().add("X-A", value)).toThrow(/one line/);
  });

  it.each(["X A", "X:A", "", "X\r\nY"])("refuses the name %j", (name) => {
    expect(() => new SipHeaders().set(name, "1")).toThrow(/token/);
  });

  it("keeps a copy apart from its original", () => {
    const original = new SipHeaders().set("x-a", "1");
    original.clone().add("x-a", "2");
    expect(original.all("x-a")).toEqual(["1"]);
  });
});

describe("serializeMessage", () => {
  it.each(["sip:a@h SIP/2.0\r\nX: y", "sip:a b@h"])("writes no request line with the URI %j", (uri) => {
    expect(() => serializeMessage(makeRequest({ method: "OPTIONS", uri, headers: new SipHeaders() }))).toThrow();
  });
});

describe("parseNameAddr", () => {
  it("keeps separators inside quotes and brackets", () => {
    const text = '"Watson, \\"T\\"; x" <sip:t@example.org;lr?a=b,c>;tag=1;q="a;b"';
    expect(parseNameAddr(text)).toEqual({
      name: 'Watson, "T"; x',
      uri: "sip:t@example.org;lr?a=b,c",
      params: new Map([
        ["tag", "1"],
        ["q", "a;b"],
      ]),
    });
    expect(parseNameAddr(formatNameAddr(parseNameAddr(text)))).toEqual(parseNameAddr(text));
  });

  it("gives parameters after a bare URI to the header", () => {
    expect(parseNameAddr("sip:a@h;tag=7")).toEqual({ uri: "sip:a@h", params: new Map([["tag", "7"]]) });
  });
});
