import { createCipheriv } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { writeRtcp } from "../rtp/rtcp-packet.ts";
import { writeRtpHeader } from "../rtp/rtp-packet.ts";
import { GcmProtection } from "./gcm-protection.ts";
import { ReplayWindow } from "./replay-window.ts";
import { deriveKeys } from "./srtp-keys.ts";
import { makeProtection, SrtpReceiver, SrtpSender } from "./srtp-stream.ts";
import { SRTP_SUITES, type SrtpSuite } from "./srtp-suite.ts";

const SUITES = Object.keys(SRTP_SUITES) as SrtpSuite[];
const hex = (text: string) => Buffer.from(text.replaceAll(/\s/g, ""), "hex");
const MASTER = hex("E1F97A0D3E018BE0D64FA32C06DE4139 0EC675AD498AFEEBB6960B3AABE6");

function keyOf(suite: SrtpSuite): Uint8Array {
  const { keyBytes, saltBytes } = SRTP_SUITES[suite];
  return MASTER.subarray(0, keyBytes + saltBytes);
}

function rtp(sequence: number, ssrc = 77): Uint8Array {
  const bytes = new Uint8Array(12 + 160 + 20);
  writeRtpHeader(bytes, {
    payloadType: 0,
    hasMarker: false,
    sequence: sequence & 0xffff,
    timestamp: sequence * 160,
    ssrc,
  });
  bytes.fill(sequence & 0xff, 12, 172);
  return bytes;
}

function protect(sender: SrtpSender, sequence: number, ssrc = 77): Uint8Array {
  const bytes = rtp(sequence, ssrc);
  return bytes.slice(0, sender.protect(bytes, 12, 172));
}

it("derives the keys of RFC 3711 appendix B.3", () => {
  const keys = deriveKeys("AES_CM_128_HMAC_SHA1_80", MASTER, "rtp");
  expect(keys.cipher).toEqual(hex("C61E7A93744F39EE10734AFE3FF7A087"));
  expect(keys.salt).toEqual(hex("30CBBC08863D8C85D49DB34A9AE1"));
  expect(keys.authentication).toEqual(hex("CEBE321F6FF7716B6FD4AB49AF256A156D38BAA4"));
});

it("has the keystream of RFC 3711 appendix B.2", () => {
  const start = hex("F0F1F2F3F4F5F6F7F8F9FAFBFCFD0000");
  const stream = createCipheriv("aes-128-ctr", hex("2B7E151628AED2A6ABF7158809CF4F3C"), start).update(Buffer.alloc(32));
  expect(stream).toEqual(hex("E03EAD0935C95E80E166B16DD92B4EB4 D23513162B02D0F72A43A2FE4A5F97AB"));
});

it("protects the packet that other implementations prove themselves with", () => {
  const packet = Buffer.concat([hex("800f1234decafbadcafebabe"), Buffer.alloc(16, 0xab), Buffer.alloc(20)]);
  const length = makeProtection("AES_CM_128_HMAC_SHA1_80", MASTER).seal(packet, 12, 28, {
    ssrc: 0xcafebabe,
    rollover: 0,
    sequence: 0x1234,
  });
  expect(packet.subarray(0, length)).toEqual(
    hex("800f1234decafbadcafebabe 4e55dc4ce79978d88ca4d215949d2402 b78d6acc99ea179b8dbb"),
  );
});

it("seals as RFC 7714 section 16.1.1 does", () => {
  const keys = { cipher: hex("000102030405060708090a0b0c0d0e0f"), salt: hex("517569642070726f2071756f") };
  const session = { ...keys, authentication: Buffer.alloc(0) };
  const packet = Buffer.alloc(12 + 38 + 16);
  hex("8040f17b8041f8d35501a0b2").copy(packet);
  packet.write("Gallia est omnis divisa in partes tres", 12);
  const length = new GcmProtection(session, session).seal(packet, 12, 50, {
    ssrc: 0x5501a0b2,
    rollover: 0,
    sequence: 0xf17b,
  });
  expect(packet.subarray(0, length)).toEqual(
    hex(
      `8040f17b8041f8d35501a0b2 f24de3a3fb34de6cacba861c9d7e4bcabe633bd50d294e6f42a5f47a51c7d19b36de3adf8833
      899d7f27beb16a9152cf765ee4390cce`,
    ),
  );
});

