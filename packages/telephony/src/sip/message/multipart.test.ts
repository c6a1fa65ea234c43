import { describe, expect, it } from "vitest";
import { findPart } from "./multipart.ts";
import { bodyText, textBody } from "./sip-message.ts";

const mixed = (boundary: string, text: string) => textBody(`multipart/mixed;boundary="${boundary}"`, text);

describe("findPart", () => {
  it("finds the SDP beside something else", () => {
    const body = mixed(
      "b1",
      "--b1\r\nContent-Type: application/pidf+xml\r\n\r\n<x/>\r\n--b1\r\nc: application/sdp\r\n\r\nv=0\r\ns=ü\r\n--b1--\r\n",
    );
    const part = findPart(body, "application/sdp");
    expect(part && bodyText(part)).toBe("v=0\r\ns=ü");
  });

  it("takes a plain body as it is", () => {
    const body = textBody("application/sdp", "v=0");
    expect(findPart(body, "application/sdp")).toBe(body);
  });

  it.each([
    textBody("application/json", "{}"),
    textBody("multipart/mixed", "--b\r\n\r\nx"),
    mixed("b", "no part here"),
    mixed("b", "--b\r\nContent-Type: text/plain\r\n\r\nv=0\r\n--b--"),
    textBody('multipart/mixed;boundary="open', "--open\r\n"),
  ])("finds nothing in %j", (body) => {
    expect(findPart(body, "application/sdp")).toBeUndefined();
  });
});
