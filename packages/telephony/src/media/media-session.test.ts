import { describe, expect, it } from "vitest";
import { FRAME_SAMPLES } from "../codecs/audio-codec.ts";
import { emptyRtpPacket, readRtp, writeRtpHeader } from "../rtp/rtp-packet.ts";
import type { AudioCodecName, MediaCapabilities } from "../sdp/media-capabilities.ts";
import { acceptAnswer, answerOffer, makeOffer, type Negotiation, startNegotiation } from "../sdp/negotiation.ts";
import { rms, shareHeard } from "../testing/correlation.ts";
import type { Impairment } from "../testing/impairment.ts";
import { ManualClock } from "../testing/manual-clock.ts";
import { seededRandom } from "../testing/seeded-random.ts";
import { syntheticVoice } from "../testing/synthetic-voice.ts";
import { VirtualNetwork } from "../testing/virtual-network.ts";
import { FrameTicker } from "./frame-ticker.ts";
import { MediaSession, type MediaSessionOptions } from "./media-session.ts";
import type { Endpoint } from "./media-transport.ts";
import { writeBindingRequest } from "./stun-message.ts";

const ALICE = { address: "192.0.2.1", port: 4000 };
const BOB = { address: "198.51.100.2", port: 5000 };
const VOICE = syntheticVoice(6, 16_000);

type Party = { session: MediaSession; heard: Int16Array; digits: string; notices: string[]; frames: number };

/** Two sessions over a virtual network: Alice offers, Bob answers. */
class Call {
  readonly clock = new ManualClock();
  readonly ticker = new FrameTicker(this.clock);
  readonly network: VirtualNetwork;
  readonly alice: Party;
  readonly bob: Party;
  #alices: Negotiation;
  #bobs: Negotiation;

