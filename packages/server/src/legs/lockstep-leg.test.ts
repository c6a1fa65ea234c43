import { FastClock, FRAME_SAMPLES, type Samples, SystemClock } from "@earshot/engine";
import { describeCallLeg } from "@earshot/engine/testing/contracts/call-leg-contract";
import { expect, it } from "vitest";
import { LockstepLeg } from "./lockstep-leg.ts";

/** A client that answers each frame with the next of its own, and with silence when it has none. */
function makeLeg() {
  const clock = new FastClock(new SystemClock());
  const leg = new LockstepLeg({ callId: "call_1", clock });
  const toSend: Samples[] = [];
  const played: Samples[] = [];
  let isSilent = false;
  leg.attach({
    sendAudio: (frame) => {
      played.push(frame);
      if (!isSilent) setImmediate(() => leg.receiveAudio(toSend.shift() ?? new Int16Array(FRAME_SAMPLES)));
    },
    sendText: () => {},
    close: () => {},
  });
  const settle = async () => {
    const frames = played.length;
    for (let turn = 0; turn < 50 && played.length < frames + 2; turn++)
      await new Promise((resolve) => setImmediate(resolve));
  };
  return { clock, leg, toSend, played, settle, fallSilent: () => (isSilent = true) };
}

describeCallLeg("a client in lockstep", () => {
  const { leg, toSend, played, settle } = makeLeg();
  return {
    leg,
    sendFrame: (frame) => void toSend.push(frame),
    pressDigit: (digit) => leg.receiveText(JSON.stringify({ type: "digit", digit })),
    hangUp: () => leg.receiveText(JSON.stringify({ type: "hang-up" })),
    settle,
    played: () => played,
  };
});

it("stops the time of the call until the caller's frame has come", async () => {
  const { clock, leg, settle, fallSilent } = makeLeg();
  leg.open({
    onAudio: () => {},
    onDigit: () => {},
    onPlayed: () => {},
    onLost: () => {},
    onResumed: () => {},
    onClosed: () => {},
  });
  await settle();
  fallSilent();
  await settle();
  const stoppedMs = clock.nowMs();
  await settle();
  expect(clock.nowMs()).toBe(stoppedMs);
  leg.receiveAudio(new Int16Array(FRAME_SAMPLES));
  await settle();
  expect(clock.nowMs()).toBeGreaterThan(stoppedMs);
  leg.close("test");
});
