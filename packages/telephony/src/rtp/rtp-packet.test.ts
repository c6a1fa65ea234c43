import fc from "fast-check";
import { expect, it } from "vitest";
import { emptyRtpPacket, readRtp, rtpHeaderLength, writeRtpHeader } from "./rtp-packet.ts";

it("reads what it wrote", () => {
  const header = fc.record({
    payloadType: fc.nat(127),
    hasMarker: fc.boolean(),
    sequence: fc.nat(0xffff),
    timestamp: fc.nat({ max: 0xffff_ffff }),
    ssrc: fc.nat({ max: 0xffff_ffff }),
  });
  fc.assert(
    fc.property(header, fc.nat(200), (given, length) => {
      const bytes = new Uint8Array(12 + length);
      writeRtpHeader(bytes, given);
      const packet = emptyRtpPacket();
      expect(readRtp(bytes, packet)).toBe(true);
      expect(packet).toEqual({ ...given, payloadStart: 12, payloadEnd: 12 + length });
    }),
  );
});

it("finds the payload behind contributors and a header extension, and before padding", () => {
  const bytes = new Uint8Array(12 + 8 + 8 + 5 + 3);
  bytes[0] = 0x80 | 0x20 | 0x10 | 2;
  bytes[23] = 1;
  bytes[bytes.length - 1] = 3;
  const packet = emptyRtpPacket();
  expect(readRtp(bytes, packet)).toBe(true);
  expect(packet).toMatchObject({ payloadStart: 28, payloadEnd: 33 });
});

it.each([
  ["too short", [0x80, 0, 0, 0]],
  ["another version", [0x40, ...Array(11).fill(0)]],
  ["contributors that aren't there", [0x8f, ...Array(11).fill(0)]],
  ["an extension that isn't there", [0x90, ...Array(14).fill(0), 9]],
  ["padding of nothing", [0xa0, ...Array(19).fill(0)]],
  ["more padding than packet", [0xa0, ...Array(18).fill(0), 200]],
])("refuses %s", (_, bytes) => {
  expect(readRtp(Uint8Array.from(bytes), emptyRtpPacket())).toBe(false);
});

it("stays inside any bytes it is given", () => {
  const start = fc.constantFrom([], [0x80], [0x90, 0], [0xb5, 0x80], [0xa0]);
  fc.assert(
    fc.property(start, fc.uint8Array({ maxLength: 64 }), (first, rest) => {
      const bytes = Uint8Array.from([...first, ...rest]);
      const packet = emptyRtpPacket();
      if (!readRtp(bytes, packet)) return;
      expect(packet.payloadStart).toBe(rtpHeaderLength(bytes));
      expect(packet.payloadStart).toBeLessThanOrEqual(packet.payloadEnd);
      expect(packet.payloadEnd).toBeLessThanOrEqual(bytes.length);
    }),
    { numRuns: 5000 },
  );
});