  constructor(
    given: {
      codecs?: AudioCodecName[];
      capabilities?: Partial<MediaCapabilities>;
      bobs?: Partial<MediaCapabilities>;
      impairment?: Impairment;
      seed?: number;
      options?: Partial<MediaSessionOptions>;
      aliceSeenAs?: Endpoint;
    } = {},
  ) {
    const { codecs = ["PCMU"], capabilities, bobs, impairment, seed = 1, options, aliceSeenAs } = given;
    this.network = new VirtualNetwork(this.clock, impairment, seed);
    const random = seededRandom(seed);
    const makeKey = (bytes: number) => Uint8Array.from({ length: bytes }, () => Math.floor(random() * 256));
    const base = { codecs, makeKey };
    const offered = makeOffer(
      startNegotiation({ ...base, address: ALICE.address, rtpPort: ALICE.port, ...capabilities }, "1"),
    );
    const answered = answerOffer(
      startNegotiation({ ...base, address: BOB.address, rtpPort: BOB.port, ...bobs }, "2"),
      offered.description,
    );
    const accepted = acceptAnswer(offered.negotiation, answered.description);
    [this.#alices, this.#bobs] = [accepted.negotiation, answered.negotiation];
    const party = (agreement: MediaSessionOptions["agreement"], at: Endpoint, seenAs?: Endpoint): Party => {
      const one = { heard: new Int16Array(16_000 * 60), digits: "", notices: [] as string[], frames: 0 };
      const session = new MediaSession({
        clock: this.clock,
        ticker: this.ticker,
        transport: this.network.transport(at.address, at.port, seenAs),
        agreement,
        random: makeKey,
        handlers: {
          onFrame: (frame) => one.heard.set(frame, one.frames++ * FRAME_SAMPLES),
          onDigit: (digit) => {
            one.digits += digit;
          },
          onSilent: () => one.notices.push("silent"),
          onResumed: () => one.notices.push("resumed"),
        },
        ...options,
      });
      return Object.assign(one, { session });
    };
    this.alice = party(accepted.agreement, ALICE, aliceSeenAs);
    this.bob = party(answered.agreement, BOB);
  }

  /** Alice changes what she can or wants; both sides take it up. */
  reoffer(wanted?: "sendrecv" | "sendonly" | "inactive", capabilities: Partial<MediaCapabilities> = {}): void {
    const merged = { ...this.#alices.capabilities, ...capabilities };
    const offered = makeOffer({ ...this.#alices, capabilities: merged }, wanted);
    const bobs = { ...this.#bobs, capabilities: { ...this.#bobs.capabilities, codecs: merged.codecs } };
    const answered = answerOffer(bobs, offered.description);
    const accepted = acceptAnswer(offered.negotiation, answered.description);
    [this.#alices, this.#bobs] = [accepted.negotiation, answered.negotiation];
    this.alice.session.update(accepted.agreement);
    this.bob.session.update(answered.agreement);
  }

  /** Frames are given as they are due, as a live source does. */
  speak(speaker: Party, voice: Int16Array): void {
    for (let at = 0; at + FRAME_SAMPLES <= voice.length; at += FRAME_SAMPLES) {
      expect(speaker.session.send(voice.subarray(at, at + FRAME_SAMPLES))).toBe(true);
      this.clock.advance(20);
    }
  }

  packetsOf({ address, port }: Endpoint) {
    return this.network.sent
      .filter(({ from }) => from.address === address && from.port === port)
      .map(({ bytes, to }) => {
        const packet = emptyRtpPacket();
        expect(readRtp(bytes, packet)).toBe(true);
        return { ...packet, to, bytes };
      });
  }
}

function expectHeard(listener: Party, least = 0.9, likeness = 0.95): void {
  expect(shareHeard(VOICE, listener.heard, { rateHz: 16_000, least: likeness, lateMs: 250 })).toBeGreaterThan(least);
}

describe.each<[AudioCodecName]>([["PCMU"], ["PCMA"], ["G722"], ["opus"]])("with %s", (codec) => {
  it("carries speech and digits both ways", () => {
    const call = new Call({ codecs: [codec] });
    call.bob.session.sendDigits("42#");
    call.speak(call.alice, VOICE);
    call.clock.advance(500);
    expectHeard(call.bob, 0.95, codec === "opus" ? 0.85 : 0.97);
    expect(call.alice.digits).toBe("42#");
    const { received, sent } = call.bob.session.statistics;
    expect(received).toMatchObject({ lost: 0, late: 0, refused: 0 });
    expect(received.packets).toBeGreaterThan(300);
    expect(sent.packets).toBeGreaterThan(200);
  });

  it("carries speech and digits through loss, jitter, reordering and duplicates", () => {
    const call = new Call({ codecs: [codec], impairment: { loss: 0.05, jitterMs: 40, duplicates: 0.03 }, seed: 7 });
    call.bob.session.sendDigits("0123456789*#");
    call.speak(call.alice, VOICE);
    call.clock.advance(500);
    expectHeard(call.bob, codec === "opus" ? 0.6 : 0.75, 0.85);
    expect(call.alice.digits).toBe("0123456789*#");
    expect(call.bob.session.statistics.received.lost).toBeGreaterThan(3);
  });
});

it.each(["AES_CM_128_HMAC_SHA1_80", "AES_CM_128_HMAC_SHA1_32", "AEAD_AES_128_GCM"] as const)(
  "encrypts speech, digits and reports with %s",
  (suite) => {
    const call = new Call({
      capabilities: { encryption: "required", suites: [suite] },
      impairment: { loss: 0.02, jitterMs: 20 },
    });
    call.bob.session.sendDigits("7");
    call.speak(call.alice, VOICE);
    call.clock.advance(500);
    expectHeard(call.bob, 0.8);
    expect(call.alice.digits).toBe("7");
    expect(call.bob.session.statistics).toMatchObject({ isEncrypted: true, received: { refused: 0 } });
    expect(call.alice.session.statistics.roundTripMs).toBeGreaterThan(30);
    // A stranger's packet, and ours a second time.
    call.network.impairment = {};
    const [first] = call.packetsOf(ALICE);
    const stranger = new Uint8Array(182);
    writeRtpHeader(stranger, { payloadType: 0, hasMarker: false, sequence: 9, timestamp: 9, ssrc: 9 });
    call.network.send(stranger, { address: "203.0.113.9", port: 9 }, BOB);
    if (first) call.network.send(first.bytes, ALICE, BOB);
    call.clock.advance(100);
    expect(call.bob.session.statistics.received.refused).toBe(2);
  },
);

it("sends a packet every 20 ms, marked at the start, with numbers that count up", () => {
  const call = new Call();
  call.clock.advance(400);
  const packets = call.packetsOf(ALICE);
  expect(packets.length).toBeGreaterThanOrEqual(19);
  expect(packets.map(({ hasMarker }) => hasMarker).lastIndexOf(true)).toBe(0);
  packets.slice(1).forEach((packet, index) => {
    expect(((packet.sequence - (packets[index]?.sequence ?? 0)) & 0xffff) === 1).toBe(true);
    expect((packet.timestamp - (packets[index]?.timestamp ?? 0)) >>> 0).toBe(160);
  });
});

it("packs as many frames as the peer wants", () => {
  const call = new Call();
  const agreement = { ...call.alice.session.agreement, packetMs: 60 };
  call.alice.session.update(agreement);
  call.speak(call.alice, VOICE);
  call.clock.advance(400);
  expect(call.packetsOf(ALICE).at(-1)).toMatchObject({ payloadStart: 12, payloadEnd: 12 + 480 });
  expectHeard(call.bob, 0.95);
});

it("keeps time after the process stood still, and sends at most 100 ms at once", () => {
  const call = new Call();
  call.clock.advance(200);
  const before = call.packetsOf(ALICE);
  call.clock.stall(1000);
  call.clock.advance(25);
  const after = call.packetsOf(ALICE).slice(before.length);
  expect(after.length).toBeGreaterThanOrEqual(5);
  expect(after.length).toBeLessThanOrEqual(7);
  const elapsed = ((after.at(-1)?.timestamp ?? 0) - (before.at(-1)?.timestamp ?? 0)) >>> 0;
  expect(Math.abs(elapsed / 8 - 1025)).toBeLessThanOrEqual(40);
});

describe("on hold", () => {
  it("sends nothing while the peer holds, keeps what waits, and goes on in time", () => {
    const call = new Call();
    call.clock.advance(200);
    call.reoffer("inactive");
    const [sentByAlice, sentByBob] = [call.packetsOf(ALICE).length, call.packetsOf(BOB).length];
    call.bob.session.send(VOICE.subarray(0, FRAME_SAMPLES));
    call.clock.advance(2000);
    expect(call.packetsOf(ALICE)).toHaveLength(sentByAlice);
    expect(call.packetsOf(BOB)).toHaveLength(sentByBob);
    expect(call.bob.session.queuedFrames).toBe(1);
    call.reoffer("sendrecv");
    call.clock.advance(100);
    const [last, first] = call.packetsOf(BOB).slice(sentByBob - 1);
    expect(first?.hasMarker).toBe(true);
    expect(((first?.timestamp ?? 0) - (last?.timestamp ?? 0)) >>> 0).toBeGreaterThan(2000 * 8);
    expect(call.bob.session.queuedFrames).toBe(0);
  });

  it("hears the peer's music when the peer only sends", () => {
    const call = new Call();
    call.reoffer("sendonly");
    call.speak(call.alice, VOICE);
    call.clock.advance(200);
    expectHeard(call.bob, 0.95);
    expect(call.packetsOf(BOB)).toHaveLength(0);
  });
});

it("changes the codec in mid-call without losing speech", () => {
  const call = new Call({ codecs: ["PCMU"] });
  const third = FRAME_SAMPLES * 100;
  call.speak(call.alice, VOICE.subarray(0, third));
  call.reoffer(undefined, { codecs: ["G722"] });
  call.speak(call.alice, VOICE.subarray(third, 2 * third));
  call.reoffer(undefined, { codecs: ["opus"] });
  call.speak(call.alice, VOICE.subarray(2 * third));
  call.clock.advance(400);
  expectHeard(call.bob, 0.85, 0.85);
  expect(call.bob.session.statistics.codec).toBe("opus");
  expect(new Set(call.packetsOf(ALICE).map(({ ssrc }) => ssrc)).size).toBe(2);
});

describe("finding the peer", () => {
  it("sends where packets come from, when that isn't what the description says", () => {
    const nat = { address: "203.0.113.77", port: 61_000 };
    const call = new Call({ aliceSeenAs: nat });
    call.speak(call.bob, VOICE);
    call.clock.advance(300);
    expect(call.packetsOf(BOB).at(-1)?.to).toEqual(nat);
    expectHeard(call.alice, 0.95);
    call.clock.advance(6000);
    expect(call.network.sent.filter(({ to }) => to.port === nat.port + 1).length).toBeGreaterThan(0);
  });

  it("lets no stranger into a call that is being spoken on", () => {
    const call = new Call();
    call.clock.advance(200);
    for (let i = 0; i < 50; i++) {
      const bytes = new Uint8Array(172).fill(0x10);
      writeRtpHeader(bytes, { payloadType: 0, hasMarker: false, sequence: i, timestamp: i * 160, ssrc: 666 });
      call.network.send(bytes, { address: "203.0.113.9", port: 9000 }, BOB);
      call.clock.advance(20);
    }
    expect(call.bob.session.statistics.received.refused).toBeGreaterThanOrEqual(49);
    expect(call.packetsOf(BOB).every(({ to }) => to.address === ALICE.address)).toBe(true);
    expect(rms(call.bob.heard)).toBeLessThan(50);
  });

  it("follows a peer that moved, once it has gone silent where it was", () => {
    const call = new Call();
    call.clock.advance(200);
    call.alice.session.close();
    call.clock.advance(1200);
    const moved = { address: "203.0.113.5", port: 7000 };
    for (let i = 0; i < 10; i++) {
      const bytes = new Uint8Array(172).fill(0xff);
      writeRtpHeader(bytes, { payloadType: 0, hasMarker: false, sequence: i, timestamp: i * 160, ssrc: 5 });
      call.network.send(bytes, moved, BOB);
      call.clock.advance(20);
    }
    expect(call.packetsOf(BOB).at(-1)?.to).toEqual(moved);
  });

  it("sends nothing at all before it knows where to", () => {
    const call = new Call();
    const { remote, ...rest } = call.bob.session.agreement;
    const network = new VirtualNetwork(call.clock);
    const session = new MediaSession({
      clock: call.clock,
      ticker: call.ticker,
      transport: network.transport("198.51.100.3", 6000),
      agreement: { ...rest, remote: { rtpPort: remote.rtpPort, rtcpPort: remote.rtcpPort } },
      handlers: { onFrame: () => {} },
    });
    call.clock.advance(6000);
    expect(network.sent).toHaveLength(0);
    session.close();
  });

  it("answers genuine ICE checks, and sends where the peer nominates", () => {
    const ice = { usernameFragment: "bobs", password: "0123456789012345678901" };
    const remote = { usernameFragment: "alic", password: "9876543210987654321098" };
    const call = new Call();
    call.bob.session.update({ ...call.bob.session.agreement, ice: { local: ice, remote, candidates: [] } });
    const from = { address: "203.0.113.20", port: 3478 };
    const check = (password: string, isNominating: boolean) =>
      call.network.send(
        writeBindingRequest(new Uint8Array(12).fill(3), { username: "bobs:alic", isNominating }, password),
        from,
        BOB,
      );
    check("wrong", true);
    call.clock.advance(100);
    expect(call.network.sent.some(({ to }) => to.address === from.address)).toBe(false);
    check(ice.password, true);
    call.clock.advance(100);
    const answers = call.network.sent.filter(({ to }) => to.address === from.address);
    expect(answers[0]?.bytes.slice(0, 2)).toEqual(new Uint8Array([1, 1]));
    expect(answers.length).toBeGreaterThan(2);
  });
});

describe("silence", () => {
  it("is reported once after its time, and its end as well", () => {
    const call = new Call({ options: { silentAfterMs: 3000 } });
    call.clock.advance(1000);
    call.network.impairment = { loss: 1 };
    call.clock.advance(2900);
    expect(call.bob.notices).toEqual([]);
    call.clock.advance(5000);
    expect(call.bob.notices).toEqual(["silent"]);
    expect(call.bob.session.statistics.silentMs).toBeGreaterThan(7000);
    call.network.impairment = {};
    call.clock.advance(100);
    expect(call.bob.notices).toEqual(["silent", "resumed"]);
  });

  it("is no silence while the call is on hold", () => {
    const call = new Call({ options: { silentAfterMs: 3000 } });
    call.reoffer("inactive");
    call.clock.advance(10_000);
    expect([...call.alice.notices, ...call.bob.notices]).toEqual([]);
  });

  it("is told by comfort noise where both sides want that", () => {
    const call = new Call({
      capabilities: { hasComfortNoise: true },
      bobs: { hasComfortNoise: true },
      options: { isSilenceSuppressed: true },
    });
    call.speak(call.alice, VOICE.subarray(0, FRAME_SAMPLES * 50));
    const spoken = call.packetsOf(ALICE).length;
    call.clock.advance(2000);
    const quiet = call.packetsOf(ALICE).slice(spoken);
    expect(quiet.length).toBeLessThan(25);
    expect(quiet.filter(({ payloadType }) => payloadType === 13).length).toBeGreaterThan(5);
    call.speak(call.alice, VOICE.subarray(0, FRAME_SAMPLES * 5));
    const again = call.packetsOf(ALICE).filter(({ hasMarker }) => hasMarker);
    expect(again).toHaveLength(2);
  });
});

it("drops what waits when told to, and says how much was heard", () => {
  const call = new Call();
  for (let i = 0; i < 50; i++) call.alice.session.send(VOICE.subarray(0, FRAME_SAMPLES));
  call.clock.advance(400);
  const { framesSent } = call.alice.session;
  expect(framesSent).toBeGreaterThanOrEqual(19);
  expect(call.alice.session.clear()).toBe(50 - framesSent);
  call.clock.advance(400);
  expect(call.alice.session.framesSent).toBe(framesSent);
});

it("keeps all speech while digits take its time, and catches up in its pauses", () => {
  const call = new Call();
  call.alice.session.sendDigits("123");
  let longest = 0;
  for (let at = 0; at + FRAME_SAMPLES <= VOICE.length; at += FRAME_SAMPLES) {
    call.alice.session.send(VOICE.subarray(at, at + FRAME_SAMPLES));
    call.clock.advance(20);
    longest = Math.max(longest, call.alice.session.queuedFrames);
  }
  expect(longest).toBeGreaterThan(25);
  expect(call.alice.session.queuedFrames).toBeLessThan(3);
  call.clock.advance(300);
  expect(call.bob.digits).toBe("123");
  expect(shareHeard(VOICE, call.bob.heard, { rateHz: 16_000, least: 0.95, lateMs: 1200 })).toBeGreaterThan(0.9);
});

it("refuses frames when its queue is full, and counts them", () => {
  const call = new Call({ options: { queueFrames: 3 } });
  const results = Array.from({ length: 5 }, () => call.alice.session.send(VOICE.subarray(0, FRAME_SAMPLES)));
  expect(results).toEqual([true, true, true, false, false]);
  expect(call.alice.session.statistics.sent.droppedFrames).toBe(2);
});

it("lowers the voice without a click", () => {
  const call = new Call();
  call.alice.session.setGain(0.25);
  call.speak(call.alice, VOICE);
  call.clock.advance(300);
  expect(rms(call.bob.heard) / rms(VOICE) / Math.sqrt(VOICE.length / call.bob.heard.length)).toBeCloseTo(0.25, 1);
});

it("reports every five seconds, from which both know loss and the way there and back", () => {
  const call = new Call({ impairment: { loss: 0.1, delayMs: 50 }, seed: 3 });
  call.clock.advance(21_000);
  const { sent, roundTripMs, quality, received } = call.alice.session.statistics;
  expect(roundTripMs).toBeGreaterThan(98);
  expect(roundTripMs).toBeLessThan(103);
  expect(sent.lossThere).toBeGreaterThan(0.03);
  expect(received.lost / (received.packets + received.lost)).toBeGreaterThan(0.05);
  expect(quality?.mos).toBeGreaterThan(2);
  expect(quality?.mos).toBeLessThan(3.8);
});

it("shares one port with its reports where that was agreed", () => {
  const call = new Call({ capabilities: { offersRtcpMux: true } });
  call.clock.advance(11_000);
  expect(call.alice.session.statistics.roundTripMs).toBeGreaterThan(35);
  expect(call.network.sent.every(({ to }) => to.port % 2 === 0)).toBe(true);
});

it("says goodbye once, and nothing after", () => {
  const call = new Call();
  call.clock.advance(200);
  call.alice.session.close();
  const { length } = call.network.sent;
  expect(Buffer.from(call.network.sent.at(-1)?.bytes ?? []).includes(Buffer.from([0x81, 203]))).toBe(true);
  call.alice.session.close();
  call.bob.session.close();
  call.clock.advance(10_000);
  expect(call.network.sent.length).toBe(length + 1);
});

it("refuses digits that the peer can't take", () => {
  const call = new Call();
  const { telephoneEvent: _, ...without } = call.alice.session.agreement;
  call.alice.session.update(without);
  expect(() => call.alice.session.sendDigits("1")).toThrow("SIP INFO");
});

it("stays alive under any bytes on either port", () => {
  const call = new Call({ capabilities: { encryption: "preferred" } });
  const random = seededRandom(11);
  for (let i = 0; i < 3000; i++) {
    const bytes = Uint8Array.from({ length: Math.floor(random() * 200) }, () => Math.floor(random() * 256));
    if (i % 3 === 0) bytes[0] = 0x80;
    if (i % 5 === 0) bytes[0] = 0;
    call.network.send(bytes, ALICE, { ...BOB, port: BOB.port + (i % 2) });
  }
  call.speak(call.alice, VOICE);
  call.clock.advance(300);
  expectHeard(call.bob, 0.95);
  expect(call.bob.session.statistics.received.refused).toBe(3000);
});
