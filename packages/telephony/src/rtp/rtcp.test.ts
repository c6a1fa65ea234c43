import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { middleOfNtp, Reception, roundTripMs, toNtp } from "./reception.ts";
import { isRtcp, type ReportBlock, readRtcp, writeRtcp } from "./rtcp-packet.ts";

const BLOCK: ReportBlock = {
  ssrc: 0xdead_beef,
  fractionLost: 0.25,
  cumulativeLost: -3,
  highestSequence: 70_000,
  jitter: 80,
  lastSenderReport: 0x1234_5678,
  delaySinceLast: 65_536,
};
const SENDER = { ntpSeconds: 5, ntpFraction: 2 ** 31, rtpTimestamp: 0xffff_fff0, packets: 7, octets: 1120 };

describe("packets", () => {
  it.each(["", "a", "ab", "abc", "abcd@host"])("reads what it wrote, with the name %j", (cname) => {
    const bytes = writeRtcp({ ssrc: 99, cname, sender: SENDER, block: BLOCK, isBye: true });
    expect(bytes.length % 4).toBe(0);
    expect(isRtcp(bytes)).toBe(true);
    expect(readRtcp(bytes)).toEqual([
      { kind: "sender-report", ssrc: 99, sender: SENDER, blocks: [BLOCK] },
      { kind: "other", packetType: 202 },
      { kind: "bye", ssrcs: [99] },
    ]);
  });

  it("writes a receiver's report where nothing was sent", () => {
    const [report] = readRtcp(writeRtcp({ ssrc: 1, cname: "x", block: BLOCK })) ?? [];
    expect(report).toEqual({ kind: "receiver-report", ssrc: 1, blocks: [BLOCK] });
  });

  it("takes the whole packets before one that is cut short, and nothing of what is none", () => {
    const whole = writeRtcp({ ssrc: 1, cname: "x", block: BLOCK });
    expect(readRtcp(whole.subarray(0, whole.length - 4))).toHaveLength(1);
    expect(readRtcp(whole.subarray(0, 20))).toBeUndefined();
    expect(readRtcp(new Uint8Array([0x80, 0, 0, 1, 0, 0, 0, 0]))).toBeUndefined();
  });

  it("stays inside any bytes it is given", () => {
    const head = fc.constantFrom([], [0x81, 200, 0, 12], [0x9f, 201, 0, 7], [0x9f, 203, 0, 1], [0x80, 202, 0, 0]);
    fc.assert(
      fc.property(fc.array(fc.tuple(head, fc.uint8Array({ maxLength: 60 })), { maxLength: 5 }), (parts) => {
        const bytes = Uint8Array.from(parts.flatMap(([first, rest]) => [...first, ...rest]));
        const packets = readRtcp(bytes);
        expect(packets === undefined || packets.length > 0).toBe(true);
      }),
      { numRuns: 5000 },
    );
  });
});

describe("reception", () => {
  const packet = (index: number, ssrc = 1) => ({ ssrc, sequence: (65_530 + index) & 0xffff, timestamp: index * 160 });

  it("counts what is missing across the wrap of the numbers, and the share since the last report", () => {
    const reception = new Reception(8000);
    for (let i = 0; i < 100; i++) if (i % 10 !== 5) reception.observe(packet(i), i * 20);
    expect(reception).toMatchObject({ received: 90, lost: 10 });
    expect(reception.report(0, 0)).toMatchObject({ fractionLost: 0.1, cumulativeLost: 10, highestSequence: 65_629 });
    for (let i = 100; i < 120; i++) reception.observe(packet(i), i * 20);
    expect(reception.report(0, 0)).toMatchObject({ fractionLost: 0, cumulativeLost: 10 });
  });

  it("estimates jitter as the RFC does", () => {
    const reception = new Reception(8000);
    for (let i = 0; i < 400; i++) reception.observe(packet(i), i * 20 + (i % 2) * 10);
    expect(reception.jitterMs).toBeGreaterThan(9.5);
    expect(reception.jitterMs).toBeLessThan(10.5);
  });

  it("begins again with another source, and keeps what it counted", () => {
    const reception = new Reception(8000);
    for (let i = 0; i < 10; i++) reception.observe(packet(i), i * 20);
    for (let i = 2000; i < 2010; i++) reception.observe(packet(i, 2), i * 20);
    expect(reception).toMatchObject({ received: 20, lost: 0, ssrc: 2 });
  });

  it("has nothing to report before the first packet", () => {
    expect(new Reception(8000).report(0, 0)).toBeUndefined();
  });
});

it("knows the time there and back from a report on us", () => {
  const sentAtMs = 123_456;
  const block = { ...BLOCK, lastSenderReport: middleOfNtp(toNtp(sentAtMs)), delaySinceLast: 2 * 65_536 };
  expect(roundTripMs(block, sentAtMs + 2000 + 85)).toBeCloseTo(85, 1);
  expect(roundTripMs({ ...block, lastSenderReport: 0 }, 0)).toBeUndefined();
  expect(roundTripMs({ ...block, delaySinceLast: 100 * 65_536 }, sentAtMs)).toBeUndefined();
});
