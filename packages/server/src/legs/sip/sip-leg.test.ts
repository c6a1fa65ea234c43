import { FRAME_SAMPLES, type LegHandlers, type Samples } from "@earshot/engine";
import { describeCallLeg } from "@earshot/engine/testing/contracts/call-leg-contract";
import type { MediaAgreement, ThreadedHandlers, ThreadedMedia } from "@earshot/telephony";
import { expect, it } from "vitest";
import type { FromLine } from "./line-messages.ts";
import { SipLeg } from "./sip-leg.ts";

const format = { clockRateHz: 8000, sendPayloadType: 101, receivePayloadType: 101 };
const agreement: MediaAgreement = {
  remote: { address: "192.0.2.1", rtpPort: 4000, rtcpPort: 4001 },
  hasRtcpMux: false,
  packetMs: 20,
  codecs: [{ ...format, codec: "PCMU" }],
  telephoneEvent: format,
  direction: "sendrecv",
  isHeldByPeer: false,
};

const frameOf = (level: number): Samples => new Int16Array(FRAME_SAMPLES).fill(level);

/** A leg whose media thread is the test: `tick` is 20 ms of it. */
function makeLeg(agreed: MediaAgreement = agreement) {
  const log: string[] = [];
  const queue: Samples[] = [];
  const sent: Samples[] = [];
  let handlers: ThreadedHandlers | undefined;
  let toHear: Samples | undefined;
  const media = {
    get framesSent() {
      return sent.length;
    },
    statistics: undefined,
    send: (frame: Samples) => queue.push(frame.slice()),
    clear: () => queue.splice(0).length,
    setGain: (gain: number) => log.push(`gain ${gain.toFixed(2)}`),
    sendDigits: (digits: string) => log.push(`digits in the sound ${digits}`),
    update: () => log.push("updated"),
  } as unknown as ThreadedMedia;
  const leg = new SipLeg({
    ports: {
      start: (_, given) => {
        handlers = given;
        return media;
      },
      close: () => log.push("ports closed"),
    },
    agreement: agreed,
    tell: (report: FromLine) =>
      log.push("reason" in report ? `${report.kind} ${report.reason}` : JSON.stringify(report)),
  });
  const tick = () => {
    const next = queue.shift();
    if (next) sent.push(next);
    const shared = new Int16Array(2 * FRAME_SAMPLES);
    shared.set(toHear ?? [], FRAME_SAMPLES);
    toHear = undefined;
    handlers?.onFrame(shared.subarray(FRAME_SAMPLES), true);
  };
  return {
    leg,
    log,
    sent,
    tick,
    hear: (frame: Samples) => (toHear = frame),
    press: (digit: string) => handlers?.onDigit?.(digit),
    fail: () => handlers?.onFailed(new Error() as never),
  };
}

function listen(log: string[]): LegHandlers {
  return {
    onAudio: (frame) => log.push(`hears ${frame[0]} of ${frame.buffer.byteLength / 2}`),
    onDigit: (digit) => log.push(`digit ${digit}`),
    onPlayed: (samples) => log.push(`played ${samples / FRAME_SAMPLES}`),
    onLost: () => log.push("lost"),
    onResumed: () => log.push("resumed"),
    onClosed: (reason) => log.push(`closed ${reason}`),
  };
}

describeCallLeg("a telephone", () => {
  const { leg, sent, tick, hear, press } = makeLeg();
  return {
    leg,
    sendFrame: (frame) => void hear(frame),
    pressDigit: (digit) => press(digit),
    hangUp: () => leg.end("caller-hung-up"),
    settle: async () => tick(),
    played: () => sent,
  };
});

it("gives each call frames of its own, and reports what went out", () => {
  const { leg, log, tick, hear } = makeLeg();
  leg.open(listen(log));
  leg.play(frameOf(1));
  leg.play(frameOf(2));
  hear(frameOf(7));
  tick();
  expect(log).toEqual(["played 1", `hears 7 of ${FRAME_SAMPLES}`]);
});

it("says where playback stopped when it is cleared, though nothing more goes out", () => {
  const { leg, log, tick, sent } = makeLeg();
  leg.open(listen(log));
  for (const level of [1, 2, 3]) leg.play(frameOf(level));
  tick();
  leg.clear();
  tick();
  tick();
  expect(log.filter((line) => line.startsWith("played"))).toEqual(["played 1", "played 1"]);
  expect(sent).toHaveLength(1);
});

it("sends digits among the sound, or with the signalling where the peer takes none there", () => {
  const among = makeLeg();
  among.leg.open(listen(among.log));
  among.leg.sendDigits("1w#");
  expect(among.log).toEqual(["digits in the sound 1#"]);
  const { telephoneEvent: _, ...plain } = agreement;
  const beside = makeLeg(plain);
  beside.leg.open(listen(beside.log));
  beside.leg.sendDigits("42");
  expect(beside.log).toEqual(['{"kind":"digits","digits":"42"}']);
});

it("hears nothing while it is on hold, and goes on afterwards", () => {
  const { leg, log, tick, hear } = makeLeg();
  leg.open(listen(log));
  leg.update({ ...agreement, direction: "recvonly", isHeldByPeer: true });
  hear(frameOf(9));
  tick();
  leg.update(agreement);
  hear(frameOf(3));
  tick();
  expect(log).toEqual(["updated", "lost", "updated", "resumed", `hears 3 of ${FRAME_SAMPLES}`]);
});

it("lowers its voice at once", () => {
  const { leg, log } = makeLeg();
  leg.open(listen(log));
  leg.duck(true);
  leg.duck(false);
  expect(log).toEqual(["gain 0.13", "gain 1.00"]);
});

it("hangs up once, gives its ports back, and tells when its sound is lost", () => {
  const closing = makeLeg();
  closing.leg.open(listen(closing.log));
  closing.leg.close("agent-hung-up");
  closing.leg.close("again");
  closing.leg.end("caller-hung-up");
  expect(closing.log).toEqual(["hang-up agent-hung-up", "ports closed"]);
  const failing = makeLeg();
  failing.leg.open(listen(failing.log));
  failing.fail();
  expect(failing.log).toEqual(["ports closed", "closed failed"]);
});
