import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { request } from "../testing/messages.ts";
import { DEFAULT_LIMITS } from "./parse-message.ts";
import { serializeMessage } from "./serialize-message.ts";
import { type Frame, StreamFramer } from "./stream-framer.ts";

const one = serializeMessage(request("INVITE", {}, "v=0"));
const two = serializeMessage(request("MESSAGE", { l: "0" }));
const bytesOf = (text: string) => new TextEncoder().encode(text);

function join(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(parts.flatMap((part) => [...part]));
}

describe("StreamFramer", () => {
  it("cuts a stream into the same messages however it arrives", () => {
    const stream = join(one, bytesOf("\r\n"), two, one);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 400 })), (sizes) => {
        const framer = new StreamFramer(DEFAULT_LIMITS);
        const frames: Frame[] = [];
        let at = 0;
        for (const size of [...sizes, stream.length]) {
          frames.push(...framer.push(stream.slice(at, at + size)));
          at += size;
        }
        const messages = frames.flatMap((frame) => (frame.kind === "message" ? [frame.bytes] : []));
        expect(messages).toEqual([one, two, one]);
      }),
    );
  });

  it("tells a keep-alive that wants an answer from the answer", () => {
    const framer = new StreamFramer(DEFAULT_LIMITS);
    expect(framer.push(bytesOf("\r\n\r\n"))).toEqual([{ kind: "ping" }]);
    expect(framer.push(bytesOf("\r\n"))).toEqual([{ kind: "pong" }]);
  });

  it.each([
    ["a head without end", `INVITE sip:a@h SIP/2.0\r\nX: ${"x".repeat(40_000)}`],
    ["a body beyond the limit", "INVITE sip:a@h SIP/2.0\r\nContent-Length: 999999999\r\n\r\n"],
    ["a message without length", "INVITE sip:a@h SIP/2.0\r\nX: 1\r\n\r\n"],
  ])("gives up on %s", (_, text) => {
    expect(() => new StreamFramer(DEFAULT_LIMITS).push(bytesOf(text))).toThrow();
  });
});
