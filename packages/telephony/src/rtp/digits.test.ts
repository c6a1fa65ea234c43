import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DigitReceiver } from "./digit-receiver.ts";
import { type DigitPacket, DigitSender } from "./digit-sender.ts";
import { DIGITS, EVENT_BYTES, readTelephoneEvent, writeTelephoneEvent } from "./telephone-event.ts";

type Sent = { timestamp: number; hasMarker: boolean; payload: Uint8Array };

/** Runs the sender until it is idle, one packet a frame, as a session would. */
function sendDigits(digits: string, timing = {}): { sent: Sent[]; packets: DigitPacket[]; frames: number } {
  const sender = new DigitSender(8000);
  sender.add(digits, timing);
  const sent: Sent[] = [];
  const packets: DigitPacket[] = [];
  let frames = 0;
  for (; !sender.isIdle; frames++) {
    const step = sender.next();
    if (step.kind !== "packet") continue;
    const payload = new Uint8Array(EVENT_BYTES);
    writeTelephoneEvent(payload, 0, step.packet);
    packets.push(step.packet);
    sent.push({
      timestamp: (0xffff_ff00 + frames * 160 - step.packet.age) >>> 0,
      hasMarker: step.packet.hasMarker,
      payload,
    });
  }
  return { sent, packets, frames };
}

function hear(sent: readonly Sent[]): string {
  const receiver = new DigitReceiver(8000);
  return sent.map(({ payload, ...packet }) => receiver.receive(packet, payload) ?? "").join("");
}

describe("sending", () => {
  it("counts the duration up, marks the start and tells the end three times", () => {
    const { packets, frames } = sendDigits("5", { toneMs: 100, pauseMs: 80 });
    expect(packets.map(({ duration }) => duration)).toEqual([160, 320, 480, 640, 800, 800, 800]);
    expect(packets.map(({ isEnd }) => isEnd)).toEqual([false, false, false, false, true, true, true]);
    expect(packets.map(({ hasMarker }) => hasMarker).lastIndexOf(true)).toBe(0);
    expect(frames).toBe(5 + 4);
  });

  it("gives every digit one timestamp and the next one a later one", () => {
    const { sent } = sendDigits("12");
    const stamps = [...new Set(sent.map(({ timestamp }) => timestamp))];
    expect(stamps).toHaveLength(2);
    expect(((stamps[1] ?? 0) - (stamps[0] ?? 0)) >>> 0).toBe((160 + 80) * 8);
  });

  it("ends the digit at work when the others are taken back", () => {
    const sender = new DigitSender(8000);
    sender.add("123");
    sender.next();
    sender.clear();
    const steps = Array.from({ length: 30 }, () => sender.next());
    const codes = steps.flatMap((step) => (step.kind === "packet" ? [step.packet] : []));
    expect(new Set(codes.map(({ code }) => code))).toEqual(new Set([1]));
    expect(codes.filter(({ isEnd }) => isEnd)).toHaveLength(3);
  });

  it.each([
    ["12x", {}],
    ["1", { toneMs: 10 }],
    ["1", { pauseMs: Number.NaN }],
    ["1".repeat(300), {}],
  ])("refuses %s %o", (digits, timing) => {
    expect(() => new DigitSender(8000).add(digits, timing)).toThrow(RangeError);
  });
});

describe("receiving", () => {
  it("hears every digit once, the same ones in a row too", () => {
    expect(hear(sendDigits("1123*#0AD99").sent)).toBe("1123*#0AD99");
  });

  it("hears each digit once though packets are lost, doubled and swapped, as long as one of each arrives in turn", () => {
    const digits = fc.string({ unit: fc.constantFrom(...DIGITS), minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(digits, fc.array(fc.nat(99), { minLength: 200, maxLength: 200 }), (given, dice) => {
        const { sent } = sendDigits(given);
        const last = new Map(sent.map((packet) => [packet.timestamp, packet]));
        const arrived = sent.flatMap((packet, index) => {
          const die = dice[index % dice.length] ?? 0;
          if (die < 40 && last.get(packet.timestamp) !== packet) return [];
          return die > 80 ? [packet, packet] : [packet];
        });
        const swapped = arrived.map((packet, index) => {
          const next = arrived[index + 1];
          return next?.timestamp === packet.timestamp && index % 3 === 0 ? next : packet;
        });
        expect(hear(swapped)).toBe(given);
      }),
      { numRuns: 300 },
    );
  });

  it("hears a digit of which only an end packet came, and none for its late copies after the next digit", () => {
    const { sent } = sendDigits("12");
    const ofOne = sent.filter(({ payload }) => payload[0] === 1);
    const ofTwo = sent.filter(({ payload }) => payload[0] === 2);
    expect(hear([...ofOne.slice(-1), ...ofTwo, ...ofOne.slice(-2)])).toBe("12");
  });

  it("hears one digit from senders that count the timestamp up in every packet", () => {
    const { sent } = sendDigits("7", { toneMs: 200 });
    expect(hear(sent.map((packet, index) => ({ ...packet, timestamp: packet.timestamp + index * 160 })))).toBe("7");
  });

  it("goes on with a digit held so long that it takes a second timestamp", () => {
    const packet = (timestamp: number, duration: number, isEnd = false): Sent => {
      const payload = new Uint8Array(EVENT_BYTES);
      writeTelephoneEvent(payload, 0, { code: 4, isEnd, duration });
      return { timestamp, hasMarker: timestamp === 1000, payload };
    };
    const held = [
      packet(1000, 160),
      packet(1000, 0xffff),
      packet(1000 + 0xffff, 160),
      packet(1000 + 0xffff, 320, true),
    ];
    expect(hear(held)).toBe("4");
  });

  it("ignores events that are no digits, and payloads too short", () => {
    const flash = new Uint8Array([16, 0x8a, 0, 160]);
    expect(hear([{ timestamp: 1, hasMarker: true, payload: flash }])).toBe("");
    expect(readTelephoneEvent(new Uint8Array([1, 2, 3]))).toBeUndefined();
  });
});