describe.each(SUITES)("%s", (suite) => {
  it("brings packets back across the sequence number's wraps, some late, some lost", () => {
    const [sender, receiver] = [new SrtpSender(suite, keyOf(suite)), new SrtpReceiver(suite, keyOf(suite))];
    const sealed = Array.from({ length: 300 }, (_, index) => protect(sender, 65_400 + index));
    const order = sealed.map((_, index) =>
      index % 7 === 3 ? index + 20 : index - (index > 20 && index % 7 === 2 ? 10 : 0),
    );
    const came = new Set<number>();
    for (const index of order.filter((place) => place < sealed.length)) {
      if (came.has(index)) continue;
      came.add(index);
      const bytes = (sealed[index] as Uint8Array).slice();
      expect(receiver.unprotect(bytes)).toBe(172);
      expect(bytes.slice(0, 172)).toEqual(rtp(65_400 + index).slice(0, 172));
    }
    expect(receiver).toMatchObject({ refused: 0, repeated: 0 });
  });

  it("keeps count over more than one wrap", () => {
    const [sender, receiver] = [new SrtpSender(suite, keyOf(suite)), new SrtpReceiver(suite, keyOf(suite))];
    for (let sequence = 60_000; sequence < 60_000 + 3 * 65_536; sequence += 1000)
      expect(receiver.unprotect(protect(sender, sequence))).toBe(172);
  });

  it("refuses a packet the second time, and one that was changed anywhere", () => {
    const [sender, receiver] = [new SrtpSender(suite, keyOf(suite)), new SrtpReceiver(suite, keyOf(suite))];
    const sealed = protect(sender, 1);
    for (let at = 0; at < sealed.length; at += 5) {
      const changed = sealed.slice();
      changed[at] = (changed[at] as number) ^ 1;
      expect(receiver.unprotect(changed)).toBeUndefined();
    }
    expect(receiver.unprotect(sealed.slice())).toBe(172);
    expect(receiver.unprotect(sealed.slice())).toBeUndefined();
    expect(receiver.repeated).toBe(1);
  });

  it("does the same for reports", () => {
    const [sender, receiver] = [new SrtpSender(suite, keyOf(suite)), new SrtpReceiver(suite, keyOf(suite))];
    const report = writeRtcp({ ssrc: 77, cname: "x", isBye: true });
    const room = new Uint8Array(report.length + 20);
    room.set(report);
    const sealed = room.slice(0, sender.protectControl(room, report.length));
    expect(sealed.slice(8, report.length)).not.toEqual(report.slice(8));
    const changed = sealed.slice();
    changed[9] = (changed[9] as number) ^ 1;
    expect(receiver.unprotectControl(changed)).toBeUndefined();
    const opened = sealed.slice();
    expect(receiver.unprotectControl(opened)).toBe(report.length);
    expect(opened.slice(0, report.length)).toEqual(report);
    expect(receiver.unprotectControl(sealed.slice())).toBeUndefined();
  });

  it("meets any bytes without throwing", () => {
    const receiver = new SrtpReceiver(suite, keyOf(suite));
    const head = fc.constantFrom([], [0x80, 0], [0x9f, 0x80], [0x81, 200]);
    fc.assert(
      fc.property(head, fc.uint8Array({ maxLength: 90 }), (first, rest) => {
        const bytes = Uint8Array.from([...first, ...rest]);
        expect(receiver.unprotect(bytes)).toBeUndefined();
        expect(receiver.unprotectControl(bytes)).toBeUndefined();
      }),
      { numRuns: 500 },
    );
  });
});

it("gives reports the long tag under the suite with the short one too, as RFC 4568 section 6.2.2 has it", () => {
  const room = new Uint8Array(100);
  room.set(writeRtcp({ ssrc: 1, cname: "abc" }));
  const { length } = writeRtcp({ ssrc: 1, cname: "abc" });
  expect(new SrtpSender("AES_CM_128_HMAC_SHA1_32", MASTER).protectControl(room, length)).toBe(length + 4 + 10);
});

it("knows at least the last 225 packets from repeated ones, and takes none twice", () => {
  const steps = fc.array(fc.integer({ min: -300, max: 400 }), { maxLength: 300 });
  fc.assert(
    fc.property(steps, (walk) => {
      const window = new ReplayWindow();
      const seen = new Set<number>();
      let highest = -1;
      for (const step of walk) {
        const index = Math.max(0, highest + step);
        if (seen.has(index)) expect(window.isNew(index)).toBe(false);
        else if (index > highest - 225) expect(window.isNew(index)).toBe(true);
        if (!window.isNew(index)) continue;
        window.accept(index);
        seen.add(index);
        highest = Math.max(highest, index);
      }
    }),
  );
});

it("says how long a key must be", () => {
  expect(() => new SrtpSender("AEAD_AES_128_GCM", MASTER)).toThrow("takes 28");
});
