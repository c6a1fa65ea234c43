/** A call between two media sessions over a network in memory, on a manual clock. */

import { FRAME_SAMPLES } from "../codecs/audio-codec.ts";
import { FrameTicker } from "../media/frame-ticker.ts";
import { MediaSession } from "../media/media-session.ts";
import type { AudioCodecName } from "../sdp/media-capabilities.ts";
import { acceptAnswer, answerOffer, makeOffer, startNegotiation } from "../sdp/negotiation.ts";
import type { Impairment } from "./impairment.ts";
import { ManualClock } from "./manual-clock.ts";
import { seededRandom } from "./seeded-random.ts";
import { VirtualNetwork } from "./virtual-network.ts";

export type VirtualLine = {
  readonly clock: ManualClock;
  readonly ticker: FrameTicker;
  readonly network: VirtualNetwork;
};

/** A network that several calls share. */
export function makeVirtualLine(impairment: Impairment = {}, seed = 1): VirtualLine {
  const clock = new ManualClock();
  return { clock, ticker: new FrameTicker(clock), network: new VirtualNetwork(clock, impairment, seed) };
}

export type VirtualCall = {
  readonly speaker: MediaSession;
  readonly listener: MediaSession;
  /** Closes both ends. */
  close(): void;
};

/** `number`: tells calls on one line apart. `onHeard`: the listener's frames, good until it returns. */
export function placeVirtualCall(
  { clock, ticker, network }: VirtualLine,
  options: {
    readonly number?: number;
    readonly codec?: AudioCodecName;
    readonly seed?: number;
    readonly onHeard?: (frame: Int16Array) => void;
  } = {},
): VirtualCall {
  const { number = 1, codec = "PCMU", seed = 1, onHeard = () => {} } = options;
  const random = seededRandom(seed);
  const makeKey = (bytes: number) => Uint8Array.from({ length: bytes }, () => Math.floor(random() * 256));
  const speaks = { address: speakerAddress(number), rtpPort: 4000 };
  const hears = { address: listenerAddress(number), rtpPort: 5000 };
  const base = { codecs: [codec], makeKey };
  const offered = makeOffer(startNegotiation({ ...base, ...speaks }, "1"));
  const answered = answerOffer(startNegotiation({ ...base, ...hears }, "2"), offered.description);
  const accepted = acceptAnswer(offered.negotiation, answered.description);
  const open = (
    { address, rtpPort }: { address: string; rtpPort: number },
    agreement: typeof accepted.agreement,
    onFrame: (frame: Int16Array) => void,
  ) =>
    new MediaSession({
      ...{ clock, ticker, agreement, random: makeKey, handlers: { onFrame } },
      transport: network.transport(address, rtpPort),
    });
  const speaker = open(speaks, accepted.agreement, () => {});
  const listener = open(hears, answered.agreement, onHeard);
  return {
    speaker,
    listener,
    close() {
      speaker.close();
      listener.close();
    },
  };
}

export function speakerAddress(number: number): string {
  return `192.0.2.${number}`;
}

export function listenerAddress(number: number): string {
  return `198.51.100.${number}`;
}

/** Gives frames as they are due, as a live source does. `each`: after every frame. */
export function speakFrames(
  { clock }: VirtualLine,
  sessions: readonly MediaSession[],
  voice: Int16Array,
  each: () => void = () => {},
): void {
  for (let at = 0; at + FRAME_SAMPLES <= voice.length; at += FRAME_SAMPLES) {
    for (const session of sessions) session.send(voice.subarray(at, at + FRAME_SAMPLES));
    clock.advance(20);
    each();
  }
}
