import { expect, it } from "vitest";
import { FRAME_SAMPLES } from "../codecs/audio-codec.ts";
import { makePcmu } from "../codecs/g711.ts";
import { makeG722 } from "../codecs/g722.ts";
import { makeOpus } from "../codecs/opus.ts";
import { emptyRtpPacket } from "../rtp/rtp-packet.ts";
import type { MediaAgreement } from "../sdp/media-agreement.ts";
import { rms } from "../testing/correlation.ts";
import { RtpReceiver } from "./rtp-receiver.ts";

const AGREEMENT: MediaAgreement = {
  remote: { address: "192.0.2.1", rtpPort: 4000, rtcpPort: 4001 },
  hasRtcpMux: false,
  packetMs: 20,
  codecs: [
    { codec: "PCMU", clockRateHz: 8000, sendPayloadType: 0, receivePayloadType: 0 },
    { codec: "G722", clockRateHz: 8000, sendPayloadType: 9, receivePayloadType: 9 },
    { codec: "opus", clockRateHz: 48_000, sendPayloadType: 96, receivePayloadType: 96 },
  ],
  direction: "sendrecv",
  isHeldByPeer: false,
};

const CODECS = { 0: makePcmu(), 9: makeG722(), 96: makeOpus() };

class Line {
  readonly receiver = new RtpReceiver(AGREEMENT, {}, () => {});
  #nowMs = 1000;
  #phase = 0;

  /** Sends 20 ms packets of a tone, and returns what was played meanwhile. */
  play(
    payloadType: 0 | 9 | 96,
    count: number,
    from: { ssrc: number; sequence: number; timestamp: number },
  ): Int16Array {
    const codec = CODECS[payloadType];
    const step = codec.clockRateHz / 50;
    const heard = new Int16Array(count * FRAME_SAMPLES);
    for (let i = 0; i < count; i++) {
      const tone = Int16Array.from({ length: codec.sampleRateHz / 50 }, () => {
        this.#phase += (2 * Math.PI * 440) / codec.sampleRateHz;
        return 8000 * Math.sin(this.#phase);
      });
      const payload = new Uint8Array(400);
      const length = codec.encode(tone, payload, 0);
      const packet = {
        ...emptyRtpPacket(),
        payloadType,
        ssrc: from.ssrc,
        sequence: from.sequence + i,
        timestamp: from.timestamp + i * step,
      };
      this.receiver.receive(packet, payload.subarray(0, length), this.#nowMs);
      this.receiver.next(heard.subarray(i * FRAME_SAMPLES, (i + 1) * FRAME_SAMPLES), this.#nowMs + 3);
      this.#nowMs += 20;
    }
    return heard;
  }
}

it("plays another source whose numbers look like old ones of the last", () => {
  const line = new Line();
  line.play(0, 60, { ssrc: 1, sequence: 100, timestamp: 5000 });
  const heard = line.play(0, 40, { ssrc: 2, sequence: 110, timestamp: 5000 + 160 * 20 });
  expect(rms(heard.subarray(16 * 200))).toBeGreaterThan(4000);
  expect(line.receiver.counts).toMatchObject({ late: 0, duplicate: 0, resyncs: 0 });
});

it("follows the sender from codec to codec, without a word in the signalling", () => {
  const line = new Line();
  line.play(0, 50, { ssrc: 1, sequence: 100, timestamp: 0 });
  const wide = line.play(9, 50, { ssrc: 1, sequence: 150, timestamp: 50 * 160 });
  expect(line.receiver.counts.concealedMs).toBe(0);
  const full = line.play(96, 50, { ssrc: 1, sequence: 200, timestamp: 777 });
  for (const heard of [wide, full]) expect(rms(heard.subarray(16 * 300))).toBeGreaterThan(4000);
  expect(line.receiver.counts.damaged).toBe(0);
});

it("takes the payload types that were agreed on, and after a change those of the change", () => {
  const line = new Line();
  expect([0, 9, 96, 8, 101].map((payloadType) => line.receiver.takes(payloadType))).toEqual([
    true,
    true,
    true,
    false,
    false,
  ]);
  const [first] = AGREEMENT.codecs;
  const telephoneEvent = { clockRateHz: 8000, sendPayloadType: 101, receivePayloadType: 101 };
  line.receiver.update({ ...AGREEMENT, codecs: [first], telephoneEvent });
  expect([0, 9, 101].map((payloadType) => line.receiver.takes(payloadType))).toEqual([true, false, true]);
});
