import fc from "fast-check";
import { expect, it } from "vitest";
import { ServerSentEvents } from "./server-sent-events.ts";

const encode = (text: string) => new TextEncoder().encode(text);

it("reads types, ids, several data lines, comments and all three line ends", () => {
  const events = new ServerSentEvents().push(
    encode(": hello\r\nid: 7\r\nevent: entry\r\ndata: one\r\ndata:two\r\n\r\ndata: three\n\ndata\rid:8\r\r\n"),
  );
  expect(events).toEqual([
    { type: "entry", data: "one\ntwo", id: "7" },
    { type: "message", data: "three", id: "7" },
    { type: "message", data: "", id: "8" },
  ]);
});

it("gives the same events however the bytes are cut, within a letter too", () => {
  const bytes = encode('id: 1\r\ndata: one\r\ndata: {"text":"Grüße, 你好 👋"}\r\n\r\nid: 2\ndata: second\n\n');
  const whole = new ServerSentEvents().push(bytes);
  expect(whole).toHaveLength(2);
  fc.assert(
    fc.property(fc.array(fc.nat(bytes.length)), (cuts) => {
      const stream = new ServerSentEvents();
      const edges = [0, ...cuts.sort((a, b) => a - b), bytes.length];
      const pieces = edges.flatMap((edge, i) => stream.push(bytes.subarray(edges[i - 1] ?? 0, edge)));
      expect(pieces).toEqual(whole);
    }),
  );
});

it("refuses an event that never ends", () => {
  const stream = new ServerSentEvents();
  const line = encode(`data: ${"x".repeat(1_000_000)}\n`);
  expect(() => {
    for (let i = 0; i < 20; i++) stream.push(line);
  }).toThrow(RangeError);
});
